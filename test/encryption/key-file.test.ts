/** Keys in a file: they last, and are readable to nobody else; whoever is forgotten is gone from it. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { MemoryRecorder } from 'dog-school'
import { MemoryKeyStore, type Person, SubjectKeys } from 'dog-school/encryption'
import { keyFile } from 'dog-school/key-file'
import { type Disk, nodeDisk } from 'dog-school/sqlite'
import t from 'tap'
import { failing } from '../recorders/crash/failing-disk'
import { born, Dog, kennel, subjectOf } from './people'

const place = (folder: string) => join(folder, 'school.keys')
const textIn = (path: string) => readFileSync(path, 'latin1')

t.test('keys last, and what is forgotten stays forgotten', async (t) => {
  const path = place(t.testdir())
  const recorder = new MemoryRecorder()
  const dogs = ['Ann', 'Bob', 'Cleo'].map((owner) => new Dog('Fido', owner, born))
  const owners = async (keys: SubjectKeys) => {
    const school = kennel(recorder, { keys })
    return Promise.all(dogs.map(async ({ id }) => (await school.repository.get(Dog, id)).owner))
  }
  const first = new SubjectKeys(keyFile(path))
  await kennel(recorder, { keys: first }).save(...dogs)
  first.close()
  const second = new SubjectKeys(keyFile(path))
  t.strictSame(await owners(second), ['Ann', 'Bob', 'Cleo'])
  const key = textIn(path).split('\n')[3]
  t.equal(second.forget(subjectOf(dogs[1]?.id ?? '')), true)
  t.strictSame(await owners(second), ['Ann', 'forgotten', 'Cleo'])
  t.notMatch(textIn(path), key ?? '')
  second.add('Dora')
  const { generation } = second
  second.close()
  const third = new SubjectKeys(keyFile(path))
  t.strictSame(await owners(third), ['Ann', 'forgotten', 'Cleo'])
  t.equal(third.generation, generation)
  t.equal(third.has('Dora'), true)
  third.close()
  t.throws(() => third.add('Eve'), { code: 'CLOSED' })
})

t.test('a large import makes its keys with one write', async (t) => {
  // More than a call can have arguments.
  const people = new Array<Person>(200_000).fill({ mark: 'a', key: new Uint8Array(16) })
  const file = keyFile(place(t.testdir()))
  for (const store of [new MemoryKeyStore(), ...(process.env.DOG_SCHOOL_LONG === '1' ? [file] : [])]) {
    store.add(people)
    t.equal(store.read().people.length, people.length)
  }
  file.close?.()
})

t.test('only its owner reads it, and nobody sees from it who is in it', async (t) => {
  const path = place(t.testdir())
  const keys = new SubjectKeys(keyFile(path))
  keys.add('ann@example.org')
  t.equal(statSync(path).mode & 0o777, 0o600)
  keys.forget('ann@example.org')
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.notMatch(textIn(path), /ann|example/)
  keys.close()
  chmodSync(path, 0o644)
  keyFile(path).close?.()
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.strictSame(readdirSync(join(path, '..')), ['school.keys'])
})

t.test('one process writes, and the others learn of everything', async (t) => {
  const path = place(t.testdir())
  const keys = new SubjectKeys(keyFile(path))
  t.throws(() => keyFile(path), { code: 'DATABASE_LOCKED' })
  const program = `
    require(${JSON.stringify(join(__dirname, '..', '..', 'src', 'node', 'register.cjs'))})
    const { keyFile } = require(${JSON.stringify(join(__dirname, '..', '..', 'src', 'key-file.ts'))})
    try { keyFile(${JSON.stringify(path)}) } catch ({ code }) { console.log(code) }`
  t.match(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' }).stdout, /DATABASE_LOCKED/)
  const reader = new SubjectKeys(keyFile(path, { readOnly: true }))
  const hidden = keys.hide({ name: 'Ann' }, 'ann', 'here')
  t.strictSame(reader.show(hidden, 'here'), { name: 'Ann' })
  const { generation } = reader
  keys.forget('ann')
  t.not(reader.generation, generation)
  t.equal(reader.show(hidden, 'here'), undefined)
  t.throws(() => reader.add('bob'), { code: 'READ_ONLY' })
  t.throws(() => reader.forget('bob'), { code: 'READ_ONLY' })
  t.throws(() => keyFile(`${path}.other`, { readOnly: true }), { code: 'KEY_FILE' })
  keys.close()
})

t.test('keys that were closed are not used: another process may forget people by now', async (t) => {
  const keys = new SubjectKeys(keyFile(place(t.testdir())))
  const recorder = new MemoryRecorder()
  const problems: Error[] = []
  const school = kennel(recorder, { keys, onProblem: (problem) => problems.push(problem) })
  const dog = new Dog('Fido', 'Ann', born)
  await school.save(dog)
  dog.addTrick('sit')
  const saving = school.save(dog)
  keys.close()
  t.strictSame(await saving, [2], 'what is recorded is not rejected')
  t.match(problems, [{ code: 'CLOSED', message: /file of keys is closed/ }])
  for (const work of [
    (): Promise<unknown> => school.repository.get(Dog, dog.id),
    () => school.repository.history(dog.id),
    () => school.notificationLog.select(),
    () => school.save(new Dog('Rex', 'Bob', born)),
    async () => keys.has('Ann'),
  ])
    await t.rejects(work(), { code: 'CLOSED' })
  t.equal(await recorder.maxNotificationId(), 2)
})

t.test('a reader does not stumble over a file that is replaced while it is read', async (t) => {
  const path = place(t.testdir())
  const keys = new SubjectKeys(keyFile(path))
  keys.add('ann', 'bob')
  let meanwhile = () => {}
  const disk: Disk = {
    ...nodeDisk,
    read(path, length) {
      const fd = openSync(path, 'r')
      meanwhile()
      const text = readFileSync(fd)
      closeSync(fd)
      return length === undefined ? text : text.subarray(0, length)
    },
  }
  const reader = new SubjectKeys(keyFile(path, { readOnly: true, disk }))
  keys.add('cleo')
  meanwhile = () => {
    meanwhile = () => {}
    keys.forget('ann')
  }
  t.strictSame([reader.has('ann'), reader.has('bob'), reader.has('cleo')], [false, true, true])
  keys.close()
})

t.test('the old file is overwritten, unless it is a backup that somebody made', async (t) => {
  const folder = t.testdir()
  const path = place(folder)
  const keys = new SubjectKeys(keyFile(path))
  keys.add('ann', 'bob')
  linkSync(path, join(folder, 'backup'))
  const before = textIn(path)
  keys.forget('ann')
  t.equal(textIn(join(folder, 'backup')), before)
  keys.close()
})

t.test('a file that is damaged, or is none, is refused in words', async (t) => {
  const folder = t.testdir()
  const path = place(folder)
  const keys = new SubjectKeys(keyFile(path))
  keys.add('ann', 'bob')
  keys.close()
  const good = textIn(path)
  const lines = good.split('\n')
  for (const [text, code, message] of [
    ['hello\n', 'KEY_FILE', /is no file of keys/],
    ['', 'KEY_FILE', /is no file of keys/],
    [`${lines[0]}\n`, 'KEY_FILE', /ends too soon/],
    [good.replace(/^dog-school keys 1/, 'dog-school keys 2'), 'NEWER_SCHEMA', /newer version/],
    ...[1, 2, 3].flatMap((i) => {
      const line = lines[i] as string
      return [0, 9, line.length - 1].map((at) => {
        const flipped = `${line.slice(0, at)}${line[at] === 'x' ? 'y' : 'x'}${line.slice(at + 1)}`
        return [good.replace(line, flipped), 'KEY_FILE', new RegExp(`^Line ${i + 1} of .* is damaged`)] as const
      })
    }),
  ] as const) {
    writeFileSync(path, text)
    t.throws(() => keyFile(path), { code, message })
    t.throws(() => keyFile(path, { readOnly: true }), { code, message })
    t.equal(textIn(path), text, 'and left as it was')
  }
  // What was being written when the machine stopped.
  writeFileSync(path, `${good}${lines[3]?.slice(0, 30)}`)
  const again = new SubjectKeys(keyFile(path))
  t.equal(again.has('bob'), true)
  again.add('cleo')
  again.close()
  t.equal(textIn(path).split('\n').length, lines.length + 1)
  for (const none of [undefined, '', 7])
    t.throws(() => keyFile(none as never), { name: 'TypeError', message: /takes the path of a file/ })
  t.throws(() => keyFile(join(folder, 'nowhere', 'x')), { code: 'STORAGE', message: /folder does not exist/ })
})

t.test('another program that changes it is noticed, and nothing is recorded meanwhile', async (t) => {
  const folder = t.testdir()
  const path = place(folder)
  const keys = new SubjectKeys(keyFile(path))
  keys.add('ann')
  copyFileSync(path, join(folder, 'backup'))
  keys.add('bob')
  copyFileSync(join(folder, 'backup'), path)
  const school = kennel(undefined, { keys })
  await t.rejects(school.save(new Dog('Fido', 'Cleo', born)), { code: 'KEY_FILE', message: /another program/ })
  t.equal((await school.notificationLog.select()).length, 0)
  t.throws(() => keys.forget('ann'), { code: 'KEY_FILE' })
  keys.close()
})

t.test('nothing is recorded under a key that the disk has refused', async (t) => {
  const path = place(t.testdir())
  const { disk, fail, repair } = failing()
  const keys = new SubjectKeys(keyFile(path, { disk }))
  const school = kennel(undefined, { keys })
  for (const step of ['write', 'sync'] as const) {
    fail(step, '.keys')
    fail(step, '')
    const dog = new Dog('Fido', 'Ann', born)
    await t.rejects(school.save(dog), { code: 'STORAGE', message: /the disk is full/ }, step)
    t.equal((await school.notificationLog.select()).length, 0)
    t.throws(() => keys.add(...'refused'), { code: 'STORAGE' })
    repair()
  }
  await school.save(new Dog('Fido', 'Ann', born))
  const reader = new SubjectKeys(keyFile(path, { readOnly: true }))
  t.notOk(
    [...'refused'].some((person) => reader.has(person)),
    'nothing is left of the longer ones',
  )
  for (const step of ['open', 'write', 'sync', 'rename', 'syncFolder'] as const) {
    keys.add(step)
    fail(step, '')
    t.throws(() => keys.forget(step), { code: 'STORAGE' }, step)
    repair()
    if (step !== 'syncFolder') t.equal(keys.forget(step), true, 'and then it works')
    t.equal(keys.has(step), false)
  }
  keys.close()
  const again = new SubjectKeys(keyFile(path))
  t.equal(again.has('open'), false)
  t.strictSame(
    [...'refused'].filter((person) => again.has(person)),
    [],
    'nor is what was written by half',
  )
  again.close()
  t.strictSame(readdirSync(join(path, '..')), ['school.keys'], 'no draft is left')
})
