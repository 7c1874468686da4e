/** Saving to a file that survives a crash, and reading it back: what the disk does, beside the disk alone. */
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application, type ApplicationOptions } from 'dog-school'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import initSqlJs from 'sql.js'
import { Dog, replayByHand, rowsOf } from './dogs'
import { duration, type Figure, rate, standstill, type Work } from './measure'
import { nativeInserts } from './native-sqlite'

const saves = 400
let folder = ''
let files = 0
const newFile = (): string => join(folder, `kennel-${++files}.db`)
const kennel = (recorder: SqliteRecorder, options: ApplicationOptions = {}) =>
  new Application(recorder, { name: 'kennel', aggregates: [Dog], ...options })

export async function* stores(): AsyncGenerator<Figure> {
  folder = mkdtempSync(join(tmpdir(), 'dog-school-bench-'))
  try {
    yield* savesUnderWay()
    yield* batches()
    yield* reading()
    yield* growth()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The bytes of one event at the end of a file, and on the disk: no store can be quicker alone. */
const bareAppend: Work = () => {
  const file = openSync(newFile(), 'a')
  const [row] = rowsOf('fido', 1)
  return () => {
    for (let i = 0; i < saves; i++) {
      writeSync(file, JSON.stringify(row))
      fdatasyncSync(file)
    }
    closeSync(file)
  }
}

async function* savesUnderWay(): AsyncGenerator<Figure> {
  for (const atOnce of [1, 16]) {
    const ours: Work = () => {
      const school = kennel(sqlite(newFile()))
      const dogs = Array.from({ length: saves }, () => new Dog('Fido'))
      return async () => {
        for (let i = 0; i < saves; i += atOnce)
          await Promise.all(dogs.slice(i, i + atOnce).map((dog) => school.save(dog)))
      }
    }
    const what = `save one event, file with fsync, ${atOnce} at a time`
    yield await rate({ what, count: saves, ours, floor: { what: 'append + fdatasync', work: bareAppend } })
    const native = nativeInserts(newFile, saves)
    if (native) yield await rate({ what, count: saves, ours, floor: { what: 'node:sqlite, WAL, FULL', work: native } })
  }
}

/** A line for each batch at the end of a file, and on the disk; then one statement of sql.js for its rows. */
const batchesByHand: Work = async () => {
  const { Database } = await initSqlJs()
  const database = new Database()
  database.run(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
    CREATE TABLE events (id TEXT, version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (id, version))`)
  const insert = database.prepare(`INSERT INTO events VALUES ${Array(100).fill('(?, ?, ?, ?)')}`)
  const file = openSync(newFile(), 'a')
  const batches = hundreds()
  return () => {
    for (const rows of batches) {
      database.run('BEGIN')
      insert.run(rows.flatMap(({ aggregateId, version, topic, state }) => [aggregateId, version, topic, state]))
      writeSync(file, `${JSON.stringify(rows)}\n`)
      fdatasyncSync(file)
      database.run('COMMIT')
    }
    closeSync(file)
    database.close()
  }
}

const hundreds = () => Array.from({ length: saves }, (_, dog) => [...rowsOf(`dog ${dog}`, 100)])

async function* batches(): AsyncGenerator<Figure> {
  const floor = { what: 'line + fdatasync + sql.js', work: batchesByHand }
  const count = saves * 100
  yield await rate({
    what: 'append 100 events at once, file with fsync',
    count,
    ours: () => {
      const recorder = sqlite(newFile())
      const batches = hundreds()
      return async () => {
        for (const rows of batches) await recorder.append(rows)
      }
    },
    floor,
  })
  yield await rate({
    what: 'save 100 events at once, file with fsync',
    count,
    ours: () => {
      const school = kennel(sqlite(newFile()))
      const dogs = Array.from({ length: saves }, () => {
        const dog = new Dog('Fido')
        for (let i = 1; i < 100; i++) dog.addTrick('roll over')
        return dog
      })
      return async () => {
        for (const dog of dogs) await school.save(dog)
      }
    },
    floor,
  })
}

/** A file with one dog of so many events, closed. */
async function written(events: number): Promise<string> {
  const file = newFile()
  const recorder = sqlite(file)
  await recorder.append([...rowsOf('fido', events)])
  await recorder.close()
  return file
}

async function* reading(): AsyncGenerator<Figure> {
  const file = await written(10_000)
  yield await rate({
    what: 'replay one dog of 10,000, file',
    count: 10_000,
    ours: () => {
      const school = kennel(sqlite(file, { readOnly: true }), { cacheSize: 0 })
      return () => school.repository.get(Dog, 'fido')
    },
    floor: {
      what: 'select, JSON.parse, switch',
      work: () => {
        const recorder = sqlite(file, { readOnly: true })
        return async () => replayByHand(await recorder.select('fido'))
      },
    },
  })
  const large = await written(100_000)
  yield await rate({
    what: 'read the notifications of 100,000, file',
    count: 100_000,
    ours: async () => {
      const recorder = sqlite(large, { readOnly: true })
      await recorder.open()
      return () => recorder.notifications()
    },
    turns: 3,
  })
  yield await duration('open a file of 100,000 events', () => async () => {
    const recorder = sqlite(large)
    await recorder.open()
    await recorder.close()
  })
}

/** How long a checkpoint lets nobody else do anything, beside writing the file at once. */
async function* standstills(recorder: SqliteRecorder, file: string, events: number): AsyncGenerator<Figure> {
  await recorder.append([], { tracking: { applicationName: 'bench', notificationId: events } })
  const ours = await standstill(() => recorder.checkpoint())
  const bytes = readFileSync(file)
  const figure = await standstill(async () => writeFileSync(newFile(), bytes, { flush: true }))
  const what = `the loop stands still, checkpoint of ${events.toLocaleString('en')}`
  yield { what, unit: 'ms', ours, floor: { what: 'write + fsync', figure } }
}

/** What one more save costs does not depend on how much is there. */
async function* growth(): AsyncGenerator<Figure> {
  for (const events of [1_000, 100_000, 1_000_000]) {
    const file = await written(events)
    const megabytes = (statSync(file).size / 2 ** 20).toFixed(0)
    const recorder = sqlite(file)
    const school = kennel(recorder)
    await recorder.open()
    yield await rate({
      what: `save one event, ${events.toLocaleString('en')} in the file (${megabytes} MB)`,
      count: saves,
      ours: () => async () => {
        for (let i = 0; i < saves; i++) await school.save(new Dog('Buster'))
      },
      floor: { what: 'append + fdatasync', work: bareAppend },
      turns: 3,
    })
    yield* standstills(recorder, file, events)
    await school.close()
  }
}
