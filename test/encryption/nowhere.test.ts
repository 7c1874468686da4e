/**
 * The plain words are nowhere: not in the database, its journal, its free pages, the file of keys, snapshots, the rows of
 * views, or errors; in no spelling. After a forgetting, the key is nowhere either.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type Application, type ApplicationOptions, MemoryRecorder, type Payload, type PersonalKeys } from 'dog-school'
import { aesGcm, createKey, type KeyStore, SubjectKeys, zlib } from 'dog-school/encryption'
import { keyFile } from 'dog-school/key-file'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { decode, encode } from '../../src/values/json'
import { Dog, kennel, subjectOf } from './people'

const [owner, buyer, phone] = ['Ann-Plainword-Abbott', 'Bärbel Plainword Ötzi', '0123 4567 8901']
const words = [owner, buyer, phone, '1984-05-06', 'owner of ', 'Plain-wd']
const born = new Date('1984-05-06T07:08:09.000Z')

/** How bytes may be spelt in a file: as they are, in hex, and in base64 at each of its three alignments. */
function spellings(bytes: Buffer): Map<string, string> {
  const base64 = (shift: number) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      // Its first and last digits depend on what stands beside.
      .slice(shift === 0 ? 0 : shift + 1, -4)
  return new Map([
    ['itself', bytes.toString('latin1')],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...[0, 1, 2].map((shift) => [`base64 ${shift}`, base64(shift)] as const),
    ...[0, 1, 2].map(
      (shift) => [`base64url ${shift}`, base64(shift).replaceAll('+', '-').replaceAll('/', '_')] as const,
    ),
  ])
}
const encodings: Record<string, (word: string) => Buffer> = {
  utf8: (word) => Buffer.from(word),
  latin1: (word) => Buffer.from(word, 'latin1'),
  utf16: (word) => Buffer.from(word, 'utf16le'),
  'utf16 the other way': (word) => Buffer.from(word, 'utf16le').swap16(),
  'JSON with escapes': (word) =>
    Buffer.from(word.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)),
}
/** Which words are in these bytes, and how they are spelt there. */
function found(bytes: Buffer, secrets: readonly Buffer[] = []): string[] {
  const text = bytes.toString('latin1')
  const named = words.flatMap((word) =>
    Object.entries(encodings).map(([name, encode]) => [`${word} in ${name}`, encode(word)] as const),
  )
  return [...named, ...secrets.map((secret) => ['a key', secret] as const)].flatMap(([what, bytes]) =>
    [...spellings(bytes)].filter(([, spelt]) => text.includes(spelt)).map(([how]) => `${what}, ${how}`),
  )
}

t.test('the search finds what there is', async (t) => {
  for (const encode of Object.values(encodings))
    for (const spelt of spellings(encode(buyer)).values()) {
      const bytes = Buffer.from(`some bytes ${spelt} and others`, 'latin1')
      t.ok(found(bytes).length > 0)
    }
  for (const at of [0, 1, 2])
    t.ok(found(Buffer.from(Buffer.from(`${'x'.repeat(at)}${owner}, yes`).toString('base64'))).length > 0)
  t.strictSame(found(Buffer.from('nothing')), [])
  t.ok(found(Buffer.from('my secret key'), [Buffer.from('secret')]).length > 0)
})

/** Registers, sells, takes a snapshot and keeps the row of a view, which holds a name. */
async function fill(school: Application): Promise<string> {
  const fido = new Dog('Fido', owner, born, [phone])
  fido.sell(buyer)
  for (let i = 0; i < 30; i++) fido.addTrick(`trick ${i}`)
  await school.save(fido)
  await school.repository.get(Dog, fido.id)
  await school.takeSnapshot(Dog, fido.id)
  await school.takeSnapshot(Dog, fido.id, { version: 1 })
  const { recorder, mapper } = school
  const change = { view: 'owners', form: '1', build: '1', after: 0, position: 1, logId: await recorder.logId() }
  await recorder.saveView({
    ...change,
    rows: [[fido.id, mapper.pack(JSON.stringify({ owner, phone }), mapper.generation)]],
  })
  return fido.id
}
/** Keys that hide nothing. */
const openKeys: PersonalKeys = {
  generation: '',
  hide: (fields) => encode(fields),
  show: (text) => decode(text) as Payload,
  seal: (text) => text,
  unseal: (text) => text,
}
const filesIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
function mustBeNowhere(t: Test, folder: string, when: string, secrets: readonly Buffer[] = []): void {
  const files = filesIn(folder)
  t.ok(files.some((name) => name.endsWith('.db')) || files.length > 1, files.join())
  for (const name of files) t.strictSame(found(readFileSync(join(folder, name)), secrets), [], `${name}, ${when}`)
}

for (const what of ['keys', 'cipher', 'keys, cipher and compressor', 'nothing'] as const)
  t.test(`with ${what}`, async (t) => {
    const folder = t.testdir()
    const store = keyFile(join(folder, 'people.keys'))
    const keys = new SubjectKeys(store)
    const whole = createKey()
    const options: ApplicationOptions = {
      ...(what !== 'cipher' && { keys }),
      ...(what.includes('cipher') && { cipher: aesGcm([{ id: '2026', key: whole }]) }),
      ...(what.includes('compressor') && { compressor: zlib() }),
    }
    const open = () => kennel(sqlite(join(folder, 'kennel.db')), options)
    let school = open()
    if (what === 'nothing') {
      const plain = kennel(sqlite(join(folder, 'plain.db')), {
        keys: openKeys,
      })
      await fill(plain)
      const seen = () => filesIn(folder).flatMap((name) => found(readFileSync(join(folder, name))))
      t.ok(seen().length > 0, 'it would be found in the journal')
      await plain.close()
      t.ok(seen().length > 0, 'and in the file')
      await school.close()
      return keys.close()
    }
    const id = await fill(what === 'cipher' ? kennel(school.recorder, { ...options, keys: new SubjectKeys() }) : school)
    const wholeBytes = Buffer.from(whole, 'base64')
    mustBeNowhere(t, folder, 'recorded', [wholeBytes])
    await (school.recorder as ReturnType<typeof sqlite>).checkpoint()
    mustBeNowhere(t, folder, 'after a checkpoint', [wholeBytes])
    await school.close()
    mustBeNowhere(t, folder, 'closed', [wholeBytes])
    school = open()
    if (what !== 'cipher') {
      t.equal((await school.repository.get(Dog, id)).owner, buyer, 'it can be read')
      const secret = keyOf(store)
      t.ok(found(readFileSync(join(folder, 'people.keys')), [secret]).length > 0, 'the key is in the file of keys')
      const old = openSync(join(folder, 'people.keys'), 'r')
      keys.forget(subjectOf(id))
      mustBeNowhere(t, folder, 'forgotten', [secret])
      const before = Buffer.alloc(fstatSync(old).size)
      readSync(old, before, 0, before.length, 0)
      closeSync(old)
      t.strictSame(found(before, [secret]), [], 'nor in the file that was there before')
      t.match(before.toString('latin1'), /^\n+$/)
      const again = await school.repository.get(Dog, id)
      t.equal(again.owner, 'forgotten')
      await school.takeSnapshot(Dog, id)
      again.addTrick('more')
      await school.save(again)
      await (school.recorder as ReturnType<typeof sqlite>).checkpoint()
      mustBeNowhere(t, folder, 'recorded after it was forgotten', [secret])
    }
    await school.close()
    keys.close()
    mustBeNowhere(t, folder, 'at the end')
  })

const keyOf = (store: KeyStore): Buffer => Buffer.from(store.read().people[0]?.key ?? [])

t.test('no error, and nothing that is shown, has a word or a key in it', async (t) => {
  const recorder = new MemoryRecorder()
  const [keys, whole] = [new SubjectKeys(), createKey()]
  const options = { keys, cipher: aesGcm([{ id: '2026', key: whole }]) }
  const school = kennel(recorder, options)
  const id = await fill(school)
  const rows = await recorder.notifications({ as: 'bytes' })
  const errors: Record<string, unknown> = {}
  const failing = async (what: string, work: () => unknown) => {
    try {
      await work()
      t.fail(`${what} did not fail`)
    } catch (error) {
      errors[what] = error
    }
  }
  const copyWith = async (change: (state: Uint8Array) => Uint8Array) => {
    const copy = new MemoryRecorder()
    await copy.append(rows.map((row) => ({ ...row, state: change(Uint8Array.from(row.state as Uint8Array)) })))
    return copy
  }
  const { cipher } = options
  const text = (state: Uint8Array) => new TextDecoder().decode(cipher.decrypt(state))
  const sealed = (text: string) => cipher.encrypt(new TextEncoder().encode(text))
  const read = (store: MemoryRecorder, more: object = options) => kennel(store, more).repository.get(Dog, id)
  await failing('a wrong key', () => read(recorder, { keys, cipher: aesGcm([{ id: '2026', key: createKey() }]) }))
  await failing('a missing key', () => read(recorder, { keys, cipher: aesGcm([{ id: '2027', key: createKey() }]) }))
  await failing('no cipher', () => read(recorder, { keys }))
  await failing('other people', () => read(recorder, { ...options, keys: new SubjectKeys() }))
  await failing('a changed row', async () => read(await copyWith((state) => state.fill(0, 40))))
  // Encrypted rightly, by somebody who has the key, but no JSON any more.
  await failing('broken JSON', async () => read(await copyWith((state) => sealed(`${text(state)} "${owner} ${phone}`))))
  await failing('no JSON', async () => read(await copyWith((state) => sealed(`Plain-wd ${text(state)}`))))
  await failing('a moved field', async () =>
    read(await copyWith((state) => sealed(text(state).replace(/(_personal_":"[^"]*)../, '$1AA')))),
  )
  const dog = await school.repository.get(Dog, id)
  const other = await school.repository.get(Dog, id)
  other.sell(owner)
  await school.save(other)
  dog.sell(owner)
  await failing('a conflict', () => school.save(dog))
  await failing('no keys', () => kennel().save(new Dog('Fido', owner, born)))
  const secret = inspect(school, { showHidden: true, depth: 20 }) + inspect(options, { showHidden: true, depth: 20 })
  t.strictSame(found(Buffer.from(secret), [Buffer.from(whole, 'base64')]), [], 'what is shown of an application')
  keys.forget(subjectOf(id))
  other.sell(buyer)
  await failing('a forgotten person', () => school.save(other))
  t.ok(Object.keys(errors).length > 10)
  for (const [what, error] of Object.entries(errors)) {
    const shown: unknown[] = []
    for (let each = error as Error | undefined; each; each = each.cause as Error | undefined)
      shown.push(each.message, each.stack, String(each), JSON.stringify(each), JSON.stringify({ ...each }))
    const all = Buffer.from([...shown, inspect(error, { showHidden: true, depth: 20 })].join('\n'))
    t.strictSame(found(all, [Buffer.from(whole, 'base64')]), [], what)
  }
})
