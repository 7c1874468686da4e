// hint: not-an-aggregate
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  readonly pendingEvents: object[] = []
  constructor(readonly name: string) {
    this.pendingEvents.push({ name: 'Registered', payload: { name }, version: 1 })
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
    this.pendingEvents.push({ name: 'TrickAdded', payload: { trick }, version: this.pendingEvents.length + 1 })
  }
}
