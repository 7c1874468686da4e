/**
 * Spans and durations of operations, each recorded when it ends.
 *
 * An error is told by its code alone: its message may have an id or a value in it.
 */
import type { Attributes, Context, Histogram, Span, SpanKind, SpanStatusCode } from '@opentelemetry/api'

/** What is used of `@opentelemetry/api`. */
export type Telemetry = Pick<typeof import('@opentelemetry/api'), 'trace' | 'context' | 'metrics'>

/** @returns undefined if `@opentelemetry/api` is not installed */
export async function telemetry(): Promise<Telemetry | undefined> {
  try {
    return require('@opentelemetry/api') as Telemetry
  } catch {
    return undefined
  }
}

// The constants are not among what its ES module exports by default.
const [internal, client, consumer] = [0 as SpanKind, 2 as SpanKind, 4 as SpanKind]
const failed = 2 as SpanStatusCode

interface Operation {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  /** Of the attributes, those that the duration has as well: of each of them there are few values. */
  readonly measured: Attributes
  readonly duration: Histogram
  /** Decisions are made in it. */
  readonly isScope?: boolean
  /** Is called when it has ended well. */
  readonly done?: (result: unknown, span: Span) => void
}

/** Since when a command decides: since its last read, or since its beginning. */
interface Scope {
  since: number
}
const scopeKey = Symbol('dog-school scope')
/** The store that does something: what it asks of itself is no operation of its own. */
const storeKey = Symbol('dog-school store')

/** In milliseconds since 1970, as exactly as the machine knows it. */
const now = (): number => performance.timeOrigin + performance.now()

/** The system of a store, as the conventions name it. */
function systemOf(store: object): string {
  const name = store.constructor.name.replace(/Recorder$/, '').toLowerCase()
  return name === 'postgres' ? 'postgresql' : /^(sqlite|memory)$/.test(name) ? name : 'other_sql'
}

export class Watch {
  readonly #api: Telemetry
  readonly #tracer
  readonly #operations: Histogram
  readonly #database: Histogram
  readonly #processing: Histogram
  readonly #consumed
  readonly #recorded

  constructor(api: Telemetry) {
    this.#api = api
    this.#tracer = api.trace.getTracer('dog-school')
    const meter = api.metrics.getMeter('dog-school')
    const seconds = (name: string, description: string) => meter.createHistogram(name, { unit: 's', description })
    this.#operations = seconds('dogschool.operation.duration', 'Commands, attempts, loads and decisions')
    this.#database = seconds('db.client.operation.duration', 'Operations of the store')
    this.#processing = seconds('messaging.process.duration', 'Reactions and projections')
    this.#consumed = meter.createCounter('messaging.client.consumed.messages', {
      unit: '{message}',
      description: 'Events that followers have read',
    })
    this.#recorded = meter.createCounter('dogschool.events', {
      unit: '{event}',
      description: 'Events that were recorded, by topic',
    })
  }

  /** A step of an application: a command, a load, an attempt. */
  step(
    kind: string,
    name: string,
    attributes: Attributes,
    work: () => unknown,
    more: Pick<Operation, 'isScope' | 'done'> = {},
  ): unknown {
    const measured = { ...attributes, 'dogschool.operation': kind }
    return this.#run({ name, kind: internal, attributes, measured, duration: this.#operations, ...more }, work)
  }

  /** A command has what it needs: from here on, it decides. */
  readonly loaded = (): void => {
    const scope = this.#api.context.active().getValue(scopeKey) as Scope | undefined
    if (scope) scope.since = now()
  }

  /** A command has decided: what it did since it had what it needs was deciding. */
  decided(attributes: Attributes): void {
    const scope = this.#api.context.active().getValue(scopeKey) as Scope | undefined
    if (!scope) return
    const end = now()
    this.#tracer.startSpan('decide', { startTime: scope.since, attributes }).end(end)
    this.#operations.record((end - scope.since) / 1000, { 'dogschool.operation': 'decide' })
  }

  /** A read of the store. */
  read(store: object, operation: string, work: () => unknown): unknown {
    return this.#ofStore(store, operation, {}, work, this.loaded)
  }

  /** A write to the store, of events with these topics. */
  write(
    store: object,
    operation: string,
    topics: readonly string[],
    attributes: Attributes,
    work: () => unknown,
  ): unknown {
    return this.#ofStore(store, operation, attributes, work, () => {
      for (const topic of topics) this.#recorded.add(1, { 'dogschool.event.topic': topic })
      this.loaded()
    })
  }

  #ofStore(store: object, operation: string, more: Attributes, work: () => unknown, done: () => void): unknown {
    const { context } = this.#api
    if (context.active().getValue(storeKey) === store) return work()
    const measured = {
      'db.system.name': systemOf(store),
      'db.operation.name': operation,
      'db.collection.name': /snapshot/i.test(operation)
        ? 'snapshots'
        : /view/i.test(operation)
          ? 'views'
          : 'stored_events',
    }
    const name = `${operation} ${measured['db.collection.name']}`
    const attributes = { ...measured, ...more }
    const alone = () => context.with(context.active().setValue(storeKey, store), work)
    return this.#run({ name, kind: client, attributes, measured, duration: this.#database, done }, alone)
  }

  /** Reading events of a log, or doing something with one of them. */
  consume(
    operation: 'follow' | 'react' | 'project',
    from: string,
    more: Attributes,
    work: () => unknown,
    counted: (result: unknown) => number | undefined = () => undefined,
  ): unknown {
    const measured = {
      'messaging.system': 'dogschool',
      'messaging.operation.name': operation,
      'messaging.operation.type': operation === 'follow' ? 'receive' : 'process',
      'messaging.destination.name': from,
    }
    const done = (result: unknown, span: Span) => {
      const count = counted(result)
      if (count === undefined) return
      span.setAttribute('messaging.batch.message_count', count)
      if (operation === 'follow') this.#consumed.add(count, measured)
    }
    const duration = operation === 'follow' ? this.#operations : this.#processing
    return this.#run(
      { name: `${operation} ${from}`, kind: consumer, attributes: { ...measured, ...more }, measured, duration, done },
      work,
    )
  }

  #run({ name, kind, attributes, measured, duration, isScope, done }: Operation, work: () => unknown): unknown {
    const { context, trace } = this.#api
    const start = now()
    const span = this.#tracer.startSpan(name, { kind, attributes, startTime: start })
    let inside: Context = trace.setSpan(context.active(), span)
    if (isScope) inside = inside.setValue(scopeKey, { since: start } satisfies Scope)
    const end = (more: Attributes = {}) => {
      const time = now()
      duration.record((time - start) / 1000, { ...measured, ...more })
      span.setAttributes(more)
      span.end(time)
    }
    const good = (result: unknown): unknown => {
      done?.(result, span)
      end()
      return result
    }
    const bad = (error: unknown): never => {
      span.setStatus({ code: failed })
      end({ 'error.type': codeOf(error) })
      throw error
    }
    let result: unknown
    try {
      result = context.with(inside, work)
    } catch (error) {
      return bad(error)
    }
    return result instanceof Promise ? result.then(good, bad) : good(result)
  }
}

const codeOf = (error: unknown): string => {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : '_OTHER'
}
