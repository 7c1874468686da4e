/** Code that has nothing to do with dogs: what a build gives its names to when there is more to name. */
class Dog {
  constructor(
    readonly bark: string,
    readonly age: number,
  ) {}
}

export class Kennel {
  readonly dogs: Dog[] = []
  add(age: number, bark: string, times: number): number {
    for (let i = 0; i < times; i++) this.dogs.push(new Dog(bark, age + i))
    return this.dogs.reduce((sum, dog) => sum + dog.age * bark.length, 0)
  }
}

export const to = (a: number, b: number, c: number): number[] => [a, b, c].map((x) => new Kennel().add(x, `${b}`, c))
