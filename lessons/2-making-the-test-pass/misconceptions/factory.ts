// hint: not-a-class
// file: dog.ts
export const Dog = (name: string) => {
  const tricks: string[] = []
  return { name, tricks, addTrick: (trick: string) => tricks.push(trick) }
}
