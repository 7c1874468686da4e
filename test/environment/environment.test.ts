/** The settings of an application, from variables of the environment. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aggregate, Application, event, MemoryRecorder } from 'dog-school'
import { createKey } from 'dog-school/encryption'
import { fromEnvironment, type Variables } from 'dog-school/environment'
import type { PostgresRecorder } from 'dog-school/postgres'
import type { SqliteRecorder } from 'dog-school/sqlite'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { installedToRun } from '../package/packed'
import { started } from '../package/started'
import { database, skip, sql } from '../recorders/postgres-server'

t.setTimeout(300_000)

@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'dogschool:Dog'
  constructor(readonly name: string) {
    super()
  }
}

class DogSchool extends Application {}

const key = createKey()
/** What a server needs. */
const server = {
  PERSISTENCE_MODULE: 'postgres',
  POSTGRES_DBNAME: 'dogs',
  POSTGRES_HOST: 'here',
  POSTGRES_USER: 'ann',
  POSTGRES_PASSWORD: key,
}
/** What it refuses, which never has this in it. */
async function refusal(t: Test, env: Variables, secret = key): Promise<string> {
  const said = await fromEnvironment('DogSchool', env).then(
    () => 'nothing',
    (error) => (error instanceof TypeError ? `${error.message} ${error.stack}` : `${error} is no TypeError`),
  )
  t.notOk(said.includes(secret), 'no secret is told')
  return said.split('\n')[0] ?? ''
}

t.test('without settings, everything is in memory', async (t) => {
  for (const env of [
    {},
    { PERSISTENCE_MODULE: 'eventsourcing.popo' },
    { PERSISTENCE_MODULE: 'memory' },
    { PERSISTENCE_MODULE: '' },
  ]) {
    const [recorder, options] = await fromEnvironment('DogSchool', env)
    t.type(recorder, MemoryRecorder)
    t.strictSame(options, {})
  }
  t.strictSame((await fromEnvironment('DogSchool')).length, 2, 'the variables of this process')
})

t.test('a file, which is not touched before it is used; and what is for this application counts first', async (t) => {
  const folder = t.testdir()
  const env = {
    PERSISTENCE_MODULE: 'eventsourcing.sqlite',
    SQLITE_DBNAME: join(folder, 'all.db'),
    DOGSCHOOL_SQLITE_DBNAME: join(folder, 'school.db'),
    CIPHER_KEY: key,
    COMPRESSOR_TOPIC: 'zlib',
    EVENT_CACHE_MAXSIZE: '0',
    DOGSCHOOL_PORT: '80',
  }
  const [recorder, options] = await fromEnvironment('DogSchool', env)
  t.equal((recorder as SqliteRecorder).file, join(folder, 'school.db'))
  t.equal(options.cacheSize, 0)
  t.strictSame(readdirSync(folder), [])

  const school = new DogSchool(...(await fromEnvironment('DogSchool', env)))
  const dog = new Dog('Fido')
  await school.save(dog)
  const [row] = await school.recorder.select(dog.id, { as: 'bytes' })
  t.notMatch(Buffer.from(row?.state ?? '').toString('latin1'), /Fido/)
  t.equal((await school.repository.get(Dog, dog.id)).name, 'Fido')
  await school.close()

  const [kennels] = await fromEnvironment('Kennel', env)
  t.equal((kennels as SqliteRecorder).file, join(folder, 'all.db'))
  const [, plain] = await fromEnvironment('DogSchool', { ...env, DOGSCHOOL_CIPHER_KEY: '' })
  t.equal(plain.cipher, undefined, 'one that is empty hides the other')
})

t.test('a server, which is not asked before it is used', async (t) => {
  const names = async (env: Variables) => ((await fromEnvironment('DogSchool', env))[0] as PostgresRecorder).name
  t.equal(await names({ ...server, PERSISTENCE_MODULE: 'eventsourcing.postgres' }), 'postgres://here:5432/dogs')
  const own = { DOGSCHOOL_POSTGRES_HOST: '::1', DOGSCHOOL_POSTGRES_PORT: '5433', DOGSCHOOL_POSTGRES_DBNAME: 'own/dogs' }
  t.equal(await names({ ...server, ...own }), 'postgres://[::1]:5433/own/dogs')
  t.equal(await names({ ...server, POSTGRES_HOST: '/run/postgresql' }), 'postgres://%2Frun%2Fpostgresql:5432/dogs')
  await t.rejects(fromEnvironment('Dog School', server), {
    name: 'TypeError',
    message: /^The name of the application, for its tables, is 'dog school': use/,
  })
})

t.test('the tables on a server are those of the application in Python', { skip }, async (t) => {
  const { url } = await database(t)
  const at = new URL(url)
  const env = {
    PERSISTENCE_MODULE: 'postgres',
    POSTGRES_DBNAME: at.pathname.slice(1),
    POSTGRES_HOST: at.hostname,
    POSTGRES_PORT: at.port || '5432',
    POSTGRES_USER: 'somebody else',
    DOGSCHOOL_POSTGRES_USER: at.username,
    POSTGRES_PASSWORD: at.password || 'p@ss:w/rd#?%',
    POSTGRES_SCHEMA: 'kennel',
    POSTGRES_CONNECT_TIMEOUT: '5',
    POSTGRES_POOL_SIZE: '1',
  }
  const school = new DogSchool(...(await fromEnvironment('DogSchool', env)))
  await Promise.all([school.save(new Dog('Fido')), school.save(new Dog('Buster'))])
  t.equal(await school.notificationLog.max(), 2)
  await school.close()
  t.strictSame(await sql(url, 'SELECT count(*)::int FROM kennel.dogschool_events'), [{ count: 2 }])
})

t.test('the words of the Python library mean the same', async (t) => {
  const [, { cipher, compressor }] = await fromEnvironment('DogSchool', {
    CIPHER_TOPIC: 'eventsourcing.cipher:AESCipher',
    CIPHER_KEY: key,
    COMPRESSOR_TOPIC: 'eventsourcing.compressor:ZlibCompressor',
  })
  const words = Buffer.from('roll over')
  t.strictSame(
    Buffer.from(compressor!.decompress(cipher!.decrypt(cipher!.encrypt(compressor!.compress(words))))),
    words,
  )
})

t.test('what means nothing, or is only half there, is refused by name', async (t) => {
  const cases: [Variables, RegExp][] = [
    [{ PERSISTENCE_MODULE: 'mysql' }, /^PERSISTENCE_MODULE is 'mysql', which names no store/],
    [{ DOGSCHOOL_PERSISTENCE_MODULE: 'constructor' }, /^DOGSCHOOL_PERSISTENCE_MODULE is 'constructor'/],
    [{ POSTGRES_DBNAME: 'dogs' }, /^POSTGRES_DBNAME is set, but no PERSISTENCE_MODULE.*PERSISTENCE_MODULE=postgres/],
    [{ ...server, POSTGRES_USER: '' }, /POSTGRES_USER is not set, .*DOGSCHOOL_POSTGRES_USER/],
    [{ ...server, POSTGRES_HOST: undefined }, /POSTGRES_HOST is not set/],
    [{ ...server, DOGSCHOOL_POSTGRES_DBNAME: '' }, /POSTGRES_DBNAME is not set/],
    [{ ...server, DOGSCHOOL_POSTGRES_DBNAME: 'a#b' }, /^DOGSCHOOL_POSTGRES_DBNAME is 'a#b': pg cannot/],
    [{ ...server, POSTGRES_PORT: 'five' }, /^POSTGRES_PORT is 'five': set it to the number/],
    [{ ...server, DOGSCHOOL_POSTGRES_PORT: '99999' }, /^POSTGRES_HOST is 'here' and the port 99999: that is no server/],
    [{ ...server, POSTGRES_HOST: 'no where' }, /^POSTGRES_HOST is 'no where'/],
    [{ ...server, POSTGRES_CONNECT_TIMEOUT: '1s' }, /^POSTGRES_CONNECT_TIMEOUT is '1s'/],
    [{ ...server, DOGSCHOOL_POSTGRES_POOL_SIZE: '0' }, /^DOGSCHOOL_POSTGRES_POOL_SIZE is '0'/],
    [{ ...server, POSTGRES_SCHEMA: 'My Schema' }, /^POSTGRES_SCHEMA is 'My Schema': use at most 40/],
    [{ ...server, DOGSCHOOL_POSTGRES_PASWORD: key }, /^DOGSCHOOL_POSTGRES_PASWORD is no setting: .*_PASSWORD is/],
    [{ PERSISTENCE_MODULE: 'sqlite' }, /SQLITE_DBNAME, or DOGSCHOOL_SQLITE_DBNAME/],
    [{ PERSISTENCE_MODULE: 'sqlite', SQLITE_DBNAME: 'file:a.db?mode=ro' }, /^SQLITE_DBNAME: file:a.db/],
    [{ SQLITE_DBNAME: 'a.db' }, /^SQLITE_DBNAME is set, but no PERSISTENCE_MODULE/],
    [{ CIPHER_TOPIC: 'aes' }, /^CIPHER_TOPIC is set, but no CIPHER_KEY/],
    [{ CIPHER_TOPIC: 'rot13', CIPHER_KEY: key }, /^CIPHER_TOPIC is 'rot13'/],
    [{ COMPRESSOR_TOPIC: 'gzip' }, /^COMPRESSOR_TOPIC is 'gzip'/],
    [{ EVENT_CACHE_MAXSIZE: 'many' }, /^EVENT_CACHE_MAXSIZE is 'many'/],
    [{ DOGSCHOOL_EVENT_CACHE_MAXSIZE: '-1' }, /^DOGSCHOOL_EVENT_CACHE_MAXSIZE is '-1'/],
    [{ EVENT_CACHE_MAXSIZE: '1.5' }, /EVENT_CACHE_MAXSIZE/],
    [{ DOGSCHOOL_CIPHER_KYE: key }, /^DOGSCHOOL_CIPHER_KYE is no setting: DOGSCHOOL_CIPHER_KEY is/],
    [{ DOGSCHOOL_SQLITE_DB_NAME: 'a.db' }, /DOGSCHOOL_SQLITE_DBNAME/],
    [{ dogschool_cipher_key: key }, /^dogschool_cipher_key is no setting: DOGSCHOOL_CIPHER_KEY is/],
  ]
  for (const [env, said] of cases) t.match(await refusal(t, env), said)
  for (const none of [undefined, '', {}])
    await t.rejects(fromEnvironment(none as never, {}), { name: 'TypeError', message: /takes the name/ })
})

t.test('a key of another length or form is refused, and never told', async (t) => {
  const bytes = fc.uint8Array({ minLength: 6, maxLength: 40 }).filter(({ length }) => ![16, 24, 32].includes(length))
  const keys = fc.oneof(
    bytes.map((each) => Buffer.from(each).toString('base64')),
    fc.stringMatching(/^[!-~]{8,40}$/),
  )
  await fc.assert(
    fc.asyncProperty(keys, async (wrong) => {
      const isKey = /^[A-Za-z0-9+/]+=*$/.test(wrong) && [16, 24, 32].includes(Buffer.from(wrong, 'base64').length)
      fc.pre(!isKey)
      t.match(await refusal(t, { DOGSCHOOL_CIPHER_KEY: wrong }, wrong), /^DOGSCHOOL_CIPHER_KEY is no key/)
    }),
    { numRuns: 20 },
  )
})

t.test('as it is published, with and without the packages of encryption', async (t) => {
  const program = `
fromEnvironment('DogSchool', { PERSISTENCE_MODULE: 'sqlite', SQLITE_DBNAME: ':memory:' })
  .then(async ([recorder]) => {
    console.log(await recorder.maxNotificationId())
    return fromEnvironment('DogSchool', { CIPHER_KEY: '${key}' })
  })
  .then(([, { cipher }]) => console.log(typeof cipher.encrypt), (error) => console.log(error.message))
  .then(() => fromEnvironment('DogSchool', ${JSON.stringify(server)}))
  .then(([{ name }]) => console.log(name), (error) => console.log(error.message))
`
  for (const packages of [[], ['@noble/ciphers', '@noble/hashes', 'fflate']]) {
    const folder = mkdtempSync(join(tmpdir(), 'dog-school-environment-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    installedToRun(folder, ...packages)
    const ways = {
      'program.cjs': "const { fromEnvironment } = require('dog-school/environment')",
      'program.mjs': "import { fromEnvironment } from 'dog-school/environment'",
    }
    const left = packages.length > 0 ? 'program.cjs' : 'program.mjs'
    for (const [name, imports] of Object.entries(ways)) {
      if (name === left && process.env.DOG_SCHOOL_LONG !== '1') continue
      writeFileSync(join(folder, name), imports + program)
      const { out, error } = await started(folder, ['node', name])
      t.equal(error, undefined)
      t.match(out, packages.length > 0 ? /^0\nfunction\n/ : /^0\nCIPHER_KEY is set, but .*npm install @noble/, name)
      t.match(out, /\nPERSISTENCE_MODULE is 'postgres', but .*npm install pg\n$/, name)
    }
  }
})
