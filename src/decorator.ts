/**
 * `@event('TrickAdded')`: a call of this method is an event. On a class: making one is.
 *
 * One TC39 decorator for both. The types say no when a schema and the parameters differ in number or kind.
 */
import type { z } from 'zod'
import { Aggregate, internals } from './aggregate'
import {
  type AggregateClass,
  creationOf,
  defineCreation,
  definedOn,
  defineMethod,
  EventDefinition,
  type EventSchema,
  type Upcast,
} from './definition'
import { constructing, standsIn } from './source'

type Callable = (this: never, ...args: never[]) => unknown
type Decorated = (abstract new (...args: never[]) => Aggregate) | Callable
type Context = ClassDecoratorContext | ClassMethodDecoratorContext
type Arguments<V> = V extends abstract new (
  ...args: infer A
) => unknown
  ? A
  : V extends (this: never, ...args: infer A) => unknown
    ? A
    : never

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never
type Last<U> = Intersection<U extends unknown ? () => U : never> extends () => infer L ? L : never
/** How many members a union has: independent of their order, which TypeScript does not promise. */
type Count<U, Counted extends unknown[] = []> = [U] extends [never]
  ? Counted['length']
  : Count<Exclude<U, Last<U>>, [...Counted, unknown]>

/** `unknown` where arguments and fields agree, else a type whose text says how they differ. */
type Fits<A extends unknown[], F extends object> =
  Required<A>['length'] extends Count<keyof F>
    ? Required<A> extends Required<F>[keyof F][]
      ? unknown
      : { readonly __error: 'an argument has a type that no field of the schema has'; arguments: A; fields: F }
    : { readonly __error: `it takes ${Required<A>['length']} argument(s), the schema has ${Count<keyof F>} field(s)` }

/** What `@event(…)` is put on: a class that extends Aggregate, or a method of one. */
export type EventDecorator<F extends object = never> = <V extends Decorated>(
  value: V & ([F] extends [never] ? unknown : Fits<Arguments<V>, F>),
  context: Context,
) => V

/**
 * Makes each call of a method, or the construction of an aggregate, an event of this name.
 *
 * The payload's keys are the parameters' names. A `z.object({ … })` names and validates them instead: at the
 * call, and again when old events are read. `upcasts` bring payloads of former versions of the event to the
 * present one, a step each: the first takes version 1 to version 2.
 *
 * The decorated call throws InvalidPayloadError for arguments that the schema refuses or that cannot be
 * recorded. A body that throws records nothing, and its changes are taken back.
 *
 * @throws TypeError when the class is defined, if a parameter has no plain name and there is no schema
 */
export function event(name: string): EventDecorator
export function event<S extends z.ZodObject>(
  name: string,
  schema: S,
  upcasts?: readonly Upcast[],
): EventDecorator<z.output<S>>
export function event(name: string, schema?: EventSchema, upcasts?: readonly Upcast[]): EventDecorator {
  if (typeof name !== 'string' || !/^[^.:\s]+$/.test(name))
    throw new TypeError(
      `@event takes the name of an event in the past tense, such as @event('TrickAdded'), not ${JSON.stringify(name)}`,
    )
  return ((value: object, context: Context) => {
    const label = context.kind === 'class' ? `class ${context.name}` : `${String(context.name)}()`
    const other = definedOn(value)
    if (other)
      throw new TypeError(
        `@event('${name}') and @event('${other.name}') both stand on ${label}: one call is one event, so leave one of them out`,
      )
    if (context.kind === 'class') {
      if (!((value as AggregateClass).prototype instanceof Aggregate)) throw noAggregate(name, label)
      return decoratedClass(
        value,
        new EventDefinition(name, label, constructing(value, Aggregate) as never, schema, upcasts),
      )
    }
    if (context.kind !== 'method' || context.static || context.private)
      throw new TypeError(
        `@event('${name}') stands on ${label}: it belongs on a class or on a method that is neither static nor a #private one (TypeScript's \`private\` is fine)`,
      )
    if (/^(Async|.*Generator)Function$/.test(value.constructor.name))
      throw new TypeError(
        `@event('${name}') on ${label}: an event is applied at once, so the method cannot be async: await first, then call it`,
      )
    return decoratedMethod(String(context.name), new EventDefinition(name, label, value as never, schema, upcasts))
  }) as EventDecorator
}

function decoratedClass(type: object, definition: EventDefinition): object {
  const decorated: object = new Proxy(type, {
    construct(target, args: unknown[], asked: AggregateClass) {
      // What is constructed for a proxy has a shape of its own each time, and everything about it is slow.
      const newTarget = asked === decorated ? (target as AggregateClass) : asked
      // Of several decorated classes that extend one another, the last one's construction is the event.
      const isMine = creationOf(newTarget) === definition
      if (!isMine || internals.isReplaying()) return Reflect.construct(target as never, args, newTarget)
      const payload = definition.payload(args)
      const self: Aggregate = Reflect.construct(target as never, definition.values(payload), newTarget)
      internals.created(self, definition, payload)
      return self
    },
  })
  Object.defineProperty((type as AggregateClass<Aggregate>).prototype, 'constructor', {
    value: decorated,
    configurable: true,
  })
  standsIn(decorated, type)
  defineCreation(decorated, definition)
  defineCreation(type, definition)
  return decorated
}

function decoratedMethod(name: string, definition: EventDefinition): object {
  const { decide } = internals
  const decorated = function (this: Aggregate, ...args: unknown[]): unknown {
    if (!(this instanceof Aggregate)) throw noAggregate(definition.name, definition.label)
    return decide(this, definition, args)
  }
  Object.defineProperty(decorated, 'name', { value: name, configurable: true })
  Object.defineProperty(decorated, 'length', { value: definition.keys.length, configurable: true })
  defineMethod(decorated, definition)
  return decorated
}

const noAggregate = (name: string, label: string) =>
  new TypeError(`@event('${name}') stands on ${label}, but the class is no aggregate: let it extend Aggregate`)
