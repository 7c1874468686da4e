// biome-ignore-all lint/correctness/noUnusedFunctionParameters: only their types matter
/** What the types of `@event`, `events()` and `defineEvent` take and refuse: compiled by `npm run typecheck`, never run. */
import { Aggregate, Application, defineEvent, event, events } from 'dog-school'
import { z } from 'zod'

const AB = defineEvent('AB', z.object({ a: z.string(), b: z.number() }))
const Text = defineEvent('Text', z.object({ text: z.string() }))
const Listed = defineEvent('Listed', ['a'])

export class Taken<T, U extends object> extends Aggregate {
  @event('A1') a1(a: Map<string, string>, b: Set<number>, c: ReadonlyMap<string, Date | null>) {}
  // biome-ignore lint/suspicious/noExplicitAny: what an author may write
  @event('A2') a2(a: any, b: unknown): any {}
  @event('A3') a3(a: readonly T[], b: Map<string, U>, c: { readonly u: U }) {}
  @event(defineEvent('A4', ['a', 'b'])) a4(a: T, b: U) {}
  @event(AB) a5(a: string, b: number) {}
  @event(defineEvent('A6', z.object({ m: z.map(z.string(), z.number()) }))) a6(m: Map<string, number>) {}
  @event('A8') a8(a: string) {
    return a ? this : undefined
  }
  @event(Text) a9(text: string): this {
    return text ? this : this
  }
  @event(Listed) a10(a: T): T {
    return a
  }
  @event('A11') a11(a: string): never {
    throw new Error(a)
  }
  @event('A12') a12(a: U[]): readonly U[] | undefined {
    return a
  }
  @event('A13') a13(a: string): unknown {
    return a
  }
  @event(defineEvent('A7', z.object({ a: z.string(), b: z.string().optional() }))) a7(a: string, b?: string) {}
}

export class Refused<T> extends Aggregate {
  // @ts-expect-error no parameter can hold b
  @event(AB) b1(a: string, b: string) {}
  // @ts-expect-error no parameter can hold a
  @event(AB) b2(a: number, b: number) {}
  // @ts-expect-error a static method
  @event('B3') static b3() {}
  // @ts-expect-error async
  @event('B12') async b12(a: string) {
    return a
  }
  // @ts-expect-error async
  @event(Text) async b13(text: string): Promise<T | string> {
    return text
  }
  // @ts-expect-error undefined is refused at each such call
  @event('B14') b14(a?: string) {
    return this
  }
  // @ts-expect-error undefined is refused at each such call
  @event('B15') b15(a?: string): never {
    throw new Error(a)
  }
  // @ts-expect-error a generator
  @event('B4') *b4(a: string) {
    yield a
  }
  // @ts-expect-error rest parameters
  @event(Text) b5(...text: string[]) {}
  // @ts-expect-error rest parameters
  @event(Listed) b6(...a: string[]) {}
  // @ts-expect-error undefined is refused at each such call
  @event('B7') b7(a?: string) {}
  // @ts-expect-error undefined is refused at each such call
  @event('B8') b8(a: string | undefined) {}
  // @ts-expect-error a generic parameter without names, which nobody can look into
  @event('B9') b9(a: T) {}
  // @ts-expect-error a function in a union
  @event('B10') b10(a: string | (() => void)) {}
  // @ts-expect-error a promise
  @event('B11') b11(a: Promise<T>) {}
}

class Dog extends Aggregate {
  a(x: number, y: number) {
    return [x, y, this.hidden('')]
  }
  text(text: string) {
    return text
  }
  private hidden(text: string) {
    return text
  }
  chain(text: string) {
    return text ? this : this
  }
  async later(text: string) {
    return text
  }
}
export const all = [
  events(Dog, { constructor: 'Born', text: Text, hidden: Text, a: 'Moved' }),
  events(Dog, { constructor: 'Born', chain: Text }),
  // @ts-expect-error async
  events(Dog, { constructor: 'Born', later: Text }),
  // @ts-expect-error no parameter can hold a
  events(Dog, { constructor: 'Born', a: AB }),
  // @ts-expect-error of the creation, too
  events(Dog, { constructor: AB }),
  defineEvent('F1', z.object({ text: z.string() }), { fields: ['text'] }),
  // @ts-expect-error not a field of the schema
  defineEvent('F2', z.object({ text: z.string() }), { fields: ['txet'] }),
  defineEvent(
    'F3',
    z.object({ t: z.string(), p: z.string() }).transform(({ t }) => ({ t })),
    { fields: ['t', 'p'] },
  ),
  defineEvent('F4', z.union([z.object({ x: z.string() }), z.object({ y: z.number() })]), { fields: ['x', 'y'] }),
]
@event('Born')
class Cat extends Aggregate {
  purr() {}
}
export const application = new Application(undefined, {
  aggregates: [Dog, Cat],
  snapshotEvery: [
    [Dog, 100],
    [Cat, 50],
  ],
})
