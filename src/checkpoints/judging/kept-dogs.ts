/**
 * Whether a school keeps dogs in a field, which nobody may ever ask: then all it answers is right, and it has a second memory.
 *
 * Fields are looked into, with the maps, sets, lists and plain objects in them. What is behind a `#` nobody can see from outside.
 */
import { Application } from 'dog-school'
import { isAggregate, type School, type Schools } from './watch-school'

/** The name of such a field, of the school or of its class. */
export function fieldOfDogs(school: School, DogSchool: Schools): string | undefined {
  const others = new Set([...Reflect.ownKeys(new Application()), ...Reflect.ownKeys(class {})])
  for (const owner of [school, DogSchool])
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (!others.has(name) && holdsDog(value, new Set())) return name
  return undefined
}

function holdsDog(value: unknown, seen: Set<unknown>): boolean {
  if (isAggregate(value)) return true
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  if (value instanceof Map) return holdsDog([...value.keys(), ...value.values()], seen)
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
  const inside = value instanceof Set || Array.isArray(value) ? [...value] : isPlain ? Object.values(value) : []
  return inside.some((each) => holdsDog(each, seen))
}
