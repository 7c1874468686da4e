/** Failures of a PostgreSQL recorder: each is told in our words, and shows no password. */
import { inspect } from 'node:util'
import type { Test } from 'tap'
import { EventSourcingError } from '../../src/errors'
import { type PostgresOptions, type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { serverUrl } from './postgres-server'

/** The password in every address here. */
export const secret = new URL(serverUrl).password || 'hunter2'

/** The same address with a password, and perhaps another user. */
export function as(url: string, user?: string): string {
  const with_ = new URL(url)
  if (user) with_.username = user
  with_.password = secret
  return with_.href
}

/** A store for as long as this takes. */
export async function using<T>(url: string, options: PostgresOptions, work: (store: PostgresRecorder) => Promise<T>) {
  const store = postgres(url, options)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** It fails, and says so in our words. */
export async function fails(
  t: Test,
  name: string,
  failing: Promise<unknown>,
  code: string,
  ...said: (RegExp | string)[]
) {
  const error = await failing.then(
    () => new Error('It did not fail'),
    (error) => error,
  )
  t.ok(error instanceof EventSourcingError, `${name}: ${error}`)
  t.equal(error.code, code, name)
  for (const each of said) t.match(error.message, each, name)
  t.notMatch(inspect(error, { depth: 9, showHidden: true }), secret, `${name}: no password`)
}
