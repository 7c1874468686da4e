// file: dog.ts
class Animal {
  tricks: string[] = []
  constructor(public readonly name: string) {}
}

export class Dog extends Animal {
  addTrick(...tricks: string[]): void {
    for (const trick of tricks) this.tricks[this.tricks.length] = trick
  }
}
