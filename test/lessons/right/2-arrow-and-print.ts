// file: dog.ts
export class Dog {
  tricks: string[]
  name: string
  constructor(n: string) {
    this.name = n
    this.tricks = [] as string[]
  }

  addTrick = (t: string) => {
    console.log('learning', t)
    this.tricks = [...this.tricks, t]
    return this
  }
}
