// file: dog.ts
type Trick = string
interface Learner {
  readonly tricks: readonly Trick[]
  addTrick(trick: Trick): Learner
}

class Hound implements Learner {
  tricks: readonly Trick[] = Object.freeze([])
  constructor(readonly name: string) {}

  addTrick = (trick: Trick): this => {
    if (!trick.trim()) throw new TypeError('A trick needs a name')
    this.tricks = Object.freeze([...this.tricks, trick])
    return this
  }
}

export { Hound as Dog }
export default Hound
