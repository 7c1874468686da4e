/**
 * Whether the fields of an event type fit the parameters of the method or class that it decorates: types only, no code.
 *
 * Fields of an object type have no order, and types cannot read the names of parameters. So here are checked: the number,
 * that each parameter has a field that it can hold, and each field a parameter. The names and their order are checked when
 * the class is defined (`definition.ts`); that two parameters have exchanged their types, only by the schema at the call.
 */

import type { EventType } from '../events/event-type'
import type { Aggregate } from './aggregate'

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

/** The fields that some parameter can hold. */
type Held<A extends unknown[], I, O> = {
  [N in keyof A]-?: [unknown] extends [A[N]] ? keyof O : Matching<A[N], I, O>
}[number]

type Length<A extends unknown[]> = Required<A>['length']

type Fits<A extends unknown[], I extends object, O extends object> =
  Length<A> extends Count<keyof O>
    ? [Misfits<A, I, O>] extends [never]
      ? [Exclude<keyof O, Held<A, I, O>>] extends [never]
        ? unknown
        : { readonly __error: 'a field of the event has a type that no parameter has'; parameters: A; fields: O }
      : { readonly __error: 'a parameter has a type that no field of the event has'; parameters: A; fields: O }
    : { readonly __error: `it takes ${Length<A>} argument(s), the event has ${Count<keyof O>} field(s)` }

/** What no store can keep; a Map is a WeakMap to the compiler, so that cannot be told. */
type Unrecordable = Callable | symbol | PromiseLike<unknown>

type IsAny<T> = 0 extends 1 & T ? true : false
type Bad<A extends unknown[], U> = { [N in keyof A]: IsAny<A[N]> extends true ? never : Extract<A[N], U> }[number]

/** A constructor may be the inherited one, whose options are no field; of a method, undefined would be refused. */
type Plain<V> = [
  V extends Callable ? Bad<Arguments<V>, Unrecordable | undefined> : Bad<Required<Arguments<V>>, Unrecordable>,
] extends [never]
  ? unknown
  : {
      readonly __error: 'a parameter cannot be recorded (a function, a symbol, a promise), may be undefined (use null, or a schema), or is generic (name the fields: defineEvent(…, […]))'
      parameters: Arguments<V>
    }

/** A rest parameter, but not that of a mixin. */
type Rest<A extends unknown[]> = [number] extends [Length<A>]
  ? IsAny<A[number]> extends true
    ? unknown
    : { readonly __error: 'a rest parameter has many values and one name: take an array' }
  : unknown

type Later = (
  this: never,
  ...args: never[]
) => PromiseLike<unknown> | Generator<unknown, unknown, never> | AsyncGenerator<unknown, unknown, never>

/** What returns anything, or never returns, is not async. Of `Later` itself, the compiler has found another fault. */
type AtOnce<V, Fine> = V extends Later
  ? V extends (this: never, ...args: never[]) => infer R
    ? true extends IsAny<R> | ([R] extends [never] ? true : false) | (Later extends V ? true : false)
      ? Fine
      : { readonly __error: 'an event is applied at once, so its method is neither async nor a generator' }
    : Fine
  : Fine

type Fitting<A extends unknown[], I extends object, O extends object> = [number] extends [Length<A>]
  ? unknown
  : Fits<A, I, O>

/** `unknown` if an event type fits, otherwise a type whose message says what does not. */
type Check<V, I extends object, O extends object> = V extends Callable | (abstract new (...args: never[]) => unknown)
  ? Rest<Arguments<V>> &
      ([O] extends [never] ? Plain<V> : string extends keyof O ? unknown : Fitting<Arguments<V>, I, O>)
  : unknown

type Decorated = Callable | { readonly prototype: Aggregate } | Aggregate

/** What `@event(…)` decorates: a class that extends Aggregate, or a method of one. */
export interface EventDecorator<I extends object = never, O extends object = I> {
  // Apart, because of a result of the type `this` or T the compiler could not tell in a conditional type.
  // biome-ignore lint/suspicious/noExplicitAny: as below
  <V extends Later>(value: V & Check<V, I, O>, context?: Context, descriptor?: PropertyDescriptor): AtOnce<V, any>
  // biome-ignore lint/suspicious/noExplicitAny: V for TC39 decorators, a descriptor for experimental ones
  <V extends Decorated>(value: V & Check<V, I, O>, context?: Context, descriptor?: PropertyDescriptor): any
}
type Context = { readonly kind: 'class' } | { readonly kind: 'method'; readonly static: false } | PropertyKey

/** An event type, whatever it carries. */
type Typed = Pick<EventType, 'name' | 'upcasts'>

/** The event of each method, and of construction (under `constructor`). TypeScript's `private` methods are allowed. */
export type EventPlaces = Readonly<Record<string, string | Typed>>

type At<C, K> = K extends 'constructor'
  ? C
  : C extends { readonly prototype: infer S }
    ? K extends keyof S
      ? S[K]
      : unknown
    : unknown
type CheckPlace<V, E> = E extends {
  readonly '~types': { readonly input: infer I extends object; readonly output: infer O extends object }
}
  ? AtOnce<V, unknown> & Check<V, I, O>
  : AtOnce<V, unknown> & Check<V, never, never>

/** The same places, with what does not fit in them. Of a private method, the compiler tells neither name nor type. */
export type Placed<C, P> = { readonly [K in keyof P]: CheckPlace<At<C, K>, P[K]> }
