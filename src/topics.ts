/**
 * Which stored name belongs to which class.
 *
 * A topic is `module:Class`; an event's is `module:Class.Event`. The class is `static topic` or the name of the class,
 * the module is the application's `name`. A name that a build tool may have invented is refused before anything is
 * recorded under it.
 */
import { type AggregateClass, decoratedClasses, isDecorated, originalOf } from './definition'
import { UnknownTopicError } from './errors'
import { hasLastingName } from './source'

export class Topics {
  /**
   * May a class that is defined again replace the earlier one for good, even while that is still in use, as in a REPL
   * or when code is reloaded? If false, two classes that are used in turns under one topic are refused.
   */
  static redefinition = false
  readonly #module: string
  /** The class that was used last under each topic. */
  readonly #used = new Map<string, AggregateClass>()
  #uses = 0
  readonly #replaced = new WeakSet<object>()
  readonly #topics = new WeakMap<object, string>()

  constructor(module: string) {
    if (!/^[^:\s]+$/.test(module))
      throw new TypeError(
        `The name of an application has no spaces or colons, unlike ${JSON.stringify(module)}: rename its class, or write super(recorder, { name: 'kennel' })`,
      )
    this.#module = module
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
    const topic = this.#whole(literal ?? type.name)
    if (!/^[^:\s]+:[^:\s]+$/.test(topic) || topic.endsWith('.'))
      throw new TypeError(`static topic of ${type.name} is '${literal}', not of the form 'module:Class'`)
    this.#topics.set(original, topic)
    return this.#use(topic, original)
  }

  /** Does this topic name the class: today, formerly (an alias), or in a Python script (`__main__:Dog`)? */
  names(topic: string, type: AggregateClass): boolean {
    const literal = Object.hasOwn(type, 'topic') ? type.topic : undefined
    if (topic === this.#whole(literal ?? type.name)) return true
    if (Object.hasOwn(type, 'aliases') && type.aliases?.some((alias) => this.#whole(alias) === topic)) return true
    return type.name !== '' && (topic === `__main__:${type.name}` || topic === `${this.#module}:${type.name}`)
  }

  /** The class that a topic names: the one used here, otherwise the one decorated last. */
  classOf(topic: string): AggregateClass | undefined {
    return this.#used.get(topic) ?? decoratedClasses.findLast((type) => this.names(topic, type))
  }

  /** The class that a topic names, if it is this one or a subclass. */
  within(type: AggregateClass, topic: string): AggregateClass | undefined {
    if (this.names(topic, type)) return type
    const found = this.classOf(topic)
    return found && type.prototype && Object.prototype.isPrototypeOf.call(type.prototype, found.prototype as object)
      ? found
      : undefined
  }

  /** A string that changes whenever a topic may mean another class. */
  get stamp(): string {
    return `${decoratedClasses.length} ${this.#uses}`
  }

  #whole(name: string): string {
    return name.includes(':') ? name : `${this.#module}:${name}`
  }

  #use(topic: string, type: AggregateClass): string {
    const other = this.#used.get(topic)
    if (other === type) return topic
    if (this.#replaced.has(type) && !Topics.redefinition)
      throw new TypeError(
        `Two classes use the topic '${topic}' in turns, and would read each other's events: give one its own, static readonly topic = '${topic}2'`,
      )
    if (other) this.#replaced.add(other)
    this.#used.set(topic, type)
    this.#uses++
    return topic
  }
}

/** A name from the code must be the same in each build. */
function mustLast(original: AggregateClass, type: AggregateClass): void {
  const isNumbered = !isDecorated(type) && /\d$/.test(type.name)
  if (hasLastingName(original) && !isNumbered) return
  throw new TypeError(
    `A class ${type.name ? `with the name '${type.name}'` : 'without a name'} cannot be recorded: another build may rename it, and its events are stored under its name. Write in the class: static readonly topic = 'kennel:Dog'`,
  )
}

/** The two parts of an event's topic: the topic of its class, and its name. */
export function topicParts(topic: string, row: string): { readonly type: string; readonly name: string } {
  const [colon, dot] = [topic.indexOf(':'), topic.lastIndexOf('.')]
  if (colon > 0 && dot > colon + 1 && dot < topic.length - 1)
    return { type: topic.slice(0, dot), name: topic.slice(dot + 1) }
  throw new UnknownTopicError(`${row} has the topic '${topic}', which is not of the form module:Class.Event`)
}
