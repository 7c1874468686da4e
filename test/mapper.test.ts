/** Events as they are stored: byte for byte as the Python library writes them, and nothing changed on the way. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import {
  Aggregate,
  Application,
  type Cipher,
  DomainEvent,
  defineEvent,
  event,
  Mapper,
  MemoryRecorder,
  type StoredEvent,
  transcoding,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { z } from 'zod'

@event('Registered')
class Dog extends Aggregate {
  static override readonly snapshotVersion: number = 1
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

/** One event method that takes anything. */
@event('Made')
class Box extends Aggregate {
  content: unknown
  @event('Filled') fill(content: unknown) {
    this.content = content
  }
}

class Money {
  constructor(
    readonly cents: bigint,
    readonly currency: string,
  ) {}
}
transcoding<Money, { cents: bigint; currency: string }>(Money, {
  name: 'money',
  encode: ({ cents, currency }) => ({ cents, currency }),
  decode: ({ cents, currency }) => new Money(cents, currency),
})

const mapper = new Mapper({ module: 'dogschool' })

t.test('what Python wrote is read, and written again byte for byte', async (t) => {
  const fixture = sqlite(':memory:', { bytes: readFileSync(join(__dirname, 'fixtures', 'python-dog-school.db')) })
  const stored = await fixture.notifications()
  t.equal(stored.length, 9)
  const read = mapper.reader(Dog)
  for (const { id: _, ...row } of stored) t.strictSame(mapper.toStored(read(row), Dog), row)
  await fixture.close()
})

t.test('the form of a row', async (t) => {
  const born = new DomainEvent('Registered', { name: 'Fido' }, 'f', 1, '2026-11-23T04:34:56.922529+00:00')
  const learnt = new DomainEvent('TrickAdded', { trick: '犬"\n' }, 'f', 2, '2026-11-23T04:34:56+00:00')
  t.strictSame(mapper.toStored(born, Dog), {
    aggregateId: 'f',
    version: 1,
    topic: 'dogschool:Dog.Registered',
    state:
      '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"originator_topic":"dogschool:Dog","name":"Fido"}',
  })
  t.equal(
    mapper.toStored(learnt, Dog).state,
    '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56+00:00"},"trick":"犬\\"\\n"}',
  )
})

t.test('a payload comes back as it was: now, from memory, and from a file', async (t) => {
  const values: unknown[] = [
    0,
    1.5,
    -7,
    1e-7,
    1e21,
    2 ** 53,
    -(2 ** 60),
    5e-324,
    Number.MAX_VALUE,
    10n ** 30n,
    -(10n ** 20n),
    7n,
    true,
    null,
    '',
    '犬 🐕‍🦺',
    'a\u0000b',
    '12345678901234567890',
    '"12345678901234567890',
    ['1234567890123456789,'],
    { '12345678901234567890': 12345678901234567890n },
    [[], {}, [{ a: [1, { b: null }] }]],
    new Date(0),
    new Date('2026-11-23T04:34:56.922Z'),
    new Map<unknown, unknown>([
      ['a', 1],
      [{ k: 1 }, new Date(5)],
    ]),
    new Set([1, 'a', new Set()]),
    Uint8Array.from([0, 255]),
    new Money(5n, 'EUR'),
    [new Money(10n ** 20n, 'JPY')],
    { _type_: 'x' },
    { _data_: 1, _type_: 'x', c: 1 },
    JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3}'),
    'x'.repeat(1_000_000),
    '\ud800',
  ]
  for (const make of [() => new MemoryRecorder(), () => sqlite(join(t.testdir(), 'box.db'))]) {
    const recorder = make()
    const school = new Application(recorder, { cacheSize: 0 })
    const box = new Box()
    for (const value of values) box.fill(value)
    const fills = box.pendingEvents.slice(1)
    await school.save(box)
    const history = await school.repository.history(box.id)
    for (const [i, value] of values.entries()) {
      const label = `${recorder.constructor.name}: ${typeof value} ${i}`
      t.strictSame(fills[i]?.payload.content, value, `${label}, at the call`)
      t.strictSame(history[i + 1]?.payload.content, value, label)
      t.equal(
        Object.getPrototypeOf(Object(history[i + 1]?.payload.content)),
        Object.getPrototypeOf(Object(value)),
        label,
      )
    }
    await school.close()
  }
})

t.test('microseconds that Python wrote survive', async (t) => {
  const state = `{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"content":{"_type_":"datetime_iso","_data_":"2020-01-01T00:00:00.123456+00:00"}}`
  const row = { aggregateId: 'b', version: 2, topic: 'dogschool:Box.Filled', state }
  const event = mapper.reader(Box)(row)
  t.equal((event.payload.content as Date).getTime(), Date.parse('2020-01-01T00:00:00.123Z'))
  t.equal(mapper.toStored(event, Box).state, state)
})

t.test('numbers that Python writes', async (t) => {
  const read = (number: string) => mapper.reader(Box)(filled(`,"content":${number}`)).payload.content
  t.equal(read('1.0'), 1)
  t.equal(read('1e-07'), 1e-7)
  t.equal(read('9007199254740993'), 9007199254740993n)
  t.equal(read('123456789012345678901234567890'), 123456789012345678901234567890n)
  t.equal(read('1e+22'), 1e22)
  t.equal(read('{"_type_":"uuid_hex","_data_":"ab"}'), 'ab')
  t.equal(read('{"_type_":"decimal_str","_data_":"1.10"}'), '1.10')
  for (const bad of ['NaN', 'Infinity', '{"_type_":"nobody","_data_":1}'])
    t.throws(() => read(bad), { code: 'CORRUPT_EVENT' })
})

const stamp = '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"}'
const filled = (rest: string, version = 2): StoredEvent => ({
  aggregateId: 'b',
  version,
  topic: 'dogschool:Box.Filled',
  state: `${stamp}${rest}}`,
})

t.test('names so short that a build tool may have given them must be in the recorded order', async (t) => {
  @event('Made')
  class Point extends Aggregate {
    @event('Moved') move(x: number, y: number) {
      return x + y
    }
    @event(defineEvent('Listed', ['x', 'y'])) list(x: number, y: number) {
      return x + y
    }
    @event('Named') name(x: number, far: number) {
      return x + far
    }
  }
  const read = (name: string, fields: string) =>
    mapper.reader(Point)({ ...filled(fields), topic: `dogschool:Point.${name}` }).payload
  t.strictSame(read('Moved', ',"x":1,"z":3,"y":2'), { x: 1, z: 3, y: 2 })
  t.throws(() => read('Moved', ',"y":2,"x":1'), {
    code: 'CORRUPT_EVENT',
    message: /^Version 2 of b has the fields y,x, but the parameters are x,y: name the fields yourself/,
  })
  t.strictSame(read('Listed', ',"y":2,"x":1'), { x: 1, y: 2 })
  t.strictSame(read('Named', ',"far":2,"x":1'), { x: 1, far: 2 })
})

t.test('a row that cannot be read is named, and what to do is said', async (t) => {
  @event('Made')
  class Strict extends Aggregate {
    @event(defineEvent('Filled', z.object({ content: z.string() }))) fill(content: string) {
      return content
    }
  }
  const rows: readonly [state: string, says: RegExp][] = [
    ['', /cannot be read/],
    ['{"timestamp"', /cannot be read/],
    ['[]', /cannot be read/],
    ['null', /cannot be read/],
    ['{}', /timestamp/],
    [`${stamp},"content":"a","class_version":2}`, /class version 2/],
  ]
  for (const [state, says] of rows)
    t.throws(
      () => mapper.reader(Strict)({ ...filled(''), topic: 'dogschool:Strict.Filled', state }),
      { code: 'CORRUPT_EVENT', message: says },
      state,
    )
  t.throws(() => mapper.reader(Strict)({ ...filled(''), topic: 'dogschool:Strict.Filled', state: '{' }), {
    message: /^Version 2 of b/,
  })
  for (const [rest, content] of [
    [',"content":7', 7],
    [',"content":"a","colour":"red"', 'a'],
    ['', undefined],
  ] as const)
    t.equal(
      mapper.reader(Strict)({ ...filled(rest), topic: 'dogschool:Strict.Filled' }).payload.content,
      content,
      'a rule of today is not asked of an event of yesterday',
    )
  t.throws(
    () => mapper.reader(Box)(filled('')),
    { code: 'CORRUPT_EVENT', message: /'content'/ },
    'only without a schema do names say that a field must be there',
  )
})

t.test('topics: of another class, of none, of former names', async (t) => {
  class Renamed extends Box {
    static override readonly topic: string = 'kennel:Box'
    static override readonly aliases: readonly string[] = ['old:Crate']
  }
  const read = (topic: string) => mapper.reader(Renamed)({ ...filled(',"content":1'), topic }).payload.content
  for (const topic of ['kennel:Box.Filled', 'old:Crate.Filled', '__main__:Renamed.Filled', 'dogschool:Renamed.Filled'])
    t.equal(read(topic), 1, topic)
  t.equal(mapper.topics.topicOf(Renamed), 'kennel:Box')
  for (const topic of ['dogschool:Cat.Filled', 'dogschool:Renamed.Emptied', 'nonsense', 'a:b', ':.', ''])
    t.throws(() => read(topic), { code: 'UNKNOWN_TOPIC' }, topic)
})

t.test('compressed first, then encrypted; a wrong key is said', async (t) => {
  const cipherOf = (key: Buffer): Cipher => ({
    encrypt(bytes) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    decrypt(bytes) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
    },
  })
  const compressor = { compress: deflateSync, decompress: inflateSync }
  const cipher = cipherOf(randomBytes(32))
  for (const recorder of [new MemoryRecorder(), sqlite(join(t.testdir(), 'secret.db'))]) {
    const school = new Application(recorder, { compressor, cipher, snapshotEvery: new Map([[Dog, 2]]), cacheSize: 0 })
    const fido = new Dog('Fido')
    fido.addTrick('roll over')
    await school.save(fido)
    const [row] = await recorder.select(fido.id, { as: 'bytes' })
    t.notMatch(Buffer.from(row?.state as Uint8Array).toString('latin1'), /Fido|timestamp/)
    t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['roll over'])
    t.equal((await school.notificationLog.select()).length, 2)
    const other = new Application(recorder, { compressor, cipher: cipherOf(randomBytes(32)) })
    await t.rejects(other.repository.get(Dog, fido.id), { code: 'CORRUPT_EVENT', message: /key/ })
    await t.rejects(new Application(recorder).repository.get(Dog, fido.id), {
      code: 'CORRUPT_EVENT',
      message: /compress/,
    })
    const late = async (bytes: Uint8Array) => bytes
    for (const [name, options] of Object.entries({
      compress: { compressor: { compress: late, decompress: late } },
      encrypt: { cipher: { encrypt: late, decrypt: late } },
    }))
      await t.rejects(new Application(recorder, options as never).save(new Dog('Rex')), {
        name: 'TypeError',
        message: new RegExp(`${name}\\(\\) must return bytes`),
      })
    for (const [name, options] of Object.entries({
      decompress: { compressor: { ...compressor, decompress: late }, cipher },
      decrypt: { compressor, cipher: { ...cipher, decrypt: late } },
    }))
      await t.rejects(new Application(recorder, options as never).repository.get(Dog, fido.id), {
        code: 'CORRUPT_EVENT',
        message: new RegExp(`${name}\\(\\) must return bytes`),
      })
    await recorder.close()
  }
})
