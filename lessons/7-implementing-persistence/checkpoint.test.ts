/** What the school has promised to keep is in the file that was named, and outlives a process that is killed. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application } from 'dog-school'
import { isDeclaredIn, listed } from '../../src/checkpoints/judging/declared'
import { taught, teachAndPullThePlug } from '../../src/checkpoints/judging/host'
import { judge } from '../../src/checkpoints/judging/judge'
import { failsWith, throws } from '../../src/checkpoints/judging/likeness'
import { dogAsHeWas, schoolAtWork } from '../../src/checkpoints/judging/school-at-work'
import { writtenImports } from '../../src/checkpoints/judging/trace-imports'
import type { Schools } from '../../src/checkpoints/judging/watch-school'
import { sourcesIn } from '../../src/checkpoints/sources'
import { firstId, hintForNoFile, keepsWhatIsThere, kindOf, otherRecorder, refusesWhatIsThere, rowsOf } from './probes'

const notImported = { 'not-imported': throws(/sqlite.* is not defined/i) }
const noFunction = throws(/sqlite.* is not a (function|constructor)/i)
const refused = {
  'not-a-recorder': throws(/recorder\.\w+ is not a function/),
  'no-database': failsWith('NOT_A_DATABASE'),
  'other-file': failsWith('STORAGE'),
  'read-only': failsWith('READ_ONLY'),
  closed: failsWith('CLOSED'),
  'other-rows': failsWith('UNKNOWN_TOPIC'),
}
const opened = "const school = openSchool('fido.db')"
const registered = [opened, "const id = await school.registerDog('Fido')"]

judge(__dirname, async ({ folder, load, check, expect, refuse }) => {
  const isFromTheDoor = writtenImports(folder).some(({ to }) => to === 'dog-school/sqlite')
  const exported = load('dog-school.ts', {
    'wrong-door': (trouble) => /^It imports '|^Error: No such built-in/.test(trouble.message),
    'import-form': /sqlite.* is not a function/i,
    'not-imported': /is not defined|is not a function/,
  })
  const DogSchool = exported.DogSchool as Schools
  const { openSchool } = exported
  // File names are short here, and whatever is written goes with the folder.
  const before = process.cwd()
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'dog-school-')))
  process.chdir(scratch)
  let plugged: ReturnType<typeof teachAndPullThePlug> | undefined
  try {
    await check('school', async () => {
      const did = "import { DogSchool } from './dog-school'"
      if (typeof DogSchool !== 'function') refuse('no-school', { did, came: listed(exported) })
      const other = otherRecorder(DogSchool)
      if (other)
        refuse(other.endsWith('MemoryRecorder') ? 'not-passed-on' : 'own-constructor', {
          did: 'new DogSchool(recorder)',
          expected: 'a school with this recorder',
          came: other,
        })
      const { Dog } = load('dog.ts') as { readonly Dog: object }
      await dogAsHeWas({ expect, refuse, Dog })
      for (const run of Object.values(schoolAtWork({ expect, refuse, DogSchool, Dog }))) await run()
    })

    await check('exported', () => {
      if (typeof openSchool === 'function') return
      const did = "import { openSchool } from './dog-school'"
      if (openSchool !== undefined) refuse('made-already', { did, came: `${kindOf(openSchool)}, and no function` })
      const isInside = 'openSchool' in DogSchool || 'openSchool' in new DogSchool()
      const isThere = exported.default || isDeclaredIn(folder, 'dog-school.ts', 'openSchool')
      const others = sourcesIn(folder).filter((name) => isDeclaredIn(folder, name, 'openSchool'))
      const hint = isInside ? 'inside-the-class' : isThere ? 'not-exported' : 'no-open-school'
      if (hint === 'no-open-school' && others[0])
        refuse('in-another-file', { did, came: `${listed(exported)}; openSchool is in ${others[0]}` })
      refuse(hint, { did, came: listed(exported) })
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
    const show = async (
      lines: readonly string[],
      shows: unknown,
      hint: string,
      slips = {},
      more = {},
      accepts?: () => boolean,
    ) => {
      try {
        const code = lines.join('\n')
        return await expect({ code, names: { ...names, ...more }, shows, hint, slips, ...(accepts && { accepts }) })
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
        ...notImported,
        [isFromTheDoor ? 'import-form' : 'wrong-door']: noFunction,
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
      const before = new Set(readdirSync('.'))
      const files = () => readdirSync('.').filter((name) => !before.has(name))
      const last = '({ files: files(), recorder: kindOf(school.recorder) })'
      const lines = [...registered, 'await school.close()', last]
      const shows = { files: ['fido.db'], recorder: "sqlite('fido.db')" }
      const hint = await hintForNoFile(open, join(scratch, 'probe.db'))
      await show(lines, shows, hint, refused, { files }, () => existsSync('fido.db'))
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
      const isForgotten = failsWith('AGGREGATE_NOT_FOUND')
      // He is in the file, and the school looks for him elsewhere.
      const isThere = (await rowsOf('fido.db', 'SELECT originator_id FROM stored_events')).length > 0
      const forgotten = { [isThere && (await keepsWhatIsThere(open)) ? 'two-recorders' : 'starts-anew']: isForgotten }
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
