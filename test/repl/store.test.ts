/** The commands for the store, and those that write files. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nameOf } from '../../src/repl/session/store'
import { welcome } from '../../src/repl/session/welcome'
import { startSession } from '../../src/repl/start/start'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { sit } from './sitting'

t.test('.sql, .db, .save and .open', async (t) => {
  const folder = t.testdir()
  const [file, copy] = [join(folder, 'one.db'), join(folder, 'copy.db')]
  const sitting = await sit({ db: file })
  const { shows, take, shell } = sitting
  await take("const fido = await school.registerDog('Fido')")
  t.match(await take('.sql SELECT originator_version AS v, state FROM stored_events'), {
    rows: [{ v: 1, state: /"name":"Fido"/ }],
  })
  t.match(await shows('.sql DELETE FROM stored_events'), /only reads.*--write DELETE/s)
  t.match(await shows('.sql SELEC'), /syntax error/)
  t.match(await shows('.sql'), /Which query\?/)
  for (const query of ['SELECT notification_id FROM stored_events', 'SELECT 1 FROM events', 'SELECT 1 AS one, it']) {
    const { says, next } = (await take(`.sql ${query}`)) as { says: string; next: string }
    t.match(says, /: no such (table|column): \w+$/, query)
    t.match(
      next,
      /^There is: stored_events \(rowid, originator_id, originator_version, topic, state\), .* is the position\.$/,
    )
    t.notMatch(next, 'dog_school')
  }
  t.match(await take('.db'), { rows: [{ property: 'file', value: file }, {}, { property: 'events', value: 1 }] })
  t.match(await shows(`.save ${copy}`), /A copy of the store/)
  t.match(await shows(`.save ${copy}`), /the file exists already/)
  t.match(await shows(`.open ${file}`), /open already/)
  await take("await school.addTrick(fido, 'only in the first')")
  t.match(await shows(`.open ${copy}`), /with 1 event\.$/)
  t.match(
    await shows(`.export md ${join(folder, 'all.md')}`),
    /^2 lines written to/,
    'what was typed before is still there',
  )
  t.match(await shows('.undo'), /No line of this session/, 'what it recorded is in the other store')
  t.match(await shows(`.export test ${join(folder, 'all.test.ts')}`), /had events before this session/)
  t.match(await shows('await school.getDog(fido)'), /tricks: \[\]/)
  t.match(await shows(`.open ${folder}`), /folder/)
  t.match(await shows('await school.getDog(fido)'), /tricks: \[\]/, 'a store that cannot be opened leaves the old one')
  t.match(
    await shows(".sql --write UPDATE stored_events SET topic = 'dogschool:Dog.Gone'"),
    /not meant to be written to by hand/,
  )
  t.match(await shows('await school.getDog(fido)'), /UnknownTopicError/)
  t.equal(nameOf(shell.session.recorder), copy)
  t.match(await shows('.lose'), /no follower can\s+miss.*DOG_SCHOOL_DB=postgres:/s)
  const loaded = Object.keys(require.cache).filter((file) => /node_modules.(pg|zod)|recorders.postgres/.test(file))
  t.strictSame(loaded, [], 'what nobody has asked for is not loaded')
  await sitting.end()
})

t.test('a store that is open for reading only', async (t) => {
  const file = join(t.testdir(), 'seen.db')
  const writer = await sit({ db: file })
  await writer.take("await school.registerDog('Fido')")
  const { refused = '' } = (await startSession({ db: file, readOnly: false })) as { refused?: string }
  t.match(
    refused,
    /is already open in this process: use that recorder, close it first\nTo look at it meanwhile: npm start -- --read-only$/,
  )
  t.notMatch(refused, /readOnly/, 'a person types no options of the library')
  await writer.end()
  const { shows, shell, end } = await sit({ db: file, readOnly: true })
  t.match(
    await welcome(shell.session),
    /seen\.db, with 1 event\. It is open for reading only: nothing can be recorded\.\nTry: \.dogs/,
  )
  t.match(
    await shows("await school.registerDog('Rex')"),
    /^The store is open for reading only, .*\nTo record, start without --read-only; or try it on a copy: \.fork$/,
  )
  t.match(await shows('.fork', "await school.registerDog('Rex')"), /\+1 Registered/)
  await end()
})

t.test('.export test knows dogs by their names, and refuses ids, which are new each time', async (t) => {
  const folder = t.testdir()
  const { shows, take, shell, end } = await sit()
  await take(
    "await school.registerDog('Fido')",
    "await school.addTrick(idOf('fido'), 'sit')",
    "await school.getDog(idOf('Fido'))",
  )
  const file = join(folder, 'named.test.ts')
  t.match(await shows(`.export test ${file}`), /^3 lines written to/)
  const run = [shortLived, join(__dirname, '..', '..', 'src', 'node', 'run.cjs'), file]
  t.match(
    execFileSync('node', run, { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' }),
    /ok 1 - as at the prompt/,
  )
  const { id } = await shell.session.one('fido')
  await take(`await school.getDog(idOf('${id.slice(0, 5)}'))`)
  t.match(await shows(`.export test ${join(folder, 'a.ts')}`), `'${id.slice(0, 5)}' is an id, or the beginning of one`)
  await end()
})

t.test('an address of no server that is known here is refused, and not shown', async (t) => {
  for (const db of [
    'mysql://ann:hidden@127.0.0.1/dogs',
    'postgress://ann:hidden@127.0.0.1/dogs',
    'postgres://ann:hid#den@127.0.0.1/dogs',
    'postgres://ann:hidden@127.0.0.1:99999/dogs',
    'postgresql:ann:hidden@127.0.0.1/dogs',
  ]) {
    const { refused = '' } = (await startSession({ db, readOnly: false })) as { refused?: string }
    t.match(refused, /postgres:\/\/user(:password)?@host:5432\/database/, db)
    t.notMatch(refused, /hid|ann:/)
  }
})

t.test('.error tells what went wrong last, if the prompt itself refused it too', async (t) => {
  const { shows, end } = await sit()
  t.equal(await shows('.error'), 'No line has thrown an error yet.')
  t.match(await shows("idOf('rex')", '.error'), /^Nobody is here yet\.\nTry: /)
  t.match(await shows("throw new Error('no balls')", '.error'), /^Error: no balls\n {4}at /)
  t.match(await shows('.at rex 1', '.error'), /no balls/, 'what a command refuses is no error')
  await end()
})

t.test('.save, .load and .export write what runs again', async (t) => {
  const folder = t.testdir({ 'wrong.ts': 'throw new Error("wrong")' })
  const sitting = await sit()
  const { shows, take } = sitting
  t.match(await shows(`.export md ${join(folder, 'none.md')}`), /No line of this session has worked/)
  await take(
    "const fido = await school.registerDog('Fido')",
    "throw new Error('left out')",
    "await school.addTrick(fido, 'roll over')",
    'await school.getDog(fido)',
    'fido',
  )
  await take("import { inspect } from 'node:util'", 'inspect({ fido: 1 })')
  t.match(await shows(`.save ${join(folder, 'session.ts')}`), /^6 lines that worked: written to/)
  t.match(await shows(`.export md ${join(folder, 'session.md')}`), /^6 lines written to/)
  t.match(await shows(`.export test ${join(folder, 'session.test.ts')}`), /6 lines/)
  t.match(await shows('.export test'), /as what, and where/)
  t.match(await shows(`.load ${join(folder, 'nothing.ts')}`), /there is no such file/)
  t.match(await shows(`.load ${join(folder, 'wrong.ts')}`), /Error: wrong/)
  await take('let fido = 1')
  t.match(await shows(`.export test ${join(folder, 'twice.test.ts')}`), /'fido' was declared more than once/)
  t.match(
    readFileSync(join(folder, 'session.md'), 'utf8'),
    /```ts\nawait school\.getDog\(fido\)\n\/\/ → \{ name: 'Fido', tricks: \[ 'roll over' \] \}\n```/,
  )
  await sitting.end()

  const again = await sit()
  t.notMatch(await again.shows(`.load ${join(folder, 'session.ts')}`), /rror/)
  t.match(await again.shows('await school.getDog(fido)'), /roll over/)
  await again.end()

  const program = join(__dirname, '..', '..', 'src', 'node', 'run.cjs')
  const run = () =>
    execFileSync('node', [shortLived, program, 'session.test.ts'], {
      cwd: folder,
      env: cleanEnvironment(),
      encoding: 'utf8',
    })
  t.match(run(), /# \{ total: 4, pass: 4 \}|ok 1/)
  const wrong = readFileSync(join(folder, 'session.test.ts'), 'utf8').replace(/(t\..*)roll over/, '$1sit')
  writeFileSync(join(folder, 'session.test.ts'), wrong)
  const line = wrong.split('\n').findIndex((each) => /t\..*sit/.test(each)) + 1
  const failed = Object.assign(new Error(), { message: /./, stdout: new RegExp(`lineNumber: ${line}\n`) })
  t.throws(run, failed, 'and it can fail, and says where')
})

t.test('.export writes what a line showed when it ran, and not what was said to a question', async (t) => {
  const file = join(t.testdir(), 'lesson.md')
  const { take, end } = await sit()
  await take('.lesson 3', '.next', '2', 'const tricks = [1]', 'tricks', 'tricks.push(2)', `.export md ${file}`)
  await end()
  const cells = readFileSync(file, 'utf8').match(/(?<=```ts\n).*?(?=\n```)/gs)
  t.strictSame(cells?.slice(1), [
    'fido.version\n// → 2',
    'const tricks = [1]',
    'tricks\n// → [ 1 ]',
    'tricks.push(2)\n// → 2',
  ])
})

t.test('.crash asks first, and not where there is nothing to survive', async (t) => {
  const sitting = await sit({ db: join(t.testdir(), 'crash.db') })
  const { shows, shell } = sitting
  t.match(await shows('.crash'), /Three dogs will be saved/)
  t.match(shell.session.questions.newest, /Type yes/)
  t.equal(await shows('no'), 'Nothing was done.')
  t.equal(shell.session.questions.newest, undefined)
  t.match(await shows('.fork', '.crash'), /would only lose it/)
  await sitting.end()
  const memory = await sit()
  t.match(await memory.shows('.crash'), /in memory/)
  await memory.end()
  t.notOk(existsSync('crash.db'))
})

t.test('.crash kills, and the next sitting counts what is there', async (t) => {
  const file = join(t.testdir(), 'crash.db')
  const main = join(__dirname, '..', '..', 'src', 'cli', 'main.cjs')
  const start = (input: string) =>
    execFileSync('node', [shortLived, main, '--no-types', '--db', file], {
      input,
      env: cleanEnvironment(),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  t.throws(() => start('.crash\nyes\n'), Object.assign(new Error(), { message: /./, signal: 'SIGKILL' }))
  const after = start('.dogs\n')
  t.match(after, /3 events had been\s+acknowledged; [34] are here: none is lost/)
  t.match(after, /Phoenix 3/)
  t.notMatch(start('.dogs\n'), /acknowledged/, 'it says so once')
})
