/**
 * `@event('TrickAdded')` on a method: each call is an event. On a class: each construction is.
 *
 * It works as a TC39 decorator and with TypeScript's `experimentalDecorators`; `events()` is for tools that cannot
 * parse decorators.
 */

import { EventType } from '../events/event-type'
import { Aggregate, lifeOf } from './aggregate'
import { create, decide } from './decide'
import {
  type AggregateClass,
  creationOf,
  decoratedClasses,
  defineCreation,
  definedOn,
  defineMethod,
  EventDefinition,
  originalOf,
  undecorated,
} from './definition'
import type { EventDecorator, EventPlaces, Placed } from './fits'

/**
 * Makes each call of a method, or each construction of an aggregate, an event of this type. A name is short for
 * `defineEvent(name)`, whose payload has the names of the parameters.
 *
 * The decorated call throws InvalidPayloadError for arguments that the schema refuses or that cannot be recorded. If
 * the body throws, nothing is recorded, and its changes are undone.
 *
 * @throws TypeError when the class is defined, if a parameter has no plain name and the event type does not name fields
 */
export function event(name: string): EventDecorator
export function event<N extends string, I extends object, O extends object>(
  type: EventType<N, I, O>,
): EventDecorator<I, O>
export function event(what: string | EventType, ...more: unknown[]): EventDecorator {
  const type = what instanceof EventType ? what : new EventType(what, undefined, {})
  if (more.length > 0)
    throw new TypeError(
      `@event('${type.name}', …) takes one argument: write @event(defineEvent('${type.name}', z.object({ … })))`,
    )
  return ((value: object, context?: DecoratorContext | PropertyKey, descriptor?: PropertyDescriptor) => {
    if (typeof context === 'object') return onValue(type, value, context)
    if (context === undefined) return onValue(type, value, { kind: 'class', name: (value as AggregateClass).name })
    // With TypeScript's experimentalDecorators or Babel's legacy ones, value is the prototype.
    const isStatic = typeof value === 'function'
    const kind = typeof descriptor?.value === 'function' ? 'method' : 'field'
    const decorated = onValue(type, descriptor?.value, { kind, name: context, static: isStatic, private: false })
    return { ...descriptor, value: decorated }
  }) as EventDecorator
}

/**
 * The same without decorators: `const Dog = events(class Dog extends Aggregate { … }, { constructor: 'Registered',
 * addTrick: TrickAdded })`. Use the class that it returns.
 *
 * @throws TypeError as `event` does, and for a method that the class does not define
 */
export function events<C extends AggregateClass<Aggregate>, P extends EventPlaces>(
  type: C,
  places: P & Placed<C, P>,
): C {
  const all = places as Record<PropertyKey, string | EventType>
  for (const name of Reflect.ownKeys(all)) {
    if (name === 'constructor') continue
    const own = Object.getOwnPropertyDescriptor(type.prototype, name)
    if (typeof own?.value !== 'function')
      throw new TypeError(
        `events(${type.name}, { ${String(name)}: … }): ${type.name} has no method ${String(name)}() of its own`,
      )
    const decorate = event(all[name] as string) as (value: object, context: object) => object
    const value = decorate(own.value, { kind: 'method', name, static: false, private: false })
    Object.defineProperty(type.prototype, name, { ...own, value })
  }
  decoratedClasses.add(originalOf(type))
  undecorated.add(originalOf(type))
  if (!Object.hasOwn(places, 'constructor')) return type
  return (event(all.constructor as unknown as string) as (value: object, context: object) => C)(type, {
    kind: 'class',
    name: type.name,
  })
}

interface Place {
  readonly kind: string
  readonly name: PropertyKey | undefined
  readonly static?: boolean
  readonly private?: boolean
}

function onValue(type: EventType, value: object, { kind, name, ...place }: Place): object {
  const { name: event } = type
  const label = kind === 'class' ? `class ${String(name ?? '')}` : `${String(name)}()`
  const other = value && definedOn(value)
  if (other)
    throw new TypeError(
      `@event('${event}') and @event('${other.name}') are both on ${label}: one call is one event, so remove one of them`,
    )
  if (kind === 'class') {
    if (!((value as AggregateClass).prototype instanceof Aggregate)) throw noAggregate(event, label)
    return decoratedClass(value as AggregateClass, new EventDefinition(type, label, value as never, Aggregate))
  }
  if (kind !== 'method' || place.static || place.private)
    throw new TypeError(
      `@event('${event}') on ${label}: it belongs on a class or on a method that is neither static nor #private (TypeScript's \`private\` is fine)`,
    )
  if (/^(Async|.*Generator)Function$/.test(value.constructor.name))
    throw new TypeError(
      `@event('${event}') on ${label}: an event is applied at once, so the method cannot be async: await first, then call it`,
    )
  return decoratedMethod(name as PropertyKey, new EventDefinition(type, label, value as never))
}

function decoratedClass(type: AggregateClass, definition: EventDefinition): object {
  const decorated: object = new Proxy(type as never, {
    construct(target, args: unknown[], asked: object) {
      // Constructed for the proxy itself, each object would have a shape of its own, which makes it slow.
      const made = (asked === decorated ? target : asked) as AggregateClass
      const construct = (values: unknown[]) => Reflect.construct(target, values, made as never) as object
      // If decorated classes extend one another, only the construction of the most derived one is the event.
      return creationOf(made) === definition ? create(made, definition, args, construct) : construct(args)
    },
  })
  Object.defineProperty(type.prototype, 'constructor', { value: decorated, configurable: true, writable: true })
  defineCreation(decorated as AggregateClass, type, definition)
  return decorated
}

function decoratedMethod(name: PropertyKey, definition: EventDefinition): object {
  const decorated = function (this: object, ...args: unknown[]): unknown {
    const life = lifeOf(this)
    if (life) return decide(this, life, definition, args)
    if (!(this instanceof Aggregate)) throw noAggregate(definition.name, definition.label)
    throw new TypeError(
      `${definition.label} was called on a Proxy (of a mock or an observer library): call it on the aggregate itself`,
    )
  }
  Object.defineProperty(decorated, 'name', { value: name, configurable: true })
  Object.defineProperty(decorated, 'length', { value: definition.keys.length, configurable: true })
  defineMethod(decorated, definition)
  return decorated
}

const noAggregate = (name: string, label: string) =>
  new TypeError(`@event('${name}') is on ${label}, but the class is not an aggregate: extend Aggregate`)
