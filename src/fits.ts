/**
 * Whether the fields of an event type fit the parameters of the method or class that it decorates: types only, no code.
 *
 * Fields of an object type have no order, and types cannot read the names of parameters, so the order is checked when
 * the class is defined (`definition.ts`). Here, number and types are.
 */
import type { Aggregate } from './aggregate'
import type { EventType } from './event-type'

type Callable = (this: never, ...args: never[]) => unknown
type Arguments<V> = V extends abstract new (
  ...args: infer A
) => unknown
  ? A
  : V extends (this: never, ...args: infer A) => unknown
    ? A
    : never

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never
type Last<U> = Intersection<U extends unknown ? () => U : never> extends () => infer L ? L : never
/** How many members a union has, whatever their order, which TypeScript does not promise. */
type Count<U, Counted extends unknown[] = []> = [U] extends [never]
  ? Counted['length']
  : Count<Exclude<U, Last<U>>, [...Counted, unknown]>

/** The fields that a parameter can hold: it takes what the schema returns, and is optional only where they are. */
type Matching<P, I, O> = {
  [K in keyof O]-?: [O[K]] extends [P]
    ? undefined extends P
      ? K extends keyof I
        ? undefined extends I[K]
          ? K
          : never
        : never
      : K
    : never
}[keyof O]

type Misfits<A extends unknown[], I, O> = {
  [N in keyof A]-?: [unknown] extends [A[N]] ? never : [Matching<A[N], I, O>] extends [never] ? A[N] : never
}[number]

type Length<A extends unknown[]> = Required<A>['length']

type Fits<A extends unknown[], I extends object, O extends object> = [number] extends [Length<A>]
  ? unknown
  : Length<A> extends Count<keyof O>
    ? [Misfits<A, I, O>] extends [never]
      ? unknown
      : { readonly __error: 'a parameter has a type that no field of the event has'; parameters: A; fields: O }
    : { readonly __error: `it takes ${Length<A>} argument(s), the event has ${Count<keyof O>} field(s)` }

/** What no store can keep. */
type Unrecordable = Callable | symbol | WeakMap<never, unknown> | WeakSet<never> | PromiseLike<unknown>

type Plain<A extends unknown[]> = [Extract<Required<A>[number], Unrecordable>] extends [never]
  ? unknown
  : { readonly __error: 'a parameter cannot be recorded (a function, a symbol, a promise)'; parameters: A }

type AtOnce<V> = V extends (this: never, ...args: never[]) => infer R
  ? [R] extends [PromiseLike<unknown>]
    ? { readonly __error: 'an event is applied at once: await before the call' }
    : unknown
  : unknown

/** `unknown` if an event type fits, otherwise a type whose message says what does not. */
type Check<V, I extends object, O extends object> = V extends Callable | (abstract new (...args: never[]) => unknown)
  ? AtOnce<V> &
      ([O] extends [never] ? Plain<Arguments<V>> : string extends keyof O ? unknown : Fits<Arguments<V>, I, O>)
  : unknown

type Decorated = Callable | { readonly prototype: Aggregate } | Aggregate

/** What `@event(…)` decorates: a class that extends Aggregate, or a method of one. */
export type EventDecorator<I extends object = never, O extends object = I> = <V extends Decorated>(
  value: V & Check<V, I, O>,
  context?: { readonly kind: 'class' | 'method' } | PropertyKey,
  descriptor?: PropertyDescriptor,
  // biome-ignore lint/suspicious/noExplicitAny: V for TC39 decorators, a descriptor for experimental ones
) => any

/** An event type, whatever it carries. */
type Typed = Pick<EventType, 'name' | 'upcasts'>

/** The event of each method, and of construction (under `constructor`). TypeScript's `private` methods are allowed. */
export type EventPlaces = Readonly<Record<string, string | Typed>>
