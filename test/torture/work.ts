/**
 * What a process does in a campaign: it writes, follows, reacts and keeps a view, and notes what came of it. Where a
 * promise is kept, none of that depends on what happens to the process, the connection or the server.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { EventSourcingError, type Recorder } from 'dog-school'
import { type Disk, sqlite } from 'dog-school/sqlite'
import { postgres } from '../../src/recorders/postgres'
import { type Broken, brokenPostgres, early } from './broken'
import { FullError, lastTricks, Office, School } from './domain'
import { Notes, type Seen } from './notes'
import { Random } from './random'

export type Role = 'writer' | 'follower' | 'reader' | 'office' | 'view'

export interface Job {
  readonly name: string
  readonly roles: readonly Role[]
  /** Where notes are kept. */
  readonly folder: string
  readonly seed: number
  /** How often this process was started. */
  readonly times: number
  /** How many write at the same time. */
  readonly writers: number
  /** Addresses of servers; or the path of a file. */
  readonly store: { readonly urls: readonly string[] } | { readonly file: string }
  /** How long a reader takes for what it has read, in milliseconds. */
  readonly slowness?: number
  readonly broken?: Broken | undefined
  /** For how long a server that is away is waited for, in milliseconds. */
  readonly patience?: number
  /** At which step on the disk the process ends itself, and in the midst of that step or before it. */
  readonly death?: { readonly step: number; readonly moment: 'before' | 'midst' } | undefined
}

/** So often what is left is tried in the end. */
const TRIES = 20

/** What may be told to somebody who works on a store that is out of order. */
const expected =
  /^(DATABASE_UNAVAILABLE|OUTCOME_UNKNOWN|STORAGE|DATABASE_LOCKED|VERSION_CONFLICT|BOUNDARY_CONFLICT|TRACKING_CONFLICT|VIEW_CONFLICT|CLOSED)$/
/** Those that say what happened in their cause. */
const wrapping = /^(REACTION_FAILED|HANDLER_FAILED)$/

export class Work {
  readonly #job: Job
  readonly #disk: Disk | undefined
  readonly #acknowledged: () => void
  readonly #writing = new AbortController()
  readonly #following = new AbortController()
  readonly #errors: Notes
  #writers: Promise<unknown> = Promise.resolve()
  #others: Promise<unknown> = Promise.resolve()
  #stores: Recorder[] = []

  /** @param acknowledged is called for each save that was */
  constructor(job: Job, acknowledged: () => void, disk?: Disk) {
    this.#job = job
    this.#disk = disk
    this.#acknowledged = acknowledged
    this.#errors = new Notes(job.folder, `errors-${job.name}`)
  }

  start(): void {
    const { roles, writers } = this.#job
    const has = (role: Role) => roles.includes(role)
    const others: Promise<unknown>[] = []
    if (has('reader')) others.push(this.#read())
    if (roles.some((role) => role !== 'reader')) {
      const school = new School(this.#open())
      if (has('writer'))
        this.#writers = Promise.all(Array.from({ length: writers }, (_, number) => this.#write(school, number)))
      if (has('follower')) others.push(this.#follow(school.recorder))
      if (has('office')) others.push(this.#react(school))
      if (has('view')) others.push(this.#keepView(school))
    }
    this.#others = Promise.all(others)
  }

  async stopWriting(): Promise<void> {
    this.#writing.abort()
    await this.#writers
  }

  /** Deals with what is left, and closes. */
  async end(): Promise<void> {
    await this.stopWriting()
    this.#following.abort()
    await this.#others
    for (const store of this.#stores) await store.close()
  }

  #open(suffix = ''): Recorder {
    const { store, patience = 60_000, broken } = this.#job
    let opened: Recorder
    if ('file' in store) {
      opened = sqlite(store.file + suffix, { ...(this.#disk && { disk: this.#disk }), onProblem: () => {} })
      if (broken === 'early') opened = early(opened)
    } else {
      const options = { patience, poll: 100, ...(suffix && { prefix: 'office' }) }
      opened = broken ? brokenPostgres(store.urls, options, broken) : postgres(store.urls, options)
    }
    this.#stores.push(opened)
    return opened
  }

  async #write(school: School, number: number): Promise<void> {
    const { folder, name, seed, times } = this.#job
    const notes = new Notes(folder, `writer-${name}-${number}`)
    const random = new Random(seed * 31 + times * 7 + number)
    for (let turn = 1; !this.#writing.signal.aborted; turn++) {
      const own = `${name}.${times}.${number}.${turn}`
      const dog = `dog:${random.below(12)}`
      const kind = random.below(10)
      if (kind < 4) await this.#save(notes, [own], () => school.addTrick(dog, own))
      else if (kind < 7) {
        const tricks = Array.from({ length: 1 + random.below(5) }, (_, at) => `${own}.${at}`)
        await this.#save(notes, tricks, () => school.teach(dog, tricks))
      } else {
        const course = `${Math.floor(turn / 20)}.${random.below(2)}`
        await this.#save(notes, [own], () => school.enrol(course, own))
      }
      await sleep(random.below(8))
    }
  }

  async #save(notes: Notes, names: readonly string[], save: () => Promise<number[]>): Promise<void> {
    const before = performance.now()
    const took = () => Math.round(performance.now() - before)
    try {
      const positions = await save()
      notes.add({ result: 'acknowledged', names, positions, took: took() })
      this.#acknowledged()
    } catch (error) {
      if (error instanceof FullError) return
      const { code = 'none' } = error as { code?: string }
      notes.add({ result: code === 'OUTCOME_UNKNOWN' ? 'unknown' : 'refused', names, code, took: took() })
      this.#mustBeExpected(error)
      // Who is refused does not ask again at once.
      if (!/CONFLICT/.test(code)) await sleep(20)
    }
  }

  /** Reads what is new when it is woken, and goes on, if it was killed, after the last event that it noted. */
  async #follow(store: Recorder): Promise<void> {
    const { folder, name, slowness = 0 } = this.#job
    const notes = new Notes(folder, `follower-${name}`)
    const { signal } = this.#following
    let last = (notes.last() as Seen | undefined)?.[0] ?? 0
    let wake = () => {}
    const leave = store.watch(() => wake())
    signal.addEventListener('abort', () => wake())
    for (let failed = 0; failed < TRIES; ) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      const isLast = signal.aborted
      try {
        for (let isMore = true; isMore; ) {
          const found = await store.notifications({ start: last + 1, limit: slowness ? 10 : 500 })
          notes.add(...found.map(({ id, aggregateId, version }) => [id, aggregateId, version]))
          last = found.at(-1)?.id ?? last
          isMore = found.length > 0
          if (slowness && !signal.aborted) await sleep(slowness)
        }
        if (isLast) return leave()
        await woken
      } catch (error) {
        if (isLast) failed++
        this.#mustBeExpected(error)
        await sleep(20)
      }
    }
  }

  /** Another process sees what was there when it opened the file. */
  async #read(): Promise<void> {
    const { folder, name, store } = this.#job
    if (!('file' in store)) return
    const notes = new Notes(folder, `follower-${name}`)
    let last = (notes.last() as Seen | undefined)?.[0] ?? 0
    for (let isLast = false; !isLast; ) {
      isLast = this.#following.signal.aborted
      const reader = sqlite(store.file, { readOnly: true, onProblem: () => {} })
      try {
        const found = await reader.notifications({ start: last + 1 })
        notes.add(...found.map(({ id, aggregateId, version }) => [id, aggregateId, version]))
        last = found.at(-1)?.id ?? last
      } catch (error) {
        this.#mustBeExpected(error)
      }
      await reader.close()
      await sleep(50)
    }
  }

  async #react(school: School): Promise<void> {
    const office = new Office(this.#open('.office'))
    const { signal } = this.#following
    while (!signal.aborted) await this.#tried(() => office.reactTo(school, { signal }))
    await this.#atLast(() => office.catchUpWith(school))
  }

  async #keepView(school: School): Promise<void> {
    const view = lastTricks(school)
    while (!this.#following.signal.aborted) {
      await this.#tried(() => view.catchUp())
      await sleep(30)
    }
    await this.#atLast(() => view.catchUp())
  }

  async #tried(work: () => Promise<unknown>): Promise<void> {
    await work().catch(async (error) => {
      this.#mustBeExpected(error)
      await sleep(20)
    })
  }

  /** Several do it, and only one is first. */
  async #atLast(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        await work()
        return
      } catch (error) {
        if (tries === TRIES) {
          this.#errors.add(`in the end: ${said(error)}`)
          return
        }
        await sleep(20)
      }
  }

  #mustBeExpected(error: unknown): void {
    const { code = '', cause } = error as { code?: string; cause?: unknown }
    if (error instanceof EventSourcingError && expected.test(code)) return
    if (wrapping.test(code) && cause) this.#mustBeExpected(cause)
    else this.#errors.add(said(error))
  }
}

const said = (error: unknown) => {
  const { code = '', message, stack = '' } = error as Error & { code?: string }
  return `${code} ${message} ${stack.split('\n').slice(1, 3).join(' ')}`
}
