/** Tags in a file: old files and journals, other programs, kills, and that no query looks at all rows. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { EventQuery, ReadOptions, StoredEvent } from 'dog-school'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { Engine, type SqlValue } from '../../src/recorders/sqlite/engine'
import { nodeDisk } from '../../src/recorders/sqlite/node-disk'
import { prepareSchema } from '../../src/recorders/sqlite/schema'
import { loadSqlJs } from '../../src/recorders/sqlite/sql-js'
import { insertEvents, type Row, selectNotifications } from '../../src/recorders/sqlite/tables'
import { insertTags, StoredTags, selectMatching } from '../../src/recorders/sqlite/tags'
import { changed, journalOf, muchIsTooLarge, stored } from './crash/stored'

const tagged = (aggregateId: string, version: number, ...tags: string[]): StoredEvent => ({
  ...stored(aggregateId, version),
  tags: [`dog:${aggregateId}`, ...tags],
})
const fido: EventQuery = [{ tags: ['dog:fido'] }]
const positions = async (school: SqliteRecorder, query: EventQuery, options?: ReadOptions) =>
  (await school.read(query, options)).map(({ id }) => id)
const without = 'DROP TRIGGER dog_school_tags_deleted; DROP TRIGGER dog_school_tags_renamed; DROP TABLE dog_school_tags'

/** A file of the time before tags, with two events. */
async function old(folder: string): Promise<string> {
  const file = `${folder}/old.db`
  const school = sqlite(file)
  await school.append([stored('fido', 1), stored('fido', 2)])
  await school.close()
  writeFileSync(file, await changed(file, without))
  return file
}

/** The files of a school as they are now, as after a kill. */
function killed(file: string, journal = journalOf(file)): string {
  const copy = file.replace(/(\w+)\.db$/, '$1-killed.db')
  copyFileSync(file, copy)
  writeFileSync(`${copy}.dog-school-journal`, journal)
  return copy
}

/** A journal as if an older version had written it. */
function asBefore(journal: Buffer): Buffer {
  const [heading = '', ...lines] = journal.toString().trimEnd().split('\n')
  const first = heading.slice(9).replace('"dogSchoolJournal":2', '"dogSchoolJournal":1')
  const seed = crc32(first)
  const line = (json: string, from: number) => `${crc32(json, from).toString(16).padStart(8, '0')} ${json}\n`
  return Buffer.from(line(first, 0) + lines.map((each) => line(each.slice(9), seed)).join(''))
}

t.test('a file of the time before tags gets them', async (t) => {
  const file = await old(t.testdir())
  const school = sqlite(file)
  t.strictSame(await positions(school, fido), [])
  t.strictSame(await positions(school, [{ topics: ['dogschool:Dog.TrickAdded'] }]), [2])
  await school.append([tagged('fido', 3)], { failIfEventsMatch: fido })
  await t.rejects(school.append([tagged('fido', 4)], { failIfEventsMatch: fido }), { code: 'BOUNDARY_CONFLICT' })
  await school.close()
  const again = sqlite(file, { readOnly: true })
  t.strictSame(await positions(again, fido), [3])
  await again.close()
})

t.test('a file of the time before tags can be read, and is left as it was', async (t) => {
  const file = await old(t.testdir())
  const before = readFileSync(file)
  const school = sqlite(file, { readOnly: true })
  t.strictSame(await positions(school, fido), [])
  t.strictSame(await positions(school, [{ topics: ['dogschool:Dog.TrickAdded'] }, ...fido], { tagged: true }), [2])
  await t.rejects(school.append([], { failIfEventsMatch: fido }), { code: 'READ_ONLY' })
  await school.close()
  t.ok(before.equals(readFileSync(file)))
})

t.test('the tables of the Python library are as they were, and nothing is added for who has no tags', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([stored('fido', 1), stored('fido', 2)])
  await school.notifications({ topics: ['dogschool:Dog.TrickAdded'] })
  const made = async (type: string) =>
    (await school.query(`SELECT name, sql FROM sqlite_master WHERE type = '${type}' AND sql IS NOT NULL`)).rows
  const indexes = (await made('index')).map(([name]) => name)
  t.strictSame(indexes, ['dog_school_tags_of_event'])
  const tables = new Map((await made('table')) as [string, string][])
  t.equal(
    tables.get('stored_events'),
    'CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))',
  )
  await school.read([{ topics: ['dogschool:Dog.TrickAdded'] }])
  t.strictSame(
    (await made('index')).map(([name]) => name),
    [...indexes, 'dog_school_topics'],
    'when it is needed',
  )
  await school.close()
})

t.test('a kill loses no tags', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([tagged('fido', 1, 'course:sit'), stored('rex', 1)])
  await school.checkpoint()
  await school.append([tagged('rex', 2), tagged('fido', 2)])
  await school.append([{ ...tagged('fido', 0), state: new Uint8Array([1, 2]) }])
  const copy = killed(file)
  const other = sqlite(copy)
  t.strictSame(await positions(other, fido), [1, 4, 5])
  t.strictSame((await other.read(fido, { tagged: true, limit: 1 }))[0]?.tags, ['course:sit', 'dog:fido'])
  t.strictSame(
    (await other.select('fido', { as: 'bytes' })).map(({ version }) => version),
    [1, 2, 3],
  )
  await other.close()
  // After the checkpoint, and before the journal was removed.
  const journal = journalOf(file)
  await school.checkpoint()
  const late = sqlite(killed(file, journal))
  t.strictSame(await positions(late, fido), [1, 4, 5])
  t.strictSame(await positions(late, [{ tags: ['dog:rex'] }]), [3])
  await late.close()
  await school.close()
})

t.test('an old journal is replayed, and no tags are added to it, which an older version would lose', async (t) => {
  for (const isOldFile of [true, false]) {
    const file = `${t.testdir()}/a.db`
    const before = sqlite(file)
    await before.append([stored('fido', 1)])
    await before.checkpoint()
    await before.append([stored('fido', 2), stored('rex', 1)])
    const copy = killed(file, asBefore(journalOf(file)))
    await before.close()
    if (isOldFile) writeFileSync(copy, await changed(copy, without))
    const school = sqlite(copy)
    t.equal((await school.notifications()).length, 3)
    await school.append([tagged('fido', 3)])
    t.match(journalOf(copy).toString(), /^\w{8} \{"dogSchoolJournal":2,/)
    const again = sqlite(killed(copy))
    t.strictSame(await positions(again, fido), [4])
    t.equal((await again.notifications()).length, 4)
    await again.close()
    await school.close()
    t.notOk(existsSync(`${copy}.dog-school-journal`))
  }
})

t.test('tags follow when another program deletes events, or renames their topics', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([tagged('fido', 1), tagged('fido', 2), tagged('fido', 3), tagged('rex', 1)])
  await school.close()
  const renamed = "UPDATE stored_events SET topic = 'dogschool:Dog.Learned' WHERE topic LIKE '%TrickAdded'"
  writeFileSync(file, await changed(file, `${renamed}; DELETE FROM stored_events WHERE rowid IN (1, 4)`))
  const again = sqlite(file)
  t.strictSame(await positions(again, fido), [2, 3])
  t.strictSame(await positions(again, [{ tags: ['dog:fido'], topics: ['dogschool:Dog.Learned'] }]), [2, 3])
  t.strictSame(await positions(again, [{ topics: ['dogschool:Dog.Learned'] }]), [2, 3])
  await again.append([stored('luna', 1)], { failIfEventsMatch: [{ tags: ['dog:rex'] }] })
  await again.query('DELETE FROM stored_events WHERE rowid = 3', { write: true })
  t.strictSame(await positions(again, fido), [2])
  t.strictSame((await again.query('SELECT tag, position FROM dog_school_tags')).rows, [['dog:fido', 2]])
  await again.close()
})

t.test('a conditional append sees those before it in its group, and only the admitted ones', async (t) => {
  const school = sqlite(`${t.testdir()}/a.db`)
  await school.append([stored('luna', 1)])
  const name = (taken: string) => [{ tags: [`name:${taken}`] }]
  const register = (id: string, taken: string, version = 1) =>
    school.append([tagged(id, version, `name:${taken}`)], { failIfEventsMatch: name(taken) })
  const settled = await Promise.allSettled([
    register('a', 'Fido'),
    register('b', 'Rex', 2), // a gap, so it is refused
    register('c', 'Rex'),
    register('d', 'Fido'),
    register('e', 'Rex'),
    school.append([tagged('f', 1, 'name:Buster')]),
    register('g', 'Buster'),
  ])
  t.strictSame(
    settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
    [[2], 'VERSION_GAP', [3], 'BOUNDARY_CONFLICT', 'BOUNDARY_CONFLICT', [4], 'BOUNDARY_CONFLICT'],
  )
  await school.close()
})

t.test('the next version is what it is when an event before it in the group was too large', async (t) => {
  const school = sqlite(`${t.testdir()}/a.db`)
  await school.append([stored('rex', 1)])
  muchIsTooLarge(t)
  const [first, second, third] = await Promise.allSettled([
    school.append([{ ...tagged('fido', 0), topic: 'much' }]),
    school.append([tagged('fido', 0), tagged('fido', 0)]),
    school.append([tagged('fido', 0)], { failIfEventsMatch: [{ topics: ['much'] }] }),
  ])
  t.equal(first?.status, 'rejected')
  t.strictSame(
    [second, third].map((each) => each?.status),
    ['fulfilled', 'fulfilled'],
  )
  t.strictSame(
    (await school.select('fido')).map(({ version }) => version),
    [1, 2, 3],
  )
  await school.close()
})

t.test('where there is no room for an index over topics, they are found without', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append(Array.from({ length: 3000 }, (_, at) => stored('fido', at + 1)))
  const { rows } = await school.query('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')
  await school.close()
  const full = sqlite(file, { maxBytes: Number(rows[0]?.[0]), onProblem: () => undefined })
  t.equal((await full.read([{ topics: ['dogschool:Dog.TrickAdded'] }])).length, 2999)
  t.strictSame((await full.query("SELECT * FROM sqlite_master WHERE name = 'dog_school_topics'")).rows, [])
  await full.close()
})

/** Asks SQLite for the plan of each statement before it runs. */
class Explaining extends Engine {
  readonly plans = new Set<string>()
  override map<R extends SqlValue[], T>(sql: string, values: SqlValue[] = [], made: (row: R) => T): T[] {
    if (sql.startsWith('SELECT') || sql.startsWith('WITH'))
      for (const [, , , step] of super.map(`EXPLAIN QUERY PLAN ${sql}`, values, (row) => row)) this.plans.add(`${step}`)
    return super.map(sql, values, made)
  }
}

t.test('no query looks at all rows, or sorts them', async (t) => {
  await loadSqlJs(nodeDisk)
  for (const isAnalysed of [false, true]) {
    const engine = new Explaining('plans', 1e9)
    prepareSchema(engine, 'plans')
    const rows = Array.from({ length: 2000 }, (_, at): Row => {
      const tags = ['all', `dog:${at % 50}`, ...(at % 2 ? ['odd'] : []), ...(at > 1990 ? ['late'] : [])]
      return [at + 1, 'course', at + 1, `topic ${at % 7}`, '{}', tags]
    })
    insertEvents(engine, rows)
    insertTags(engine, rows)
    selectMatching(engine, [{ topics: ['topic 1'] }], {})
    if (isAnalysed) engine.run('ANALYZE')
    engine.plans.clear()
    const items = [
      {},
      { topics: ['topic 1'] },
      { topics: ['topic 1', 'topic 2', 'none'] },
      { tags: ['all'] },
      { tags: ['all', 'odd', 'late'] },
      { topics: ['topic 3'], tags: ['dog:3'] },
      { topics: ['topic 1', 'topic 2'], tags: ['all', 'odd'] },
    ]
    for (const query of [...items.map((item) => [item]), items])
      for (const options of [
        {},
        { after: 5, upTo: 1900 },
        { descending: true, limit: 1 },
        { tagged: true, limit: 100 },
      ])
        selectMatching(engine, query, options)
    selectNotifications(engine, { start: 1900, tagged: true })
    const bad = [...engine.plans].filter(
      (step) => /stored_events|dog_school_tags|its/.test(step) && !/^SEARCH/.test(step),
    )
    t.strictSame(bad, [], isAnalysed ? 'with statistics' : 'without')
    t.strictSame(
      [...engine.plans].filter((step) => /TEMP B-TREE/.test(step)),
      [],
    )
    t.comment([...engine.plans].join('\n'))
    engine.close()
  }
})

t.test('of several tags the rarest is read, in whatever order they come', async (t) => {
  await loadSqlJs(nodeDisk)
  const engine = new Explaining('plans', 1e9)
  prepareSchema(engine, 'plans')
  const rows = Array.from({ length: 5000 }, (_, at): Row => {
    return [
      at + 1,
      'course',
      at + 1,
      'topic',
      '{}',
      ['all', ...(at % 4 ? ['most'] : []), ...(at % 1000 ? [] : ['few'])],
    ]
  })
  insertEvents(engine, rows)
  insertTags(engine, rows)
  const read: SqlValue[] = []
  const map = engine.map.bind(engine)
  engine.map = (sql, values = [], made) => {
    if (sql.includes('NOT EXISTS')) read.push(values[4] as SqlValue)
    return map(sql, values, made)
  }
  const range = { after: 0, upTo: Infinity, limit: Infinity, descending: false }
  const tags = new StoredTags(engine)
  t.strictSame(tags.positions('topic', ['all', 'most', 'few'], range), [])
  t.strictSame(tags.positions('topic', ['few', 'all'], range), [1, 1001, 2001, 3001, 4001])
  t.equal(tags.positions('topic', ['all', 'most'], range).length, 3750)
  t.equal(tags.positions('topic', ['most', 'all'], range).length, 3750)
  t.strictSame(tags.positions('topic', ['all', 'nobody', 'most'], range), [])
  t.strictSame(read, ['few', 'few', 'most', 'most'])
  engine.close()
})
