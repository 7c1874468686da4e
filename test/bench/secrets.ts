/** Encrypted saves and replays, people's own keys, and the chain of hashes: beside OpenSSL and zlib called by hand. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { Aggregate, Application, type ApplicationOptions, defineEvent, event, MemoryRecorder } from 'dog-school'
import { aesGcm, HashChain, SubjectKeys, zlib } from 'dog-school/encryption'
import { Dog, replayByHand, rowsOf } from './dogs'
import { type Figure, rate } from './measure'

const count = 10_000
const id = 'fido'

const Owned = defineEvent('Owned', ['owner'], {
  personal: { subject: (_, { aggregateId }) => aggregateId, fields: ['owner'] },
})
@event('Registered')
class OwnedDog extends Aggregate {
  static override readonly topic = 'kennel:OwnedDog'
  owner = ''
  @event(Owned)
  sell(owner: string) {
    this.owner = owner
  }
}

const key = randomBytes(32)
const sealed = (plain: Uint8Array): Uint8Array => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = cipher.update(plain)
  cipher.final()
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}
const opened = (bytes: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
}
const kennel = (recorder: MemoryRecorder, options: ApplicationOptions): Application =>
  new Application(recorder, { name: 'kennel', aggregates: [Dog, OwnedDog], cacheSize: 0, ...options })

async function encrypted(pack: (bytes: Uint8Array) => Uint8Array): Promise<MemoryRecorder> {
  const recorder = new MemoryRecorder()
  const rows = [...rowsOf(id, count)]
  await recorder.append(rows.map((row) => ({ ...row, state: pack(Buffer.from(String(row.state))) })))
  return recorder
}

export async function* secrets(): AsyncGenerator<Figure> {
  const ways = {
    'AES-GCM': { options: { cipher: aesGcm(key) }, pack: sealed, unpack: opened },
    'zlib and AES-GCM': {
      options: { cipher: aesGcm([{ id: '2026', key }, key]), compressor: zlib() },
      pack: (bytes: Uint8Array) => sealed(deflateSync(bytes)),
      unpack: (bytes: Uint8Array) => inflateSync(opened(bytes)),
    },
  }
  for (const [what, { options, pack, unpack }] of Object.entries(ways)) {
    yield await rate({
      what: `save 10,000 at once, ${what}`,
      count,
      ours: () => {
        const dog = new Dog('Fido')
        for (let i = 1; i < count; i++) dog.addTrick(`trick ${i}`)
        const school = kennel(new MemoryRecorder(), options)
        return () => school.save(dog)
      },
      floor: {
        what: 'JSON.stringify, OpenSSL',
        work: () => {
          const recorder = new MemoryRecorder()
          const stamp = { _type_: 'datetime_iso', _data_: new Date().toISOString() }
          return () =>
            recorder.append(
              Array.from({ length: count }, (_, i) => ({
                aggregateId: id,
                version: i + 1,
                topic: 'kennel:Dog.TrickAdded',
                state: pack(Buffer.from(JSON.stringify({ timestamp: stamp, trick: `trick ${i}` }))),
              })),
            )
        },
      },
    })
    yield await rate({
      what: `replay 10,000, ${what}`,
      count,
      ours: async () => {
        const school = kennel(await encrypted(pack), options)
        return () => school.repository.get(Dog, id)
      },
      floor: {
        what: 'OpenSSL, JSON.parse, switch',
        work: async () => {
          const recorder = await encrypted(pack)
          return async () => {
            const rows = await recorder.select(id, { as: 'bytes' })
            return replayByHand(
              rows.map(({ topic, state }) => ({ topic, state: Buffer.from(unpack(state as Uint8Array)).toString() })),
            )
          }
        },
      },
    })
  }

  const people = async (options: ApplicationOptions): Promise<Application> => {
    const school = kennel(new MemoryRecorder(), options)
    const dog = new OwnedDog({ id } as never)
    for (let i = 1; i < count; i++) dog.sell(`owner ${i}`)
    await school.save(dog)
    return school
  }
  const keys = new SubjectKeys()
  yield await rate({
    what: 'save 10,000 with a personal field',
    count,
    ours: () => {
      const dog = new OwnedDog()
      for (let i = 1; i < count; i++) dog.sell(`owner ${i}`)
      const school = kennel(new MemoryRecorder(), { keys: new SubjectKeys() })
      return () => school.save(dog)
    },
    floor: { what: 'OpenSSL on the field', work: () => () => fields(sealed) },
  })
  yield await rate({
    what: 'replay 10,000 with a personal field',
    count,
    ours: async () => {
      const school = await people({ keys })
      const [first] = await school.notificationLog.select({ limit: 1 })
      return () => school.repository.get(OwnedDog, first?.aggregateId ?? '')
    },
    floor: {
      what: 'OpenSSL on the field',
      work: () => {
        const text = sealed(Buffer.from('{"owner":"owner 1234"}'))
        return () => fields(() => opened(text))
      },
    },
  })

  const log = new MemoryRecorder()
  await log.append([...rowsOf(id, count)])
  const chain = new HashChain(log)
  await chain.seal()
  yield await rate({
    what: 'verify a chain of hashes, 10,000 events',
    count,
    ours: () => () => chain.verify(),
    floor: {
      what: 'SHA-256 of OpenSSL, one of the whole log',
      work: () => async () => {
        const hash = createHash('sha256')
        for (const { state } of await log.notifications({ as: 'bytes' })) hash.update(state)
        return hash.digest()
      },
    },
  })
}

function fields(work: (bytes: Uint8Array) => Uint8Array): void {
  for (let i = 0; i < count; i++) work(Buffer.from(`{"owner":"owner ${i}"}`))
}
