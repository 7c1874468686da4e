// file: dog.ts
const Dog = class {
  tricks: string[] = []
  constructor(
    public name: string,
    public age = 0,
  ) {}
  addTrick(trick: string) {
    this.tricks = this.tricks.concat(trick)
    return this.tricks
  }
}

export { Dog }
