/**
 * Which stored name belongs to which class.
 *
 * A topic is `module:Class`; an event's is `module:Class.Event`. The class is `static topic` or the name of the class,
 * the module is the application's `name`. A name that a build tool may have invented is refused before anything is
 * recorded under it. An event that no class records has the topic `module:Event`, or one of the class that its type names.
 */
import { Aggregate } from '../aggregates/aggregate'
import {
  type AggregateClass,
  decoratedClasses,
  isDecorated,
  isOneOf,
  originalOf,
  undecorated,
} from '../aggregates/definition'
import { hasLastingName } from '../aggregates/source'
import { UnknownTopicError } from '../errors'
import { definedTypes, type EventType } from '../events/event-type'

export class Topics {
  /**
   * May a class that is defined again replace the earlier one, as in a REPL or when code is reloaded? If false, two
   * classes of one topic in one application are refused.
   */
  static redefinition = false
  readonly #module: string
  /** The class that this application uses under each topic. */
  readonly #used = new Map<string, AggregateClass>()
  #uses = 0
  readonly #topics = new WeakMap<object, string>()
  readonly #listed: ReadonlySet<object>

  constructor(module: string, aggregates: Iterable<AggregateClass> = []) {
    if (!/^[^:\s]+$/.test(module))
      throw new TypeError(
        `The name of an application has no spaces or colons, unlike ${JSON.stringify(module)}: rename its class, or write super(recorder, { name: 'kennel' })`,
      )
    this.#module = module
    const listed = [...aggregates]
    for (const type of listed) {
      if (!(Object(type).prototype instanceof Aggregate))
        throw new TypeError(`aggregates takes classes that extend Aggregate, not ${type?.name ?? String(type)}`)
      this.topicOf(type)
    }
    this.#listed = new Set(listed.map(originalOf))
  }

  /** The topic under which an event is recorded. @throws TypeError also if another process would not find the class */
  lastingTopicOf(type: AggregateClass): string {
    const topic = this.topicOf(type)
    if (isDecorated(type) || this.#listed.has(originalOf(type))) return topic
    throw new TypeError(
      `${type.name} has no @event above it, so another process would not know whose events these are: write one, or new Application(recorder, { aggregates: [${type.name}] })`,
    )
  }

  /**
   * The topic of a class: its literal one, or `<module>:<class>`.
   *
   * @throws TypeError if another build may rename the class, or if another class is used under its topic
   */
  topicOf(type: AggregateClass): string {
    const original = originalOf(type)
    const known = this.#topics.get(original)
    if (known !== undefined) return this.#use(known, original)
    const literal = Object.hasOwn(type, 'topic') ? type.topic : undefined
    if (literal === undefined) mustLast(original, type)
    const topic = this.whole(literal ?? type.name)
    if (!/^[^:\s]+:[^:\s]+$/.test(topic) || topic.endsWith('.'))
      throw new TypeError(`static topic of ${type.name} is '${literal}', not of the form 'module:Class'`)
    this.#topics.set(original, topic)
    return this.#use(topic, original)
  }

  /** Does this topic name the class: today, formerly (an alias), or in a Python script (`__main__:Dog`)? */
  names(topic: string, type: AggregateClass): boolean {
    return this.#rank(topic, type) > 0
  }

  /** How surely: its present name before an alias, an alias before what it would be called without `static topic`. */
  #rank(topic: string, type: AggregateClass): 0 | 1 | 2 | 3 {
    const literal = Object.hasOwn(type, 'topic') ? type.topic : undefined
    if (topic === this.whole(literal ?? type.name)) return 3
    if (Object.hasOwn(type, 'aliases') && type.aliases?.some((alias) => this.whole(alias) === topic)) return 2
    return type.name !== '' && (topic === `__main__:${type.name}` || topic === `${this.#module}:${type.name}`) ? 1 : 0
  }

  /**
   * The class that a topic names: the one in use here, otherwise the one that was asked for, if it has the topic in its
   * code, otherwise the only one that has the name.
   *
   * @throws UnknownTopicError if there are several
   */
  classOf(topic: string, asked?: AggregateClass): AggregateClass | undefined {
    const wanted = asked && originalOf(asked)
    if (wanted && Topics.redefinition && this.names(topic, wanted)) return wanted
    const used = this.#used.get(topic)
    if (used) return used
    const own = new Set(this.#used.values())
    let best = 1
    let found: AggregateClass[] = []
    for (const type of new Set([...decoratedClasses, ...own, ...(wanted ? [wanted] : [])])) {
      const rank = this.#rank(topic, type)
      if (rank > best) found = []
      if (rank >= best) found.push(type)
      best = Math.max(best, rank)
    }
    // A name alone says nothing of which is meant; a literal topic that two classes have, does.
    const isLiteral = wanted && Object.hasOwn(wanted, 'topic')
    if (wanted && found.includes(wanted) && (isLiteral || found.length === 1)) return wanted
    const mine = found.filter((type) => own.has(type))
    if (mine.length === 1 || found.length < 2 || Topics.redefinition) return mine[0] ?? found.at(-1)
    const { name } = found[0] as AggregateClass
    throw new UnknownTopicError(
      `${found.length} classes may be meant by '${topic}': write static readonly topic = '…' in each, or tell the application which of them it has: { aggregates: [${name}] }`,
    )
  }

  /** What stands before the name in the topic of an event that no class records. */
  prefixOf({ topic }: EventType): string {
    return topic === undefined ? `${this.#module}:` : `${this.whole(topic)}.`
  }

  /** The event type of a topic that names no class here. @throws UnknownTopicError if several would read it otherwise */
  eventOf(topic: string): EventType | undefined {
    const found = definedTypes.filter((type) => !type.isRecorded && this.prefixOf(type) + type.name === topic)
    if (found.length < 2 || Topics.redefinition || !found.some(({ upcasts }) => upcasts[0])) return found.at(-1)
    throw new UnknownTopicError(`${found.length} event types are stored as '${topic}': give all but one another topic`)
  }

  /** The class that a topic names, if it is this one or a subclass. */
  within(type: AggregateClass, topic: string): AggregateClass | undefined {
    const found = this.classOf(topic, type)
    return found && isOneOf(type, found) ? found : undefined
  }

  /** The classes that this application has used or lists. */
  get used(): readonly AggregateClass[] {
    return [...this.#used.values()]
  }

  /** A string that changes whenever a topic may mean another class. */
  get stamp(): string {
    return `${decoratedClasses.size} ${this.#uses} ${definedTypes.length}`
  }

  /** A stored name with the module before it. */
  whole(name: string): string {
    return name.includes(':') ? name : `${this.#module}:${name}`
  }

  #use(topic: string, type: AggregateClass): string {
    const other = this.#used.get(topic)
    if (other === type) return topic
    if (other && !Topics.redefinition)
      throw new TypeError(
        `Two classes have the topic '${topic}' in one application, and would read each other's events: give one its own, static readonly topic = '${topic}2' (for code that is reloaded, Topics.redefinition = true)`,
      )
    this.#used.set(topic, type)
    this.#uses++
    return topic
  }
}

/** A name from the code must be the same in each build. */
function mustLast(original: AggregateClass, type: AggregateClass): void {
  const isNumbered = (!isDecorated(type) || undecorated.has(original)) && /\d$/.test(type.name)
  if (hasLastingName(original) && !isNumbered) return
  throw new TypeError(
    `A class ${type.name ? `with the name '${type.name}'` : 'without a name'} cannot be recorded: another build may rename it, and its events are stored under its name. Write in the class: static readonly topic = 'kennel:Dog'`,
  )
}

/** The two parts of an event's topic: the topic of its class, or the module alone if it has none, and its name. */
export function topicParts(topic: string, row: string): { readonly type: string; readonly name: string } {
  const [colon, dot] = [topic.indexOf(':'), topic.lastIndexOf('.')]
  if (colon > 0 && dot > colon + 1 && dot < topic.length - 1)
    return { type: topic.slice(0, dot), name: topic.slice(dot + 1) }
  if (colon > 0 && dot < colon && colon < topic.length - 1)
    return { type: topic.slice(0, colon), name: topic.slice(colon + 1) }
  throw new UnknownTopicError(
    `${row} has the topic '${topic}', which is not of the form module:Class.Event or module:Event`,
  )
}
