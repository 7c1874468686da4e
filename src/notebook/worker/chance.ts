/**
 * Where the worker's time and chance come from: while a run goes, from its seed and its time, so that the run gives the same
 * whenever it is played.
 *
 * The clock starts at the time of the run, and goes on by a millisecond each time that somebody looks at it: whoever waits for
 * it to go on gets there.
 */
import type { Run } from '../run'

export class Chance {
  /** Whether anybody has asked for the time, or for chance. */
  wasAsked = false
  #time: number
  #since: number
  #state: number

  constructor({ seed, time }: Pick<Run, 'seed' | 'time'>) {
    this.#time = time
    this.#since = time
    this.#state = seed
  }

  now(): number {
    this.wasAsked = true
    return this.#time++
  }

  /** A clock of its own: the library looks at it now and then, and the times of events must not depend on that. */
  since(): number {
    this.wasAsked = true
    return this.#since++
  }

  /** 32 bits: the generator is mulberry32. */
  bits(): number {
    this.wasAsked = true
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** The browser's own, whatever run goes. */
export const clock: () => number = performance.now.bind(performance)

/** Does some work with this time and chance; undefined: with those of the browser. */
export type During = <T>(chance: Chance | undefined, work: () => Promise<T>) => Promise<T>

/**
 * Replaces what JavaScript and the browser have for time and chance by what asks the run that goes; while none does, it is
 * what it was. (WebCrypto's new keys are not among it.)
 */
export function installChance(): During {
  let chance: Chance | undefined
  const { now } = Date
  const { random } = Math
  const uuid = crypto.randomUUID?.bind(crypto)
  const fill = crypto.getRandomValues.bind(crypto)
  const origin = now()

  // What a timer does later is a matter of time.
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const begin: (...given: never[]) => unknown = globalThis[name]
    set(globalThis, name, (...given: never[]) => {
      if (chance) chance.wasAsked = true
      return begin(...given)
    })
  }
  const time = () => chance?.now() ?? now()
  const NativeDate = Date
  const SeenDate = new Proxy(NativeDate, {
    construct: (target, given, type) => Reflect.construct(target, given.length > 0 ? given : [time()], type),
    apply: () => new NativeDate(time()).toString(),
  })
  set(NativeDate, 'now', time)
  set(NativeDate.prototype, 'constructor', SeenDate)
  set(globalThis, 'Date', SeenDate)
  set(performance, 'now', () => (chance ? chance.since() - origin : clock()))
  setFormats(time)
  setTemporal(time)
  const subtle = globalThis.crypto.subtle && Object.getPrototypeOf(crypto.subtle)
  // What it makes is of another chance, which nobody can give it. A page that is served without TLS has none.
  for (const name of subtle ? ['generateKey', 'sign', 'encrypt', 'wrapKey'] : []) {
    const native: (...given: unknown[]) => unknown = subtle[name]
    set(subtle, name, function (this: unknown, ...given: unknown[]) {
      if (chance) chance.wasAsked = true
      return native.apply(this, given)
    })
  }
  set(Math, 'random', () => (chance ? chance.bits() / 2 ** 32 : random()))
  const filled = <T extends ArrayBufferView>(array: T): T => {
    // The browser's own refuses what it cannot fill.
    const refused = fill(array as never)
    if (!chance) return refused
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    for (let at = 0; at < bytes.length; at++) bytes[at] = chance.bits()
    return array
  }
  set(crypto, 'getRandomValues', filled)
  // A page that is served without TLS has none.
  if (uuid) set(crypto, 'randomUUID', () => (chance ? uuidFrom(filled(new Uint8Array(16))) : uuid()))

  return async (next, work) => {
    const before = chance
    chance = next
    try {
      return await work()
    } finally {
      chance = before
    }
  }
}

const set = (on: object, name: string, value: unknown) =>
  Object.defineProperty(on, name, { value, writable: true, configurable: true, enumerable: false })

/** Whoever formats no date formats the time. `null` is a date to it: 0. */
function setFormats(time: () => number): void {
  const { prototype } = Intl.DateTimeFormat
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'format') as { get(): (date: Date | number) => string }
  const { formatToParts } = prototype
  Object.defineProperty(prototype, 'format', {
    get() {
      const format = get.call(this)
      return (date?: Date | number) => format(date === undefined ? time() : date)
    },
    configurable: true,
  })
  set(prototype, 'formatToParts', function (this: Intl.DateTimeFormat, date?: Date | number) {
    return formatToParts.call(this, date === undefined ? time() : date)
  })
}

/** What newer browsers have. */
interface Temporal {
  readonly Now: { timeZoneId(): string }
  readonly Instant: { fromEpochMilliseconds(time: number): { toZonedDateTimeISO(zone: unknown): Zoned } }
}
interface Zoned {
  toPlainDateTime(): unknown
  toPlainDate(): unknown
  toPlainTime(): unknown
}

function setTemporal(time: () => number): void {
  const { Temporal } = globalThis as { Temporal?: Temporal }
  if (!Temporal) return
  const { Now, Instant } = Temporal
  const instant = () => Instant.fromEpochMilliseconds(time())
  const zoned = (zone: unknown = Now.timeZoneId()) => instant().toZonedDateTimeISO(zone)
  set(Now, 'instant', instant)
  set(Now, 'zonedDateTimeISO', zoned)
  set(Now, 'plainDateTimeISO', (zone?: unknown) => zoned(zone).toPlainDateTime())
  set(Now, 'plainDateISO', (zone?: unknown) => zoned(zone).toPlainDate())
  set(Now, 'plainTimeISO', (zone?: unknown) => zoned(zone).toPlainTime())
}

/** A random UUID: version 4. */
function uuidFrom(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
