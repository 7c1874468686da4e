/** Opens a store, and puts together what works on it. */
import { DatabaseUnavailableError } from '../../errors'
import type { Watchers } from '../../port/watchers'
import type { ServerOptions } from './config'
import { Exactly } from './exactly'
import { Final } from './final'
import { Flushes } from './flushes'
import { mustBeName, mustBeTime } from './limits'
import { mustBeThere } from './lost'
import { prepare } from './prepare'
import { arrived } from './replica'
import { Rows } from './rows'
import type { Server } from './server'
import { type Layout, namesIn } from './tables'
import { Views } from './views'
import { Wakes } from './wakes'

export interface PostgresOptions extends ServerOptions {
  /** The schema of the tables; `public` by default. It is made if it is not there. */
  readonly schema?: string
  /**
   * What the names of the tables begin with: `stored` by default. The Python library takes the name of the application,
   * in lower case: `dogschool` for `DogSchool`.
   */
  readonly prefix?: string
  /** How often followers look for events that nobody told them of, in milliseconds; 1,000 by default. */
  readonly poll?: number
  /** The address of a replica, which followers and queries read; commands read the primary. */
  readonly replica?: string
}

const known: Readonly<Record<keyof PostgresOptions, true>> = {
  schema: true,
  prefix: true,
  connections: true,
  patience: true,
  ssl: true,
  poll: true,
  replica: true,
  readOnly: true,
}

/** Refuses what cannot be used; an option that is spelt wrong would be without effect, and nobody would know. */
export function mustBeOptions(options: PostgresOptions): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option))
  if (unknown !== undefined)
    throw new TypeError(`There is no option ${unknown}. There are ${Object.keys(known).join(', ')}`)
  const { schema, prefix, poll } = options
  if (schema !== undefined) mustBeName('schema', schema)
  if (prefix !== undefined) mustBeName('prefix', prefix)
  mustBeTime('poll', poll)
}

/** What works on a store that is open. */
export interface Opened {
  readonly layout: Layout
  readonly logId: string
  readonly rows: Rows
  readonly final: Final
  /** What is read of the log, and how far. */
  readonly log: { readonly rows: Rows; readonly final: Final }
  readonly flushes: Flushes
  readonly views: Views
  readonly wakes: Wakes
}

export async function openStore(
  server: Server,
  replica: Server | undefined,
  options: PostgresOptions,
  watchers: Watchers,
): Promise<Opened> {
  const { schema = 'public', prefix = 'stored', poll = 1000, patience = 30_000 } = options
  if (options.readOnly) await mustOnlyRead(server)
  const { layout, logId } = await prepare(server, schema, prefix)
  const names = namesIn(layout)
  const exactly = new Exactly(server, names)
  // The channel of the Python library, so that each wakes the followers of the other.
  const wakes = new Wakes(server, names, `${prefix}_events`, watchers, poll)
  const main = { rows: new Rows(server, layout), final: new Final(server, names) }
  const far = replica && {
    rows: new Rows(replica, layout),
    final: new Final(server, names, (position) => arrived(server, replica, names, position, patience)),
  }
  const log = far ?? main
  server.onFailover?.(async (ask) => {
    await mustBeThere(ask, server.name, layout, { logId, writes: exactly.latest, event: log.final.last })
    main.final.forget()
    log.final.forget()
  })
  return {
    layout,
    logId,
    ...main,
    log,
    flushes: new Flushes(exactly, names.append, () => wakes.tell()),
    views: new Views(server, names, exactly),
    wakes,
  }
}

/** A pooler may leave out what a connection asks for. */
async function mustOnlyRead(server: Server): Promise<void> {
  const [[setting] = []] = await server.ask('SHOW transaction_read_only')
  if (setting !== 'on')
    throw new DatabaseUnavailableError(
      `${server.name} cannot be told to read only: a pooler stands between, and does not pass on options. Give the address of the server itself, or a user who may only read`,
    )
}
