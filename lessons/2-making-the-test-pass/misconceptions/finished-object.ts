// hint: not-a-class
// file: dog.ts
export const Dog = {
  name: 'Fido',
  tricks: [] as string[],
  addTrick(trick: string) {
    this.tricks.push(trick)
  },
}
