/** What came from outside is read as what it should be, or refused. What nobody asked for is left out. */

/** Gives the value back as a `T`. @throws TypeError if it is none */
export type Shape<T> = (value: unknown) => T

const not = (what: string): never => {
  throw new TypeError(`it is not ${what}`)
}

export const text: Shape<string> = (value) => (typeof value === 'string' ? value : not('a text'))

export const truth: Shape<boolean> = (value) => (typeof value === 'boolean' ? value : not('true or false'))

export const yes: Shape<true> = (value) => value === true || not('true')

export const whole =
  (from: number, to: number): Shape<number> =>
  (value) =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to
      ? (value as number)
      : not(`a whole number from ${from} to ${to}`)

export const oneOf =
  <T extends string>(...texts: readonly T[]): Shape<T> =>
  (value) =>
    texts.find((each) => each === value) ?? not(texts.join(', '))

export const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) =>
    value === null ? null : shape(value)

export const list =
  <T>(shape: Shape<T>): Shape<T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(shape) : not('a list')

/** Values by the texts or numbers that they belong to. */
export const table =
  <T>(shape: Shape<T>): Shape<Record<string, T>> =>
  (value) =>
    Object.fromEntries(Object.entries(asObject(value)).map(([key, each]) => [key, shape(each)]))

type Shapes<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> }
type OptionalOf<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T]

/** An object with these properties; `optional` ones may be missing. */
export const object =
  <T extends object>(shapes: Shapes<T>, ...optional: readonly OptionalOf<T>[]): Shape<T> =>
  (value) => {
    const given = asObject(value)
    const read: Partial<T> = {}
    for (const [key, shape] of Object.entries(shapes) as [keyof T & string, Shape<never>][]) {
      if (!Object.hasOwn(given, key) && (optional as readonly unknown[]).includes(key)) continue
      read[key] = shape(given[key])
    }
    return read as T
  }

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : not('an object')
