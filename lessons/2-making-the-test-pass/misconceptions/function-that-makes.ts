// hint: ts7009
// file: dog.ts
export function Dog(name: string) {
  const tricks: string[] = []
  return {
    name,
    tricks,
    addTrick(trick: string) {
      tricks.push(trick)
    },
  }
}
