/**
 * `dog-school/opentelemetry`: traces and metrics of what an application does, by way of `@opentelemetry/api`.
 *
 * What is to be watched is wrapped from outside, so a program that does not ask for it pays nothing. Spans name kinds of
 * things (classes, topics, operations, codes of errors) and never an id, a payload or a message, which may be about
 * somebody. The names follow OpenTelemetry's semantic conventions for databases and messaging.
 */
import { Application } from './application'
import type { FollowableLog } from './following/followable'
import { telemetry, Watch } from './opentelemetry/watch'
import { Wraps } from './opentelemetry/wraps'
import type { Recorder, StoredEvent } from './port/recorder'
import type { Rule } from './process/policy'

/** A view that follows a log: a `Projection`, for one. */
interface CatchesUp {
  readonly name?: string
  readonly position: number
  catchUp(): Promise<unknown>
}

/** What can be watched. */
export type Watchable = Application | FollowableLog | CatchesUp

/** What is watched already. */
const watched = new WeakSet<object>()

/**
 * Watches applications, logs (those of `remoteLog`) and projections from now on: there is a span for each command, for
 * loading, deciding, appending, following, reacting and projecting, and it is measured how long each takes. Resolves
 * with a function that ends it. What is watched already is left as it is.
 *
 * Where `@opentelemetry/api` is not installed, nothing is watched, and that is not an error.
 *
 * @throws TypeError for what cannot be watched
 */
export async function instrument(...things: readonly Watchable[]): Promise<() => void> {
  for (const thing of things) mustBeWatchable(thing)
  const api = await telemetry()
  const wraps = new Wraps()
  const watch = api && new Watch(api)
  const isNew = (thing: object): boolean => {
    if (watched.has(thing)) return false
    watched.add(thing)
    wraps.undoing(() => watched.delete(thing))
    return true
  }
  for (const thing of watch ? things.filter(isNew) : []) {
    if (thing instanceof Application) {
      const { name, recorder, notificationLog } = thing
      if (isNew(recorder)) watchRecorder(recorder, watch as Watch, wraps)
      if (isNew(notificationLog)) watchLog(notificationLog, name, watch as Watch, wraps)
      watchApplication(thing, watch as Watch, wraps)
    } else if ('catchUp' in thing) watchView(thing, watch as Watch, wraps)
    else watchLog(thing, 'log', watch as Watch, wraps)
  }
  return () => wraps.undo()
}

function mustBeWatchable(thing: unknown): void {
  const { select, append, catchUp } = Object(thing)
  if (thing instanceof Application || typeof catchUp === 'function' || (typeof select === 'function' && !append)) return
  const what = typeof thing === 'function' ? `${thing.name} itself` : (Object(thing).constructor.name as string)
  throw new TypeError(`instrument() takes applications, logs and projections, one by one, not ${what}`)
}

function watchApplication(application: Application, watch: Watch, wraps: Wraps): void {
  const { name, repository } = application
  const about = { 'dogschool.application': name }
  for (const command of commandsOf(application)) {
    const attributes = { ...about, 'code.function.name': command }
    wraps.around(application, command, (work) =>
      watch.step('command', `${name} ${command}`, attributes, work, { isScope: true }),
    )
  }
  wraps.around(application, 'retry', (_, [command, ...options], original) => {
    let count = 0
    const attempt = () => {
      const attributes = { ...about, 'dogschool.attempt': ++count }
      return watch.step('attempt', `attempt ${name}`, attributes, command as () => unknown, { isScope: true })
    }
    return watch.step('retry', `retry ${name}`, about, () => original(attempt, ...options))
  })
  wraps.around(repository, 'get', (work, [type]) => {
    const aggregate = (type as { name: string }).name
    const attributes = { ...about, 'dogschool.aggregate': aggregate }
    return watch.step('load', `load ${aggregate}`, attributes, work, { done: watch.loaded })
  })
  const { rules } = application as { readonly rules?: Rule[] }
  if (rules) watchRules(application, rules, watch, wraps)
}

/** The methods of its own classes, and functions in its fields; none that the library has. */
function commandsOf(application: Application): Set<string> {
  const commands = new Set<string>()
  let level: object = application
  while (!Object.hasOwn(level, 'saveTracked')) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level)))
      if (typeof value === 'function' && !library.has(key)) commands.add(key)
    level = Object.getPrototypeOf(level)
  }
  return commands
}
const library = new Set([
  ...Object.getOwnPropertyNames(Application.prototype),
  'on',
  'reactTo',
  'catchUpWith',
  'reactionTo',
])

/** The handlers of a process application: those that it has, and those that it will be given. */
function watchRules({ name }: Application, rules: Rule[], watch: Watch, wraps: Wraps): void {
  const originals = new Map<Rule, Rule>()
  const watchRule = (rule: Rule): Rule => {
    const handle: Rule['handle'] = (event, work) => {
      const about = { 'dogschool.application': name, 'dogschool.event.topic': event.topic }
      return watch.consume('react', work.from, about, () => rule.handle(event, work)) as ReturnType<Rule['handle']>
    }
    // On how many arguments it takes depends what it may read.
    Object.defineProperty(handle, 'length', { value: rule.handle.length })
    const made = { ...rule, handle }
    originals.set(made, rule)
    return made
  }
  rules.splice(0, rules.length, ...rules.map(watchRule))
  wraps.around(rules, 'push', (_, more, original) => original(...(more as Rule[]).map(watchRule)))
  wraps.undoing(() => rules.splice(0, rules.length, ...rules.map((rule) => originals.get(rule) ?? rule)))
}

function watchRecorder(recorder: Recorder, watch: Watch, wraps: Wraps): void {
  for (const read of ['select', 'read', 'notifications', 'snapshot', 'viewState', 'viewRows'])
    wraps.around(recorder, read, (work) => watch.read(recorder, read, work))
  for (const write of ['saveSnapshot', 'saveView', 'swapView', 'dropView'])
    wraps.around(recorder, write, (work) => watch.write(recorder, write, [], {}, work))
  wraps.around(recorder, 'append', (work, [events]) => {
    const topics = (events as readonly StoredEvent[]).map(({ topic }) => topic)
    const about = { 'dogschool.event.topics': [...new Set(topics)], 'dogschool.event.count': topics.length }
    watch.decided(about)
    return watch.write(recorder, 'append', topics, about, work)
  })
}

function watchLog(log: FollowableLog, name: string, watch: Watch, wraps: Wraps): void {
  wraps.around(log, 'select', (work) =>
    watch.consume('follow', name, {}, work, (events) => (events as readonly unknown[]).length),
  )
}

function watchView(view: CatchesUp, watch: Watch, wraps: Wraps): void {
  // What views of this library do, in the background, too.
  const work = 'moveOn' in view ? 'moveOn' : 'catchUp'
  wraps.around(view, work, (move) => {
    const before = view.position
    const count = (moved: unknown) => view.position - ((Object(moved) as { from?: number }).from ?? before)
    return watch.consume('project', view.name ?? 'view', {}, move, count)
  })
}
