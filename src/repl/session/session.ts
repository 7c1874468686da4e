/**
 * The state of one session at the prompt: a school on a store, the names that were declared, what each line recorded. It takes
 * lines and replies with data. It has nothing to do with the terminal, the disk or the process.
 */
import {
  Aggregate,
  type AggregateClass,
  AggregateNotFoundError,
  type Application,
  DatabaseUnavailableError,
  type LoggedEvent,
  OutcomeUnknownError,
  ReadOnlyError,
  Topics,
} from 'dog-school'
import type { Notification } from '../../port/recorder'
import type { Evaluator } from '../cells/evaluator'
import { done } from './done'
import { explain } from './explain-error'
import { withIds } from './ids'
import type { Input, TrueStore } from './input'
import { eventOf, type Member, Members } from './members'
import { Questions } from './questions'
import { notFinal, notRecorded, stopped } from './recorded'
import { Refusal } from './refusal'
import { all, type News, nothing, problem, type Reply, text, valueIn } from './reply'
import { isOnServer, type Store } from './store'
import type { World } from './world'
import { WriteGuard } from './write-guard'

export class Session {
  readonly evaluator: Evaluator
  readonly world: World
  /** The next line that is not a command answers the newest of them. */
  readonly questions = new Questions()
  /** Every cell that ran, in order. */
  lines: Input[] = []
  /** Whose school it is, if the welcome should say so. */
  about: Reply = nothing
  /** The last thing that was thrown. */
  lastError: unknown
  /** The position of the last event before this session. */
  startedAt = 0
  /** Whether the store was opened with --read-only. */
  isReadOnly = false
  /** Set to end the session. */
  isOver = false
  /** The true store while `school` is on another one, which is a copy or the store of a lesson. */
  trueStore: TrueStore | undefined
  #recorder: Store
  #guard: WriteGuard
  #school: Application
  #members = new Members()
  /** The position of the last event that was reported; `#news` came after it. */
  #told = 0
  #news: Notification[] = []
  /** Whether the server could not be reached in this line. */
  #isAway = false

  constructor(evaluator: Evaluator, world: World, recorder: Store) {
    // A class that is typed again replaces the earlier one.
    Topics.redefinition = true
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
  get recorder(): Store {
    return this.#recorder
  }
  /** What is written before the next line. It shows whether `school` is on another store, or a question was asked. */
  get prompt(): string {
    if (this.questions.newest !== undefined) return '? '
    return this.trueStore ? `${this.trueStore.isAwayFor}> ` : '> '
  }

  /** Opens the store, or throws what is wrong with it. */
  async open(): Promise<void> {
    await this.#recorder.open()
    this.#told = await this.#recorder.maxNotificationId()
    this.startedAt = this.#told
    this.about = await this.refreshSchool()
  }

  /** Runs a cell; replies with its value and what it recorded. */
  async evaluate(typed: string): Promise<Reply> {
    const cell = this.evaluator.read(typed)
    return this.command(typed, async () => {
      if (typed.includes('idOf')) await this.members()
      return this.#reply(cell.text, await this.evaluator.run(cell))
    })
  }

  /** Runs a command or a cell with the current school. */
  async command(line: string, work: () => Promise<Reply>): Promise<Reply> {
    const about = await this.refreshSchool()
    const reply = await this.record(line, work)
    return about.kind === 'nothing' ? reply : all(about, reply)
  }

  /** Does the work of a line. What it throws becomes a reply; what it records is reported and remembered. */
  async record(line: string, work: () => Promise<Reply>): Promise<Reply> {
    this.#isAway = false
    const result = await this.#guarded(work)
    // Who asked the server for the news, would wait for it again.
    if (this.#isAway) return result
    const news = await this.#guarded(() => this.#tell(line, result))
    return news.kind === 'nothing' ? result : all(result, news)
  }

  /** Moves `school` to another store. The earlier one stays open, but this session cannot record anything in it. */
  async switchStore(recorder: Store, lines: readonly Input[] = []): Promise<void> {
    await recorder.open()
    this.#guard.isOpen = false
    this.#recorder = recorder
    this.#guard = new WriteGuard(recorder)
    this.useSchool(this.world.schoolOn(this.#guard))
    this.#told = await recorder.maxNotificationId()
    this.#news = []
    this.lines = lines.filter(({ last }) => last <= this.#told)
  }

  /** Replaces `school` after its store was changed, so that nothing is cached. */
  useStoreAfresh(): void {
    this.useSchool(this.world.schoolOn(this.#guard))
  }

  /** Loads the learner's own school, if it is new or has changed, and says so. */
  async refreshSchool(): Promise<Reply> {
    const found = await this.world.learnersSchool()
    if (found?.names) {
      this.evaluator.preload(found.names)
      this.useStoreAfresh()
    }
    return found ? text(found.says) : nothing
  }

  /** Makes this `school`. It must be on the same store. */
  useSchool(school: Application): void {
    this.#school = school
    this.#members = new Members()
    this.evaluator.provide('school', school)
    this.evaluator.provide('idOf', (who: string) => this.#members.one(who).id)
  }

  /** The aggregates of the store, up to date. Nothing else follows the log. */
  async members(): Promise<Members> {
    const rows = await this.#recorder.notifications({ start: this.#members.position + 1, as: 'bytes' })
    this.#news = this.#news.concat(rows.filter(({ id }) => id > this.#told))
    await this.#members.add(rows, (member, version) => this.nameAt(member, version))
    return this.#members
  }

  /** The name of an aggregate at a version. */
  async nameAt(member: Member, version: number, school = this.#school): Promise<string | undefined> {
    const { name } = (await this.load(member, version, school)) as { name?: unknown }
    return typeof name === 'string' && name !== '' ? name : undefined
  }

  /** Finds a member by its name, its id or the start of its id: see `Members.one`. */
  async one(said: string | undefined): Promise<Member> {
    return (await this.members()).one(said)
  }

  /** The events of one aggregate, or of all, oldest first. */
  async history(said?: string): Promise<LoggedEvent[]> {
    const { mapper, notificationLog } = this.#school
    if (said === undefined) return notificationLog.select()
    const { id, positions } = await this.one(said)
    const rows = await this.#recorder.select(id, { as: mapper.form })
    return rows.flatMap((row) => mapper.logged({ ...row, id: positions[row.version - 1] ?? 0 }))
  }

  /** The aggregate at a version (by default the newest), made with the class that the session knows for it. */
  async load(
    { id, topic }: Pick<Member, 'id' | 'topic'>,
    version?: number,
    { mapper, repository } = this.#school,
  ): Promise<Aggregate> {
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
        return done(outcome)
      case 'stopped':
        return stopped(this.#recorder)
      case 'thrown':
        return this.#thrown(outcome.error, text)
      case 'mistakes':
        return { kind: 'mistakes', text, mistakes: outcome.cell.mistake ? [outcome.cell.mistake] : [] }
    }
  }

  /** Remembers a line, and reports what it has recorded, and what others have meanwhile. */
  async #tell(text: string, reply: Reply): Promise<Reply> {
    // An abandoned line goes on meanwhile: what it records after the look at the log is told with the next line.
    const { newest } = this.#guard
    const last = await this.#recorder.maxNotificationId()
    if (last > this.#told) await this.members()
    const news = this.#news
    // Only one process writes to a file.
    const owned = new Set(news.filter((row) => !isOnServer(this.#recorder) || this.#guard.has(row)))
    this.#told = Math.max(last, this.#told, news.at(-1)?.id ?? 0)
    this.#news = []
    this.lines.push({ text, reply, shown: valueIn(reply), recorded: [...owned].map(({ id }) => id), last: this.#told })
    const events = news.map(({ id, topic, aggregateId, version }, at): News => {
      const isForeign = !owned.has(news[at] as Notification) && { isForeign: true as const }
      return { id, name: eventOf(topic), who: this.#members.label(aggregateId), version, ...isForeign }
    })
    const shown: Reply = events.length > 0 ? { kind: 'news', events } : nothing
    return newest > this.#told ? all(shown, notFinal(newest)) : shown
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
    if (typed !== '' || !(error instanceof Refusal)) this.lastError = error
    this.#isAway = error instanceof DatabaseUnavailableError || error instanceof OutcomeUnknownError
    if (error instanceof Refusal) return problem(error.message, error.next)
    if (this.isReadOnly && error instanceof ReadOnlyError) return notRecorded
    const next = error instanceof AggregateNotFoundError ? withIds(typed, error, await this.members()) : undefined
    return explain(error, next)
  }
}

const isAggregateClass = (value: unknown): value is AggregateClass<Aggregate> =>
  typeof value === 'function' && value.prototype instanceof Aggregate
