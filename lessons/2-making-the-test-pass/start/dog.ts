export class Dog {
  constructor(readonly name: string) {}
}
