/** Views in tables: see port/view-store.ts for what they are, and tables.ts for what changes them. */
import {
  mustBeAskable,
  mustBeKeepable,
  mustBeNames,
  mustBeThere,
  mustFollowOn,
  type ViewChange,
  type ViewQuery,
  type ViewState,
  type ViewValue,
} from '../../port/view-store'
import type { Exactly } from './exactly'
import { isText } from './limits'
import { whole } from './rows'
import type { Given, Server } from './server'
import type { Names } from './tables'

/** The arguments of the function `save_view`: copied at once, because the caller may change the step afterwards. */
export function saving(change: ViewChange): readonly Given[] {
  mustBeKeepable(change)
  const { view, after, position, logId, form, build } = change
  // Of several rows with one key the last counts.
  const rows = [...new Map(change.rows)]
  const [keys, words, bytes] = [
    rows.map(([key]) => key),
    rows.map(([, value]) => (typeof value === 'string' ? value : null)),
    rows.map(([, value]) => (value instanceof Uint8Array ? Buffer.from(value) : null)),
  ]
  return [view, after, position, logId, form, build, keys, words, bytes]
}

export class Views {
  /** Changes are made in the order of the calls. */
  #last: Promise<unknown> = Promise.resolve()
  readonly #server: Server
  readonly #names: Names
  readonly #exactly: Exactly

  constructor(server: Server, names: Names, exactly: Exactly) {
    this.#server = server
    this.#names = names
    this.#exactly = exactly
  }

  async state(view: string): Promise<ViewState | undefined> {
    const sql = `SELECT position, log_id, form, build FROM ${this.#names.views} WHERE name = $1`
    const [found] = isText(view) ? await this.#server.ask(sql, [view]) : []
    if (!found) return undefined
    const [position, logId, form, build] = found as [string, string, string, string]
    return { position: Number(position), logId, form, build }
  }

  async rows(view: string, query: ViewQuery = {}): Promise<[string, ViewValue][]> {
    mustBeAskable(query)
    const { keys, after, limit = Infinity } = query
    const rows = await this.#server.ask(
      `SELECT key, words, encode(bytes, 'base64') FROM ${this.#names.viewRows}
       WHERE view = (SELECT id FROM ${this.#names.views} WHERE name = $1)
         AND ($2::text[] IS NULL OR key = ANY ($2)) AND ($3::text IS NULL OR key > $3) ORDER BY key LIMIT $4`,
      [view, keys ?? null, after ?? null, whole(Math.max(0, limit))],
    )
    return rows.map(([key, words, bytes]) => [key!, words ?? new Uint8Array(Buffer.from(bytes!, 'base64'))])
  }

  /** @param change what was asked for @param given its copy, by `saving` */
  async save(change: Pick<ViewChange, 'view' | 'after' | 'build'>, given: readonly Given[]): Promise<void> {
    const result = await this.#inTurn(() => this.#exactly.once(this.#names.saveView, given))
    const { refused, stored } = JSON.parse(result)
    if (refused) mustFollowOn(change, stored ?? undefined)
  }

  async swap(from: string, to: string): Promise<void> {
    mustBeNames(from, to)
    const { refused } = JSON.parse(await this.#inTurn(() => this.#exactly.once(this.#names.swapView, [from, to])))
    if (refused) mustBeThere(from, undefined)
  }

  async drop(view: string): Promise<void> {
    mustBeNames(view)
    await this.#inTurn(() => this.#server.ask(`SELECT ${this.#names.dropView}($1)`, [view]))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}
