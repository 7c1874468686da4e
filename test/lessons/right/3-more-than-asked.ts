// file: dog.ts
import * as es from 'dog-school'

@es.event('Registered')
class Dog extends es.Aggregate {
  public readonly tricks = [] as string[]
  public isHungry = true
  public constructor(public readonly name: string) {
    super()
  }

  @es.event('TrickAdded')
  public addTrick(trick: string): number {
    return this.tricks.push(trick)
  }

  @es.event('Fed')
  public feed(food: string): void {
    this.isHungry = food === ''
  }
}

export { Dog }
