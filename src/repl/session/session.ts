/**
 * The state of one session at the prompt: a school on a store, the names that were declared, what each line recorded.
 * It takes lines and replies with data. It does no input and no output: not the terminal, not the disk, not the process.
 */
import { Aggregate, type AggregateClass, AggregateNotFoundError, type Application, type LoggedEvent } from 'dog-school'
import type { Notification } from '../../recorder'
import type { SqliteRecorder } from '../../recorders/sqlite'
import type { Evaluator } from '../cells/evaluator'
import { explain } from './explain-error'
import { withIds } from './ids'
import { type Member, Members } from './members'
import { Refusal } from './refusal'
import { all, type News, nothing, problem, type Reply, text } from './reply'
import type { World } from './world'
import { WriteGuard } from './write-guard'

/** One input, what it gave, and the positions of what it recorded, first and last. */
export interface Input {
  readonly text: string
  readonly reply: Reply
  readonly first: number
  readonly last: number
}

/** The store that one comes back to. */
export interface TrueStore {
  readonly recorder: SqliteRecorder
  readonly lines: readonly Input[]
  readonly isAwayFor: 'copy' | 'lesson'
}

/** Takes the next line in place of the prompt: for a question that was asked. */
export type Respond = (line: string) => Promise<Reply>

export class Session {
  readonly evaluator: Evaluator
  readonly world: World
  /** Every cell that ran, in order. */
  lines: Input[] = []
  /** Whose school it is, where that is worth a word at the beginning. */
  about: Reply = nothing
  /** The last thing that was thrown. */
  lastError: unknown
  /** The position of the last event before this session. */
  startedAt = 0
  /** Set to be asked to leave. */
  isOver = false
  /** The true store, while `school` is on another one: a copy of it, or that of a lesson. */
  trueStore: TrueStore | undefined
  #recorder: SqliteRecorder
  #guard: WriteGuard
  #school: Application
  #members = new Members()
  /** The position up to which it was told what was recorded; `#news` came after it. */
  #told = 0
  #news: Notification[] = []
  #question: { text: string; reply: Respond } | undefined

  constructor(evaluator: Evaluator, world: World, recorder: SqliteRecorder) {
    this.evaluator = evaluator
    this.world = world
    this.#recorder = recorder
    this.#guard = new WriteGuard(recorder)
    this.#school = world.schoolOn(this.#guard)
    this.useSchool(this.#school)
  }

  get school(): Application {
    return this.#school
  }
  get recorder(): SqliteRecorder {
    return this.#recorder
  }
  /** The question that waits for an answer, if one does. */
  get question(): string | undefined {
    return this.#question?.text
  }
  /** What is written before the next line: it tells whether one is on another store, or has been asked. */
  get prompt(): string {
    if (this.#question) return '? '
    return this.trueStore ? `${this.trueStore.isAwayFor}> ` : '> '
  }
  /** The reply that a question waits for; it is asked no longer. */
  takeReply(): Respond | undefined {
    const reply = this.#question?.reply
    this.#question = undefined
    return reply
  }

  /** Opens the store: what is wrong with it is told here. */
  async open(): Promise<void> {
    await this.#recorder.open()
    this.#told = await this.#recorder.maxNotificationId()
    this.startedAt = this.#told
    this.about = await this.refreshSchool()
  }

  /** Asks; the next line that is no command is the reply. */
  ask(question: string, reply: Respond): void {
    this.#question = { text: question, reply }
  }

  /** Runs a cell, and tells what it gave and what it recorded. */
  async evaluate(typed: string): Promise<Reply> {
    const cell = this.evaluator.read(typed)
    return this.command(typed, async () => {
      if (typed.includes('idOf')) await this.members()
      return this.#reply(cell.text, await this.evaluator.run(cell))
    })
  }

  /** Does what a command is there for, with the school as it is now. */
  async command(line: string, work: () => Promise<Reply>): Promise<Reply> {
    const about = await this.refreshSchool()
    const reply = await this.record(line, work)
    return about.kind === 'nothing' ? reply : all(about, reply)
  }

  /** Does some work for a line; what it throws becomes a reply, what it records is told and remembered. */
  async record(line: string, work: () => Promise<Reply>): Promise<Reply> {
    const result = await this.#guarded(work)
    const news = await this.#guarded(() => this.#tell(line, result))
    return news.kind === 'nothing' ? result : all(result, news)
  }

  /** Puts another store under `school`; the one before stays open, but nothing can be recorded in it from here. */
  async switchStore(recorder: SqliteRecorder, lines: readonly Input[] = []): Promise<void> {
    await recorder.open()
    this.#guard.isOpen = false
    this.#recorder = recorder
    this.#guard = new WriteGuard(recorder)
    this.useSchool(this.world.schoolOn(this.#guard))
    this.#told = await recorder.maxNotificationId()
    this.#news = []
    this.lines = lines.filter(({ last }) => last <= this.#told)
  }

  /** The store was changed under the school: a new one has nothing of it in its memory. */
  useStoreAfresh(): void {
    this.useSchool(this.world.schoolOn(this.#guard))
  }

  /** Takes the learner's own school, as soon as there is one and after each change of it; tells when it does. */
  async refreshSchool(): Promise<Reply> {
    const found = await this.world.learnersSchool()
    if (found?.names) {
      this.evaluator.preload(found.names)
      this.useStoreAfresh()
    }
    return found ? text(found.says) : nothing
  }

  /** From now on, this is `school`: it must stand on the same store. */
  useSchool(school: Application): void {
    this.#school = school
    this.#members = new Members()
    this.evaluator.provide('school', school)
    this.evaluator.provide('idOf', (who: string) => this.#members.one(who).id)
  }

  /** Who there is, up to now. Nothing else follows the log. */
  async members(): Promise<Members> {
    const rows = await this.#recorder.notifications({ start: this.#members.position + 1, as: 'bytes' })
    this.#news.push(...rows.filter(({ id }) => id > this.#told))
    await this.#members.add(rows, async (member, version) => {
      const { name } = (await this.load(member, version)) as { name?: unknown }
      return typeof name === 'string' && name !== '' ? name : undefined
    })
    return this.#members
  }

  /** The one that is meant by a name, an id or the beginning of one: see `Members.one`. */
  async one(said: string | undefined): Promise<Member> {
    return (await this.members()).one(said)
  }

  /** The events of one, or of all, oldest first. */
  async history(said?: string): Promise<LoggedEvent[]> {
    const { mapper, notificationLog } = this.#school
    if (said === undefined) return notificationLog.select()
    const { id, positions } = await this.one(said)
    const rows = await this.#recorder.select(id, { as: mapper.form })
    return rows.flatMap((row) => mapper.logged({ ...row, id: positions[row.version - 1] ?? 0 }))
  }

  /** The aggregate as it was at a version (the newest, if left out), by the class that the session knows for it. */
  async load({ id, topic }: Member, version?: number): Promise<Aggregate> {
    const { mapper, repository } = this.#school
    const known = this.evaluator.values().filter(isAggregateClass)
    const type = known.find((each) => mapper.topics.names(topic, each))
    if (!type)
      throw new Refusal(`No class here is stored as ${topic}.`, 'Define or import it, or give one `static aliases`.')
    return repository.get(type, id, { version })
  }

  async close(): Promise<void> {
    await Promise.all([this.evaluator.close(), this.#recorder.close(), this.trueStore?.recorder.close()])
  }

  async #reply(text: string, outcome: Awaited<ReturnType<Evaluator['run']>>): Promise<Reply> {
    switch (outcome.kind) {
      case 'done':
        return outcome.shows && outcome.value !== undefined ? { kind: 'value', value: outcome.value } : nothing
      case 'stopped':
        return problem('Stopped.', 'What it had recorded by then is recorded; .events shows it.')
      case 'thrown':
        return this.#thrown(outcome.error, text)
      case 'mistakes':
        return { kind: 'mistakes', text, mistakes: outcome.cell.mistake ? [outcome.cell.mistake] : [] }
    }
  }

  /** Remembers a line, and tells what it has recorded. */
  async #tell(text: string, reply: Reply): Promise<Reply> {
    const last = await this.#recorder.maxNotificationId()
    this.lines.push({ text, reply, first: this.#told + 1, last: Math.max(last, this.#told) })
    if (last <= this.#told) return nothing
    const members = await this.members()
    const events: News[] = this.#news.map(({ id, topic, aggregateId, version }) => ({
      id,
      name: topic.slice(topic.lastIndexOf('.') + 1),
      who: members.label(aggregateId),
      version,
    }))
    this.#told = last
    this.#news = []
    return { kind: 'news', events }
  }

  async #guarded(work: () => Promise<Reply>): Promise<Reply> {
    try {
      return await work()
    } catch (error) {
      return this.#thrown(error)
    }
  }

  /** @param typed the line that threw it */
  async #thrown(error: unknown, typed = ''): Promise<Reply> {
    if (error instanceof Refusal) return problem(error.message, error.next)
    this.lastError = error
    const next = error instanceof AggregateNotFoundError ? withIds(typed, await this.members()) : undefined
    return explain(error, next)
  }
}

const isAggregateClass = (value: unknown): value is AggregateClass<Aggregate> =>
  typeof value === 'function' && value.prototype instanceof Aggregate
