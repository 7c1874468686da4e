/**
 * Finds events by topic and tags: see schema.ts for the table.
 *
 * A list is the positions of one tag and topic: a stretch of the table's B-tree, which holds nothing else. Of several
 * tags the rarest is read, and the others are looked up.
 */
import { StorageError } from '../../errors'
import { type EventQuery, type PositionIndex, positionsOf, queryOf, type Range, rangeOf } from '../../port/query'
import type { Notification, ReadOptions } from '../../port/recorder'
import type { Engine, SqlValue } from './engine'
import { type Row, selectAt } from './tables'

/** The events that match a query. */
export function selectMatching(engine: Engine, query: EventQuery, options: ReadOptions): Notification[] {
  return selectAt(engine, positionsOf(new StoredTags(engine), queryOf(query), rangeOf(options)), options)
}

export function insertTags(engine: Engine, rows: readonly Row[]): void {
  for (const [position, , , topic, , tags = []] of rows)
    for (const tag of tags) engine.run('INSERT INTO dog_school_tags VALUES (?,?,?)', [tag, topic, position])
}

/** The tags that are recorded. */
export class StoredTags implements PositionIndex {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** From each topic it goes on to the next one, past all events of the topic. */
  topics(tag: string): readonly string[] {
    return this.#engine
      .rows<[string]>(
        `WITH RECURSIVE found (topic) AS (
           SELECT min(topic) FROM dog_school_tags WHERE tag = ?1
           UNION ALL
           SELECT (SELECT min(topic) FROM dog_school_tags WHERE tag = ?1 AND topic > found.topic)
           FROM found WHERE found.topic IS NOT NULL
         ) SELECT topic FROM found WHERE topic IS NOT NULL`,
        [tag],
      )
      .flat()
  }

  positions(topic: string | undefined, tags: readonly string[], range: Range): readonly number[] {
    const given: SqlValue[] = [range.after, range.upTo, range.limit === Infinity ? -1 : range.limit]
    if (topic === undefined) return this.#list('SELECT rowid FROM stored_events WHERE ', 'rowid', range, given)
    if (tags.length === 0) {
      makeTopicIndex(this.#engine)
      return this.#list('SELECT rowid FROM stored_events WHERE topic = ?4 AND ', 'rowid', range, [...given, topic])
    }
    const [rarest, ...others] = this.#rarestFirst(topic, tags, range)
    if (rarest === undefined) return []
    const own = 'SELECT position FROM dog_school_tags AS its WHERE tag = ?5 AND topic = ?4 AND '
    if (others.length === 0) return this.#list(own, 'position', range, [...given, topic, rarest])
    const all = `NOT EXISTS (SELECT 1 FROM json_each(?6) AS other WHERE NOT EXISTS (
      SELECT 1 FROM dog_school_tags WHERE tag = other.value AND topic = ?4 AND position = its.position)) AND `
    return this.#list(own + all, 'position', range, [...given, topic, rarest, JSON.stringify(others)])
  }

  #list(sql: string, column: string, { descending }: Range, values: SqlValue[]): readonly number[] {
    const order = `ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} LIMIT ?3`
    return this.#engine.map<[number], number>(`${sql}${column} > ?1 AND ${column} <= ?2 ${order}`, values, ([at]) => at)
  }

  /** Counts only until one tag is known to be rarer than the others; returns none if one of them has no events. */
  #rarestFirst(topic: string, tags: readonly string[], { after, upTo }: Range): readonly string[] {
    if (tags.length === 1) return tags
    for (let most = 32; ; most *= 8) {
      const counts = new Map<string, number>()
      for (const tag of tags) {
        const count = this.#engine.number(
          `SELECT count(*) FROM (SELECT 1 FROM dog_school_tags
           WHERE tag = ? AND topic = ? AND position > ? AND position <= ? LIMIT ?)`,
          [tag, topic, after, upTo, most],
        )
        if (count === 0) return []
        counts.set(tag, count)
      }
      const sorted = [...tags].sort((a, b) => counts.get(a)! - counts.get(b)!)
      if (counts.get(sorted[0]!)! < most) return sorted
    }
  }
}

/**
 * Events are found by topic alone with an index that is made when it is first needed, because it costs something at each
 * append. It is in the file after the next checkpoint. Where there is no room for it, SQLite looks at all events.
 */
function makeTopicIndex(engine: Engine): void {
  try {
    engine.run('CREATE INDEX IF NOT EXISTS dog_school_topics ON stored_events (topic)')
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
  }
}
