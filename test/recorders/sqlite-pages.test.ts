/** What the recorder takes for granted of sql.js, in the version that it is pinned to; and what it does where that is not so. */
import { nodeDisk } from 'dog-school/sqlite'
import initSqlJs from 'sql.js'
import t from 'tap'
import { Engine } from '../../src/recorders/sqlite/engine'
import { bytesOf, Pages } from '../../src/recorders/sqlite/pages'
import { loadSqlJs } from '../../src/recorders/sqlite/sql-js'

const insert = 'INSERT INTO dogs VALUES (?, ?)'
const all = 'SELECT count(*), sum(length(state)), max(name) FROM dogs'

/** A database with some dogs in it. */
async function kennel(dogs = 200): Promise<Uint8Array> {
  const { Database } = await initSqlJs()
  const database = new Database()
  database.run('CREATE TABLE dogs (name TEXT PRIMARY KEY, state BLOB); BEGIN')
  for (let dog = 0; dog < dogs; dog++) database.run(insert, [`dog ${dog}`, `{"n":${dog}}`])
  return database.run('COMMIT').export()
}

/** What another SQLite reads in these bytes. */
async function read(bytes: Uint8Array): Promise<unknown[][] | undefined> {
  const { Database } = await initSqlJs()
  const database = new Database(bytes)
  t.same(database.exec('PRAGMA integrity_check')[0]?.values, [['ok']])
  const rows = database.exec(all)[0]?.values
  database.close()
  return rows
}

/** A snapshot, copied in pieces of this size; in between, something else is done. */
function copied(engine: Engine, size = 4096, meanwhile = (): void => {}): Uint8Array {
  const snapshot = engine.snapshot()
  const bytes = new Uint8Array(snapshot.size)
  for (let start = 0; start < bytes.length; start += size) {
    meanwhile()
    snapshot.copy(bytes.subarray(start, start + size), start)
  }
  meanwhile()
  snapshot.release()
  return bytes
}

t.before(() => loadSqlJs(nodeDisk))

t.test('export() keeps statements and pragmas, and is the database without what is not committed', async (t) => {
  const { Database } = await initSqlJs()
  const database = new Database(await kennel())
  database.run('PRAGMA cache_size = -4242')
  const statement = database.prepare(all)
  t.same(statement.get([]), [200, 1690, 'dog 99'])
  await read(database.export())
  t.same(statement.get([]), [200, 1690, 'dog 99'])
  t.same(database.exec('PRAGMA cache_size')[0]?.values, [[-4242]])
})

t.test('sql.js works in the memory that it is given, which grows where it is', async (t) => {
  const pages = Pages.of(await kennel())
  const engine = new Engine('kennel', 1e9, pages)
  t.ok(pages.isShared)
  const state = 'x'.repeat(10_000)
  engine.transaction(() => {
    for (let dog = 0; dog < 500; dog++) engine.run(insert, [`more ${dog}`, state])
  })
  t.ok(pages.writes > 1_000, `${pages.writes} pages were written`)
  t.ok(engine.size > 5_000_000)
  t.same(await read(copied(engine)), engine.rows(all))
  engine.close()
})

t.test('a snapshot is what was there at its moment, whatever is written while it is copied', async (t) => {
  for (const size of [4096, 65_536]) {
    const engine = new Engine('kennel', 1e9, Pages.of(await kennel(1_500)))
    engine.run('DELETE FROM dogs WHERE length(state) = 8')
    const before = engine.rows(all)
    let turn = 0
    const bytes = copied(engine, size, () => {
      turn++
      // Pages that were copied already, pages that were not, and new ones.
      engine.transaction(() => {
        engine.run(`UPDATE dogs SET state = 'changed' WHERE rowid % 97 = ${turn % 97}`)
        engine.run(`DELETE FROM dogs WHERE rowid % 89 = ${turn % 89}`)
        for (let dog = 0; dog < 20; dog++) engine.run(insert, [`new ${turn} ${dog}`, 'x'.repeat(500)])
      })
    })
    t.same(await read(bytes), before, `in pieces of ${size}`)
    t.same(await read(copied(engine)), engine.rows(all))
    t.same(bytesOf(engine.snapshot()), bytesOf(engine.snapshot()), 'looking changes nothing')
    engine.close()
  }
})

t.test('two snapshots at once are of two moments', async (t) => {
  const engine = new Engine('kennel', 1e9, Pages.of(await kennel()))
  const first = engine.snapshot()
  engine.run(insert, ['rex', '{}'])
  const second = copied(engine)
  engine.run(insert, ['fido', '{}'])
  t.same(await read(bytesOf(first)), [[200, 1690, 'dog 99']])
  t.same(await read(second), [[201, 1692, 'rex']])
  engine.restore(engine.snapshot())
  t.same(engine.rows(all), [[202, 1694, 'rex']])
  engine.close()
})

for (const [what, leave] of [
  ['that shrinks', (engine: Engine) => engine.once('VACUUM')],
  [
    'that outgrows them',
    (engine: Engine) =>
      engine.transaction(() => {
        for (let dog = 0; dog < 5; dog++) engine.run(insert, [`big ${dog}`, new Uint8Array(100_000)])
      }),
  ],
] as const)
  t.test(`sql.js leaves the pages of a database ${what}, and that is noticed`, async (t) => {
    const pages = Pages.of(await kennel(1_000), 200_000)
    const engine = new Engine('kennel', 1e9, pages)
    engine.run('DELETE FROM dogs WHERE rowid > 10')
    leave(engine)
    const { writes } = pages
    engine.run(insert, ['rex', '{}'])
    t.equal(pages.writes, writes, 'they are not written to any more')
    t.same(await read(copied(engine)), engine.rows(all), 'what is there is read all the same')
    engine.run(insert, ['sally', '{}'])
    t.same(await read(copied(engine)), engine.rows(all))
    engine.close()
  })

t.test('a sql.js that takes a copy of what it is given is read by copies', async (t) => {
  class Copied extends Pages {
    override get given(): Uint8Array {
      return this.bytes.slice()
    }
  }
  const pages = new Copied((await kennel()).length)
  pages.bytes.set(await kennel())
  const engine = new Engine('kennel', 1e9, pages)
  for (const name of ['fido', 'rex']) {
    engine.run(insert, [name, '{}'])
    t.same(await read(copied(engine)), engine.rows(all))
  }
  t.equal(pages.writes, 0)
  engine.close()
})

t.test('a new database gets pages when it is first looked at', async (t) => {
  const engine = new Engine('kennel', 1e9)
  engine.run('CREATE TABLE dogs (name TEXT PRIMARY KEY, state BLOB)')
  for (const name of ['fido', 'rex']) {
    engine.run(insert, [name, '{}'])
    t.same(await read(bytesOf(engine.snapshot())), engine.rows(all))
  }
  engine.close()
})
