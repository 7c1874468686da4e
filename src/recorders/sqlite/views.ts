/**
 * Views in tables: a row for each view, and the rows of all of them by the number of their view, so that a view gets
 * another name in one step.
 *
 * Each change of a view has a number, and the database knows the last one. So a journal that is applied to a file which
 * has some of its changes already repeats none: in between, the view may have been replaced by another.
 */
import { copyOf } from '../../port/recorder'
import {
  byCodePoints,
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
import type { Engine, SqlValue } from './engine'

export const viewTables = {
  dog_school_views: '(id INTEGER PRIMARY KEY, name TEXT UNIQUE, position INTEGER, log_id TEXT, form TEXT, build TEXT)',
  // Values are kept as they are given: text, which SQL can look into, or bytes.
  dog_school_view_rows: '(view INTEGER, key TEXT, value, PRIMARY KEY (view, key)) WITHOUT ROWID',
}

export const viewColumns = {
  dog_school_views: 'id, name, position, log_id, form, build',
  dog_school_view_rows: 'view, key, value',
}

/** One change of the views. */
export type ViewStep =
  | { readonly save: ViewChange }
  | { readonly swap: readonly [from: string, to: string] }
  | { readonly drop: string }

/** The changes of a commit; the first has this number. */
export interface ViewSteps {
  readonly first: number
  readonly steps: readonly ViewStep[]
}

export function saving(change: ViewChange): ViewStep {
  mustBeKeepable(change)
  // A copy, because the caller may change it afterwards.
  return { save: { ...change, rows: change.rows.map(([key, value]) => [key, value && copyOf(value)]) } }
}

export function swapping(from: string, to: string): ViewStep {
  mustBeNames(from, to)
  return { swap: [from, to] }
}

export function dropping(view: string): ViewStep {
  mustBeNames(view)
  return { drop: view }
}

/** Is there a value that JSON does not have? */
export const hasBytes = (views: ViewSteps | undefined): boolean =>
  views?.steps.some((step) => 'save' in step && step.save.rows.some(([, value]) => value instanceof Uint8Array)) ??
  false

/** The views as they will be after the changes of a group. */
export class PendingViews {
  readonly #engine: Engine
  readonly #changed = new Map<string, ViewState | undefined>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @throws ViewConflictError if the change does not follow on from those before it */
  admit(step: ViewStep): void {
    if ('save' in step) {
      mustFollowOn(step.save, this.#state(step.save.view))
      this.#changed.set(step.save.view, step.save)
    } else if ('swap' in step) {
      const [from, to] = step.swap
      const state = mustBeThere(from, this.#state(from))
      this.#changed.set(from, undefined).set(to, state)
    } else this.#changed.set(step.drop, undefined)
  }

  #state(view: string): ViewState | undefined {
    return this.#changed.has(view) ? this.#changed.get(view) : selectState(this.#engine, view)
  }
}

const lastChange = (engine: Engine): number => engine.number('SELECT view_changes FROM dog_school_schema')

/** These changes with their numbers; undefined if there are none. */
export const numbered = (engine: Engine, steps: readonly ViewStep[]): ViewSteps | undefined =>
  steps.length > 0 ? { first: lastChange(engine) + 1, steps } : undefined

/** Makes those changes that were not made before; returns false, and makes none, if one before them is missing. */
export function runSteps(engine: Engine, { first, steps }: ViewSteps): boolean {
  const last = lastChange(engine)
  if (first > last + 1) return false
  for (const step of steps.slice(last + 1 - first))
    if ('save' in step) save(engine, step.save)
    else if ('swap' in step) swap(engine, ...step.swap)
    else drop(engine, step.drop)
  engine.run('UPDATE dog_school_schema SET view_changes = ?', [Math.max(last, first + steps.length - 1)])
  return true
}

/** Statements that set so many rows: the more at once, the faster. */
const inserts = [100, 10, 1].map((count) => ({
  count,
  sql: `INSERT OR REPLACE INTO dog_school_view_rows VALUES ${Array.from(
    { length: count },
    (_, at) => `(?1, ?${2 + 2 * at}, ?${3 + 2 * at})`,
  )}`,
}))

function save(engine: Engine, { view, position, logId, form, build, rows }: ViewChange): void {
  engine.run(
    `INSERT INTO dog_school_views (name, position, log_id, form, build) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET position = ?2, log_id = ?3, form = ?4, build = ?5`,
    [view, position, logId, form, build],
  )
  const id = idOf(engine, view) as number
  let waiting: SqlValue[] = []
  const insert = (): void => {
    for (let start = 0; start < waiting.length; ) {
      const { count, sql } = inserts.find((each) => 2 * each.count <= waiting.length - start)!
      engine.run(sql, [id, ...waiting.slice(start, start + 2 * count)])
      start += 2 * count
    }
    waiting = []
  }
  // In a journal, undefined is null.
  for (const [key, value] of rows)
    if (value !== undefined && value !== null) waiting.push(key, value)
    else {
      insert()
      engine.run('DELETE FROM dog_school_view_rows WHERE view = ? AND key = ?', [id, key])
    }
  insert()
}

function swap(engine: Engine, from: string, to: string): void {
  if (from === to) return
  drop(engine, to)
  engine.run('UPDATE dog_school_views SET name = ? WHERE name = ?', [to, from])
}

function drop(engine: Engine, view: string): void {
  const id = idOf(engine, view)
  if (id === undefined) return
  engine.run('DELETE FROM dog_school_view_rows WHERE view = ?', [id])
  engine.run('DELETE FROM dog_school_views WHERE id = ?', [id])
}

const idOf = (engine: Engine, view: string): number | undefined =>
  engine.rows<[number]>('SELECT id FROM dog_school_views WHERE name = ?', [view])[0]?.[0]

export function selectState(engine: Engine, view: string): ViewState | undefined {
  const [found] = engine.map<[number, string, string, string], ViewState>(
    'SELECT position, log_id, form, build FROM dog_school_views WHERE name = ?',
    [view],
    ([position, logId, form, build]) => ({ position, logId, form, build }),
  )
  return found
}

export function selectRows(engine: Engine, view: string, query: ViewQuery = {}): [string, ViewValue][] {
  mustBeAskable(query)
  const { keys, after, limit = Infinity } = query
  const id = idOf(engine, view)
  if (id === undefined || limit < 1) return []
  if (keys) {
    const wanted = [...new Set(keys)].filter((key) => after === undefined || byCodePoints(key, after) > 0)
    const found = wanted
      .sort(byCodePoints)
      .flatMap((key) => engine.rows<Found>(`${select} WHERE view = ? AND key = ?`, [id, key]))
    return found.slice(0, limit)
  }
  // In SQLite, a negative limit is no limit.
  const most = limit === Infinity ? -1 : limit
  return after === undefined
    ? engine.rows<Found>(`${select} WHERE view = ? ORDER BY key LIMIT ?`, [id, most])
    : engine.rows<Found>(`${select} WHERE view = ? AND key > ? ORDER BY key LIMIT ?`, [id, after, most])
}

type Found = [key: string, value: ViewValue]
const select = 'SELECT key, value FROM dog_school_view_rows'
