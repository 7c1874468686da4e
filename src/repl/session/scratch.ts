/** What a demonstration on a server has to itself: a store in a schema of its own, transactions, processes. */
import type { PostgresRecorder } from '../../recorders/postgres'

export interface Scratch {
  /** Is empty. */
  readonly store: PostgresRecorder
  /** Begins a transaction, on a connection of its own. */
  begin(): Promise<Transaction>
  /** Starts a process with the DogSchool of this session on the same store. */
  rival(): Promise<Writer>
}

export interface Transaction {
  /** Inserts the event that a dog with this name was registered; returns its position. */
  register(name: string): Promise<number>
  commit(): Promise<void>
}

/** Somebody who teaches a dog a trick, a step at a time. */
export interface Writer {
  readonly name: string
  /** Returns the version. */
  load(dogId: string): Promise<number>
  /** Decides to add a trick, and saves; returns the new version, or why it was refused. */
  teach(trick: string): Promise<number | { readonly name: string; readonly message: string }>
}
