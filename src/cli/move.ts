/** `npm run move`: moves all that is in one store to another, a SQLite file or a PostgreSQL server, and says how far it is. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { EventSourcingError } from '../errors'
import { type Moved, type MoveProgress, move } from '../moving'
import { calledFrom } from '../node/called-from'
import type { Movable } from '../port/moving'
import { postgres } from '../recorders/postgres'
import { mustBeAddress, nameOf } from '../recorders/postgres/address'
import { sqlite } from '../recorders/sqlite'
import { sentence } from './draw'
import { misread } from './misread'

const usage =
  'Usage: npm run move -- FROM TO, each a file or postgres://user:password@host:5432/database [--from-schema S] [--from-prefix P] [--to-schema S] [--to-prefix P]'

/** 0 moved, 1 not, 2 asked in a wrong way; 130 after Ctrl-C, as shells have it. */
export async function main(argv: readonly string[]): Promise<number> {
  const asked = read(argv)
  if (typeof asked === 'string') {
    console.error(sentence(asked))
    return 2
  }
  const [from, to] = asked.map(({ open }) => open()) as [Store, Store]
  const [source, target] = asked.map(({ name }) => name) as [string, string]
  const ending = new AbortController()
  const end = () => ending.abort()
  // The second time, it ends at once.
  process.once('SIGINT', end)
  const telling = new Telling()
  try {
    const moved = await move(from, to, { onProgress: (progress) => telling.show(progress), signal: ending.signal })
    telling.wipe()
    for (const line of summary(moved, source, target)) console.log(sentence(line))
    return 0
  } catch (error) {
    telling.wipe()
    if (ending.signal.aborted) {
      console.error(sentence(`Ended by Ctrl-C. Run it again, and it goes on: until then, use ${source}.`))
      return 130
    }
    if (!(error instanceof EventSourcingError || error instanceof TypeError)) throw error
    console.error(sentence(error.message))
    return 1
  } finally {
    process.off('SIGINT', end)
    await Promise.allSettled([from.close(), to.close()])
  }
}

type Store = Movable & { close(): Promise<void> }

interface Side {
  /** Without a password. */
  readonly name: string
  readonly open: () => Store
}

/** What was asked for, or what is wrong with it. */
function read(argv: readonly string[]): readonly Side[] | string {
  try {
    const text = { type: 'string' } as const
    const options = { 'from-schema': text, 'from-prefix': text, 'to-schema': text, 'to-prefix': text }
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options })
    if (positionals.length !== 2) return `It takes two stores, and got ${positionals.length}. ${usage}`
    const [from, to] = positionals as [string, string]
    const sides = [
      sideOf(from, { schema: values['from-schema'], prefix: values['from-prefix'] }),
      sideOf(to, { schema: values['to-schema'], prefix: values['to-prefix'] }),
    ]
    if (new Set(sides.map(({ name }) => name)).size === 1) return `From and to are both ${sides[0]?.name}. ${usage}`
    return sides
  } catch (error) {
    return misread(error, usage)
  }
}

function sideOf(address: string, { schema, prefix }: { schema: string | undefined; prefix: string | undefined }): Side {
  if (!/^(\w+:\/\/|postgres(ql)?:)/i.test(address)) {
    if (schema !== undefined || prefix !== undefined)
      throw new TypeError(`${address} is a file, which has no schema and no prefix`)
    return {
      name: address,
      open: () => sqlite(address === ':memory:' ? address : resolve(calledFrom('move'), address)),
    }
  }
  mustBeAddress(address)
  const where = { ...(schema !== undefined && { schema }), ...(prefix !== undefined && { prefix }) }
  const tables =
    schema === undefined && prefix === undefined ? '' : ` (${schema ?? 'public'}.${prefix ?? 'stored'}_events)`
  return { name: nameOf(address) + tables, open: () => postgres(address, where) }
}

function summary(
  { isOld, events, snapshots, tracking, views, viewRows, last, before, sha256 }: Moved,
  source: string,
  target: string,
): string[] {
  const same = `read again on both sides, row by row, without a difference (sha256 ${sha256})`
  if (isOld)
    return [`There was nothing new to move: the ${many(events, 'event')} of ${source} are in ${target}, ${same}.`]
  const there = before > 0 ? ` (those up to ${spelt(before)} were there)` : ''
  const what = [
    `${many(events, 'event')} up to position ${spelt(last)}${there}`,
    many(snapshots, 'snapshot'),
    many(tracking, 'tracking'),
    `${many(views, 'view')} with ${many(viewRows, 'row')}`,
  ]
  return [
    `Moved ${source} to ${target}: ${what.join(', ')}; ${same}.`,
    `It is the same log: followers go on there. So record in ${target} only from now on, and keep ${source} as it is.`,
  ]
}

const many = (number: number, what: string): string => `${spelt(number)} ${what}${number === 1 ? '' : 's'}`
const spelt = (number: number): string => number.toLocaleString('en')

/** In milliseconds: how often it is said how far it is, on a terminal and elsewhere. */
const [OFTEN, SELDOM] = [100, 5_000]

class Telling {
  readonly #isTerminal = process.stdout.isTTY && process.env.TERM !== 'dumb'
  readonly #pause = this.#isTerminal ? OFTEN : SELDOM
  #next = performance.now() + this.#pause

  show({ step, part, done, of }: MoveProgress): void {
    const now = performance.now()
    if (now < this.#next) return
    this.#next = now + this.#pause
    const far = of
      ? `position ${spelt(done)} of ${spelt(of)}, ${Math.floor((100 * done) / of)} %`
      : `${spelt(done)} rows`
    const line = `${step} ${part}: ${far}`
    process.stdout.write(this.#isTerminal ? `\r\u001b[K${line}` : `${line}\n`)
  }

  wipe(): void {
    if (this.#isTerminal) process.stdout.write('\r\u001b[K')
  }
}
