/**
 * Where the keys of people are kept: outside of the log, and never copied with it.
 */

import { toHex } from '../values/bytes'
import { random } from './bytes'

/** All keys of one store. */
export interface KeyRing {
  /** Differs for each store: rows name it. */
  readonly id: string
  /** Makes the marks of people unlike those of another store. */
  readonly salt: Uint8Array
  /** Another text after each forgetting. */
  readonly generation: string
  /** The key of what is made of events; another one after each forgetting. */
  readonly sealing: Uint8Array
  /** In the order in which they were made: rows name a key by its number, from 1 up. The array may grow. */
  readonly people: readonly Person[]
}

/** The key of a person, who is known by a mark alone: nobody can tell from it whose it is. */
export interface Person {
  readonly mark: string
  /** Undefined once the person is forgotten. */
  readonly key: Uint8Array | undefined
}

/** A place for keys: `MemoryKeyStore`, or `keyFile()` of `dog-school/key-file`. Everything in it is done at once. */
export interface KeyStore {
  /** The keys now: another object whenever some were thrown away. */
  read(): KeyRing
  /** Returns when they are durable: events are recorded under them from then on. */
  add(people: readonly Person[]): void
  /** Returns when this is durable, and nothing of what was there before can be found. */
  replace(ring: KeyRing): void
  close?(): void
}

/** The keys of nobody yet. */
export const newRing = (): KeyRing => ({
  id: toHex(random(6)),
  salt: random(16),
  generation: toHex(random(6)),
  sealing: random(32),
  people: [],
})

/** Keeps keys until the process ends, for tests: whoever reads the log after that finds all forgotten. */
export class MemoryKeyStore implements KeyStore {
  #people: Person[] = []
  #ring: KeyRing = { ...newRing(), people: this.#people }

  read(): KeyRing {
    return this.#ring
  }
  add(people: readonly Person[]): void {
    for (const person of people) this.#people.push(person)
  }
  replace(ring: KeyRing): void {
    this.#people = [...ring.people]
    this.#ring = { ...ring, people: this.#people }
  }
}
