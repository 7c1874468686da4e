/** The dogs and the school that the course ends with, for tests that need some. */
import type { Aggregate, AggregateClass, Application, Recorder } from 'dog-school'
import { kitSchool } from '../src/repl/start/current-school'

export interface TheDog extends Aggregate {
  readonly name: string
  readonly tricks: string[]
  addTrick(trick: string): void
}
interface TheSchool extends Application {
  registerDog(name: string): Promise<string>
  addTrick(dogId: string, trick: string): Promise<void>
  getDog(dogId: string): Promise<{ name: string; tricks: readonly string[] }>
}
interface Classes {
  readonly Dog: AggregateClass<TheDog> & (new (name: string) => TheDog)
  readonly DogSchool: new (recorder?: Recorder) => TheSchool
}

export const { Dog, DogSchool } = kitSchool() as unknown as Classes
