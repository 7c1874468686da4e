/** What the school has promised to keep is in the file that was named, and outlives a process that is killed. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application, MemoryRecorder } from 'dog-school'
import { SqliteRecorder, sqlite } from 'dog-school/sqlite'
import { judge } from '../../src/checkpoints/judging/judge'
import { taught, teachAndPullThePlug } from '../../src/checkpoints/judging/kill-midway'
import { failsWith, throws } from '../../src/checkpoints/judging/likeness'

const notImported = throws(/sqlite.*(is not defined|is not a function)/)
const refused = {
  'not-a-recorder': throws(/recorder\.\w+ is not a function/),
  'no-database': failsWith('NOT_A_DATABASE'),
  'other-file': failsWith('STORAGE'),
  'read-only': failsWith('READ_ONLY'),
  closed: failsWith('CLOSED'),
  'not-imported': notImported,
  'other-rows': failsWith('UNKNOWN_TOPIC'),
}
const opened = "const school = openSchool('fido.db')"
const registered = [opened, "const id = await school.registerDog('Fido')"]

judge(__dirname, async ({ folder, load, check, expect, refuse }) => {
  const exported = load('dog-school.ts', { 'not-imported': /^It imports '|is not defined|is not a function/ })
  const DogSchool = exported.DogSchool as new (recorder?: MemoryRecorder) => Application
  const { openSchool } = exported
  // File names are short here, and whatever is written goes with the folder.
  const before = process.cwd()
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'dog-school-')))
  process.chdir(scratch)
  let plugged: ReturnType<typeof teachAndPullThePlug> | undefined
  try {
    await check('school', async () => {
      const did = "import { DogSchool } from './dog-school'"
      if (typeof DogSchool !== 'function') refuse('school-changed', { did, came: 'no class DogSchool' })
      const begun = ['const school = new DogSchool(recorder)', "const id = await school.registerDog('Fido')"]
      const code = [...begun, "await school.addTrick(id, 'roll over')", 'await school.getDog(id)'].join('\n')
      const names = { DogSchool, recorder: new MemoryRecorder() }
      const others = { DogSchool, recorder: new MemoryRecorder() }
      if (!keeps(DogSchool, others.recorder))
        refuse('own-constructor', {
          did: 'new DogSchool(recorder)',
          came: 'a school without this recorder, or an error',
        })
      await expect({ code, names, shows: { name: 'Fido', tricks: ['roll over'] }, hint: 'school-changed' })
      // A dog who is kept beside the events is not known to the next school.
      const next = [...begun, 'const next = new DogSchool(recorder)', '(await next.getDog(id)).name'].join('\n')
      await expect({ code: next, names: others, shows: 'Fido', hint: 'school-changed' })
      const spelled = [...begun, "await school.addTrick(id, '  High FIVE ')", '(await school.getDog(id)).tricks']
      const third = { DogSchool, recorder: new MemoryRecorder() }
      await expect({ code: spelled.join('\n'), names: third, shows: ['  High FIVE '], hint: 'other-spelling' })
    })

    await check('exported', () => {
      if (typeof openSchool === 'function') return
      const inside = 'openSchool' in DogSchool || 'openSchool' in new DogSchool()
      const came = `the exports are: ${Object.keys(exported).join(', ')}`
      refuse(inside ? 'inside-the-class' : 'no-open-school', { did: "import { openSchool } from './dog-school'", came })
    })
    const open = openSchool as (file: string) => Application

    const schools = new Set<Application>()
    const names = {
      DogSchool,
      exists: existsSync,
      kindOf: (it: unknown) => (it instanceof DogSchool ? 'a DogSchool' : kindOf(it)),
      isShared: (one: Application, other: Application) =>
        one.recorder === other.recorder && typeof one.recorder.append === 'function',
      openSchool: (file: string) => {
        const school = open(file)
        if (school instanceof Application) schools.add(school)
        return school
      },
    }
    /** Runs lines, and lets go of every file that they have opened. */
    const show = async (lines: readonly string[], shows: unknown, hint: string, slips = {}) => {
      try {
        return await expect({ code: lines.join('\n'), names, shows, hint, slips })
      } finally {
        for (const school of schools) await school.close().catch(() => undefined)
        schools.clear()
      }
    }

    await check('returns', async () => {
      // It refuses a name that is new, and would take the name of a file.
      const noFileYet = (_: unknown, error?: unknown) => {
        if (!(error instanceof Error)) return false
        writeFileSync('there.db', '')
        try {
          names.openSchool('there.db')
          return true
        } catch {
          return false
        }
      }
      const slips = {
        'not-imported': notImported,
        'without-new': throws(/without 'new'/),
        async: 'a promise',
        'returns-nothing': 'undefined',
        'no-file-yet': noFileYet,
        'no-name': throws(/startsWith|path|file name|must be a? ?(non-empty )?string/i),
      }
      await show(["kindOf(openSchool('kind.db'))"], 'a DogSchool', 'returns-school', slips)
      await show(["isShared(openSchool('fido-1.db'), openSchool('fido-2.db'))"], false, 'one-for-all')
    })

    await check('file', async () => {
      const lines = [...registered, 'await school.close()', "exists('fido.db')"]
      await show(lines, true, await hintForNoFile(open, join(scratch, 'probe.db')), refused)
      const [row] = await rowsOf('fido.db', 'SELECT count(*) FROM stored_events')
      const did = 'SELECT count(*) FROM stored_events'
      if (!row) return refuse('no-database', { did: 'sqlite3 fido.db', came: 'a file that the recorder cannot read' })
      if (row[0] !== 1)
        refuse(row[0] === 0 ? 'in-memory' : 'more-than-asked', { did, expected: '1', came: `${row[0]}` })
    })
    // A process takes its time: it is started before it is needed, and not for who does not come as far.
    plugged = teachAndPullThePlug(realpathSync(folder), scratch, 'plug.db')

    await check('again', async () => {
      const id = await firstId('fido.db')
      const lines = [opened, `await school.addTrick('${id}', 'roll over')`, `(await school.getDog('${id}')).name`]
      const reopened = { 'kept-open': failsWith('CLOSED'), 'opens-once': () => refusesWhatIsThere(open) }
      const forgotten = { 'starts-anew': failsWith('AGGREGATE_NOT_FOUND') }
      await show(lines, 'Fido', 'starts-anew', { ...refused, closed: () => false, ...reopened, ...forgotten })
    })

    await check('named', async () => {
      const lines = [...registered, "const other = openSchool('buster.db')", 'await other.notificationLog.max()']
      await show(lines, 0, 'one-for-all')
      mkdirSync('Kennel')
      const rex = ["const school = openSchool('Kennel/Rex')", "await school.registerDog('Rex')", 'await school.close()']
      await show([...rex, "exists('Kennel/Rex')"], true, 'other-file', { 'other-file': failsWith('STORAGE') })
    })

    await check('plug', async () => {
      const { id, problem } = (await plugged) ?? {}
      const did = "openSchool('plug.db'), teach Fido two tricks, kill -9"
      if (id === undefined) refuse('lost', { did, came: problem ?? 'nothing' })
      const lines = ["const school = openSchool('plug.db')", `await school.getDog('${id}')`]
      await show(lines, { name: 'Fido', tricks: taught }, 'lost', { lost: throws(/./) })
    })

    await check('rows', async () => {
      const rows = await rowsOf('plug.db', 'SELECT originator_version, topic FROM stored_events')
      const expected = ['1 dogschool:Dog.Registered', '2 dogschool:Dog.TrickAdded', '3 dogschool:Dog.TrickAdded']
      const came = rows.map((row) => row.join(' '))
      if (came.join('\n') === expected.join('\n')) return
      refuse('other-rows', {
        did: 'SELECT originator_version, topic FROM stored_events',
        expected: expected.join('\n'),
        came: came.join('\n'),
      })
    })
  } finally {
    await plugged
    process.chdir(before)
    rmSync(scratch, { recursive: true, force: true })
  }
})

/** Whether a school can be made with a recorder, and has it then. */
function keeps(DogSchool: new (recorder: MemoryRecorder) => Application, recorder: MemoryRecorder): boolean {
  try {
    return new DogSchool(recorder).recorder === recorder
  } catch {
    return false
  }
}

/** What came instead of a school, in words. */
function kindOf(it: unknown): string {
  if (it instanceof Promise) return 'a promise'
  if (typeof it === 'function') return `the class or function ${it.name}`
  return it instanceof Object ? `a ${it.constructor.name}` : String(it)
}

/** Whether it throws already when it is to open a file that it has made before. */
function refusesWhatIsThere(open: (file: string) => Application): boolean {
  try {
    void open('fido.db').close()
    return false
  } catch {
    return true
  }
}

/** What a file answers; nothing, if it is no database. */
async function rowsOf(file: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const recorder = sqlite(file)
  try {
    return (await recorder.query(sql)).rows
  } catch {
    return []
  } finally {
    await recorder.close().catch(() => undefined)
  }
}

const firstId = async (file: string): Promise<unknown> =>
  (await rowsOf(file, 'SELECT originator_id FROM stored_events'))[0]?.[0]

type School = Application & { registerDog(name: string): Promise<string>; getDog(id: string): Promise<unknown> }

/** Why the file is not there: everything stays in memory, or is kept under a name that nobody gave. */
async function hintForNoFile(open: (file: string) => Application, file: string): Promise<string> {
  try {
    const school = open(file) as School
    if (school.recorder instanceof SqliteRecorder)
      return [undefined, ':memory:'].includes(school.recorder.file) ? 'in-memory' : 'other-file'
    const id = await school.registerDog('Fido')
    await school.close()
    const again = open(file) as School
    const isKept = await again.getDog(id).then(
      () => true,
      () => false,
    )
    await again.close()
    return isKept ? 'other-file' : 'in-memory'
  } catch {
    return 'in-memory'
  }
}
