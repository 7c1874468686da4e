// hint: no-add-trick
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
}
