/** Whole events, encrypted: the bytes of the Python library, keys that are replaced, and what is said of broken rows. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { Aggregate, Application, type Cipher, event, MemoryRecorder } from 'dog-school'
import { aesGcm, createKey, MemoryKeyStore, SubjectKeys, zlib } from 'dog-school/encryption'
import * as fc from 'fast-check'
import t from 'tap'
import { hosts, inHost } from './hosts'

@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'dogschool:Dog'
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

const text =
  '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"originator_topic":"dogschool:Dog","name":"Fido"}'
/** Rows made in Python, with `AESGCM` of the package `cryptography` and `zlib.compress`: key 0, 1, 2…, nonce 100, 101… */
const ofPython: readonly [bits: number, plain: string, compressed: string][] = [
  [
    128,
    'ZGVmZ2hpamtsbW5vggANgTBmyOO9FEYc2CYeGWFAOsy2Z8uO+lMnMryxCbNE8QiazYvneJAOxfLIm5qW5ZUhS6k0Bc7uOVMn0qB+JemtL0WwN3AF8b1VbfikVlReryQjlYWgvxWeFeIC0QFC9M8OONuXUeNTciTfii3JLg05CA6s77tX8raBg3rGmSI9vvV89T8hjQ1P6p3cAAwe8UyjLw==',
    'ZGVmZ2hpamtsbW5vs2f1UjaMm7V1rfwBTajJX2L+WykQCDvKiz6odSkfmUI/+Lc6vUHgXvmG83Q2K7ziRUGbVe14CaHDebwJinJByaXabbMtf0qd+0cLUHRc2xomAMijxx7taeda/jHGd7g0TK2qlrySO/5wiJgwe5FiytenVYt7dmPWChcAO2+js2G100ZkEcgq7w==',
  ],
  [
    192,
    'ZGVmZ2hpamtsbW5vAQwRVGBuSN1lbc1Xtv2yLJJKzxU/yn1MsrySI8CJueGpIC6vpatLzeUiPK/CB/UlBT108Ho5Zu8a8hfQcyAazlJeHG6sPJMwi6ICP6db4gTQDYs+RKG/ToA6WiJFAbgpJ/2QphnrCS6K96qbHcVU8e9JMuM6Ljztvn3rpgNSEUqImEr8adzjkQs8TmrQWOLik+amcA==',
    'ZGVmZ2hpamtsbW5v6kV3XpY1++mad02IugAiGJH0rvCZpY0Iw9EdZFUnKRDSKZEP1WFM64yqCik8t9NRpenO7j51aoA3svj+K/IlIh4pXpgxdKmogVhcAiujb0qoome+FjrymHL+sfGBpwFfn580CH7uYzOpDRZ07Hn/FTXXb2btt+RsRtxqHhY3OwkA9fnkjSvo8w==',
  ],
  [
    256,
    'ZGVmZ2hpamtsbW5vfjOTAZwT+aXwEzvcz6FLnzM5qg8UjCXqXw8vyuAeSKI2u3Zv1E7JUMOw2C2Pysgty4Azr24+uVuZkgxeomDw7SlrqtENe3AFyML45tu7lr4yue0g73kJMLlWxnMhsAHWRgUzFsi35KG2n1ewFGERJeEB+x1Jd5oa3J2tpspi14QYb+9441WbWtMU9pPglk6uVvC61Q==',
    'ZGVmZ2hpamtsbW5vc/S8IskInIZ0/YMqyLYu6TCHy+qy49WuLmKgjXWw2FNNssnPpITOdqo47qtxeu5Za1SJsSpytTS00uNw+rLPAWUc6CeQM0qdwjim21dDG/BKFgGgveJE5kuSLaDlFrig/meXuK+yjryVZetf5d26wTufppie7kKbJDwsHt8H/ceQAlxgB6KQOA==',
  ],
]

/** The same by hand, with OpenSSL. */
const byHand = (key: string): Cipher => {
  const secret = Buffer.from(key, 'base64')
  const name = `aes-${(secret.length * 8) as 256}-gcm` as const
  return {
    encrypt(bytes) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv(name, secret, nonce)
      const text = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    decrypt(bytes) {
      const decipher = createDecipheriv(name, secret, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
    },
  }
}
const bits = fc.constantFrom(128 as const, 192 as const, 256 as const)
const bytes = fc.uint8Array({ maxLength: 300 })
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

for (const host of hosts)
  t.test(`in ${host}`, async (t) => {
    const cipherOf = (keys: Parameters<typeof aesGcm>[0]) => inHost(host, () => aesGcm(keys))
    const compressor = inHost(host, zlib)

    t.test('reads what Python wrote', async (t) => {
      for (const [bits, plain, compressed] of ofPython) {
        const cipher = cipherOf(Uint8Array.from({ length: bits / 8 }, (_, i) => i))
        t.equal(Buffer.from(cipher.decrypt(Buffer.from(plain, 'base64'))).toString(), text)
        const inflated = compressor.decompress(cipher.decrypt(Buffer.from(compressed, 'base64')))
        t.equal(Buffer.from(inflated).toString(), text)
        const recorder = new MemoryRecorder()
        const row = { aggregateId: 'fido', version: 1, topic: 'dogschool:Dog.Registered' }
        await recorder.append([{ ...row, state: Buffer.from(compressed, 'base64') }])
        const school = new Application(recorder, { compressor, cipher, aggregates: [Dog] })
        t.equal((await school.repository.get(Dog, 'fido')).name, 'Fido')
      }
    })

    t.test('OpenSSL and zlib read what it writes, and it reads what they write', async () => {
      fc.assert(
        fc.property(bits, bytes, (bits, plain) => {
          const key = createKey(bits)
          const [ours, theirs] = [cipherOf(key), byHand(key)]
          return (
            same(theirs.decrypt(ours.encrypt(plain)), plain) &&
            same(ours.decrypt(theirs.encrypt(plain)), plain) &&
            same(inflateSync(compressor.compress(plain)), plain) &&
            same(compressor.decompress(deflateSync(plain)), plain)
          )
        }),
      )
    })

    t.test('a byte that is changed anywhere is never read, and never said to be a missing key', async () => {
      const key = createKey()
      for (const keys of [key, [{ id: '2026', key }]])
        fc.assert(
          fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, flip) => {
            const cipher = cipherOf(keys)
            const row = Uint8Array.from(cipher.encrypt(plain))
            const where = at % row.length
            row[where] = (row[where] as number) ^ flip
            try {
              cipher.decrypt(row)
            } catch (error) {
              const { code, message } = error as Error & { code: string }
              // In the header, it may be the id that was changed.
              return code === 'CORRUPT_EVENT' && (Array.isArray(keys) || /changed since/.test(message))
            }
            return false
          }),
        )
    })

    t.test('what is compressed reads as it was, or not at all', async () => {
      fc.assert(
        fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, flip) => {
          const row = Uint8Array.from(compressor.compress(plain))
          const where = at % row.length
          row[where] = (row[where] as number) ^ flip
          try {
            return same(compressor.decompress(row), plain)
          } catch {
            return true
          }
        }),
      )
    })

    t.test('keys are replaced one after the other, and every row remains readable', async () => {
      const step = fc.record({ named: fc.boolean(), rows: fc.array(bytes, { maxLength: 3 }) })
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
          const rows: [Uint8Array, Uint8Array][] = []
          let keys: Exclude<Parameters<typeof aesGcm>[0], string | Uint8Array> = []
          for (const [i, { named, rows: more }] of steps.entries()) {
            keys = [named ? { id: `key ${i} ä`, key: createKey() } : createKey(), ...keys]
            const now = cipherOf(keys)
            for (const plain of more) rows.push([plain, now.encrypt(plain)])
            if (!rows.every(([plain, row]) => same(now.decrypt(row), plain))) return false
          }
          // A process that puts another key first reads them as well.
          return rows.every(([plain, row]) => same(cipherOf([...keys].reverse()).decrypt(row), plain))
        }),
        { numRuns: 30 },
      )
    })
  })

const row = async (cipher: Cipher, change = (bytes: Uint8Array): Uint8Array => bytes) => {
  const recorder = new MemoryRecorder()
  const dog = new Dog('Fido')
  const stored = new Application(recorder, { cipher, name: 'dogschool' }).mapper.toStored(
    dog.pendingEvents[0] as never,
    Dog,
  )
  await recorder.append([{ ...stored, state: change(Uint8Array.from(stored.state as Uint8Array)) }])
  return { recorder, id: dog.id }
}

t.test('what is wrong with a row is said, each in its own words', async (t) => {
  const [a, b] = [createKey(), createKey()]
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
  const plain = { encrypt: (bytes: Uint8Array) => bytes, decrypt: (bytes: Uint8Array) => bytes }
  const cases: Record<string, [Awaited<ReturnType<typeof row>>, Parameters<typeof aesGcm>[0], RegExp]> = {
    'a lost key': [
      await row(aesGcm([{ id: '2025', key: a }])),
      [{ id: '2026', key: b }, b],
      /key '2025' is missing \(given: '2026', one without an id\): add it/,
    ],
    'a lost key without an id': [
      await row(aesGcm(a)),
      [{ id: '2026', key: b }],
      /a key without an id, as by the Python library \(given: '2026'\)/,
    ],
    'a wrong key': [
      await row(aesGcm([{ id: '2026', key: a }])),
      [{ id: '2026', key: b }],
      /given as '2026' is not the one/,
    ],
    'a changed row': [
      await row(aesGcm([{ id: '2026', key: a }]), flipped),
      [{ id: '2026', key: a }],
      /was changed after it was encrypted: restore/,
    ],
    'either, without an id': [await row(aesGcm(a)), b, /another key, or changed since/],
    'a row that ends too soon': [
      await row(aesGcm(a), (bytes) => bytes.subarray(0, 20)),
      a,
      /it ends too soon: restore/,
    ],
    'a header that ends too soon': [
      await row(aesGcm([{ id: '2026', key: a }]), (bytes) => bytes.subarray(0, 11)),
      [{ id: '2026', key: a }],
      /it ends too soon: restore/,
    ],
    'a row that was never encrypted': [await row(plain), a, /it is not encrypted/],
  }
  for (const [what, [{ recorder, id }, keys, message]] of Object.entries(cases)) {
    const school = new Application(recorder, { cipher: aesGcm(keys), name: 'dogschool' })
    const error = await school.repository.get(Dog, id).catch((error) => error)
    t.equal(error.code, 'CORRUPT_EVENT', what)
    t.match(error.message, message, what)
    t.match(error.message, new RegExp(`^Version 1 of ${id} cannot be read: `))
    t.notMatch(error.message, /check compressor/, 'one advice is enough')
  }
  const { recorder, id } = await row(plain)
  const later = new Application(recorder, { compressor: zlib(), name: 'dogschool' })
  await t.rejects(later.repository.get(Dog, id), {
    code: 'CORRUPT_EVENT',
    message: /it is not compressed: .*without one$/,
  })
})

t.test('what is no key is refused, and never repeated', async (t) => {
  const key = createKey()
  t.throws(() => createKey(64 as never), TypeError)
  t.equal(Buffer.from(createKey(128), 'base64').length, 16)
  for (const bad of [
    '',
    'secret',
    `${key} `,
    Buffer.alloc(31),
    undefined,
    {},
    [],
    [key, { id: '', key }],
    [{ id: 'a', key: 'x' }],
  ])
    t.throws(() => aesGcm(bad as never), TypeError)
  t.throws(
    () =>
      aesGcm([
        { id: 'a', key },
        { id: 'a', key: createKey() },
      ]),
    { message: /Two keys have the id 'a'/ },
  )
  t.throws(() => aesGcm(undefined as never), { message: /^A key is 16, 24 or 32 bytes, .* not undefined/ })
  t.throws(() => aesGcm('my secret pass phrase'), { message: /^((?!pass phrase).)*$/ })
})

t.test('what is no cipher, compressor or keys is refused before anything is recorded', async (t) => {
  const store = new MemoryKeyStore()
  for (const [options, message] of [
    [{ cipher: createKey() }, /^The option cipher takes aesGcm\(key\)/],
    [{ cipher: aesGcm }, /^The option cipher/],
    [{ cipher: null }, /^The option cipher/],
    [{ compressor: zlib }, /^The option compressor takes zlib\(\)/],
    [{ compressor: 'zlib' }, /^The option compressor/],
    [{ keys: store }, /^The option keys takes new SubjectKeys\(\)/],
    [{ keys: 'people.keys' }, /^The option keys/],
  ] as const)
    t.throws(() => new Application(undefined, options as never), { name: 'TypeError', message })
  t.throws(() => new SubjectKeys('people.keys' as never), { name: 'TypeError', message: /takes a store of keys/ })
})
