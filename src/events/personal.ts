/**
 * The fields of events that are about a person, who may want to be forgotten.
 *
 * They are recorded encrypted, under a key of that person, which is kept outside of the log; in their places stands what
 * they read as without the key. So forgetting is throwing a key away: no row changes, and every copy of the log forgets.
 */

import { copyValue, type Payload } from '../values/value'
import { checked, type EventSchema, type Issue } from './schema'

/** The fields that can read as a text. */
type TextField<O> = { [K in keyof O & string]: string extends O[K] ? K : never }[keyof O & string]

export interface Personal<O extends object = Payload> {
  /** The person whom the event is about: an id of your own, never empty. It runs at each save. */
  readonly subject: (payload: Readonly<O>, about: { readonly aggregateId: string }) => string
  /**
   * Which fields are about the person: their names, if they are to read as `'forgotten'`; or what each is to read as
   * then: `{ owner: 'forgotten', born: new Date(0) }`. It must be something that the code can go on with.
   */
  readonly fields: readonly TextField<O>[] | { readonly [K in keyof O]?: O[K] }
}

/** The keys of people, for the option `keys` of an application: `SubjectKeys` of `dog-school/encryption`. */
export interface PersonalKeys {
  /** Another text after each forgetting: what was read before may hold what is forgotten now. */
  readonly generation: string
  /**
   * Encrypts fields under the key of a person, which is durable by then.
   *
   * @param place where they are recorded: they can be read only there
   * @throws ForgottenError if the person was forgotten
   */
  hide(fields: Payload, subject: string, place: string): string
  /** The fields, or undefined if the person was forgotten. @throws CorruptEventError if they cannot be read */
  show(hidden: string, place: string): Payload | undefined
  /**
   * Encrypts what was made of events, so that it can be read only until the next forgetting.
   *
   * @param generation that of when the events were read
   * @throws ForgottenError if somebody was forgotten since
   */
  seal(text: string, generation: string): string
  /** @throws ForgottenError if somebody was forgotten since */
  unseal(sealed: string): string
}

/** What is recorded of a payload in the open, and what is encrypted. */
export interface Hidden {
  readonly payload: Payload
  readonly personal?: string
}

export interface Hide {
  (payload: Payload, aggregateId: string, topic: string, keys: PersonalKeys | undefined): Hidden
  /** @throws TypeError if one of the personal fields is none of these, the fields of the event */
  mustBeAmong(fields: readonly string[]): void
}

/** Where fields are recorded. */
export const placeOf = ({ aggregateId, topic }: { readonly aggregateId: string; readonly topic: string }): string =>
  `${aggregateId}\n${topic}`

/**
 * Hides the personal fields of one type of event.
 *
 * @param schema what is recorded must fit it, and so must what a field is to read as
 * @throws TypeError if it does not; InvalidPayloadError if it cannot be recorded
 */
export function hiding(name: string, { subject, fields }: Personal, schema: EventSchema | undefined): Hide {
  if (typeof subject !== 'function' || Object(fields) !== fields || Object.keys(fields).length === 0)
    throw new TypeError(
      `personal of ${name} says whose fields, and which: { subject: ({ student }) => student, fields: ['name'] }`,
    )
  const listed = Array.isArray(fields) ? Object.fromEntries(fields.map((field) => [field, 'forgotten'])) : fields
  const places = copyValue(listed, true, `personal.fields of ${name}`) as Payload
  if (schema) mustFit(name, places, schema)
  const hide = (payload: Payload, aggregateId: string, topic: string, keys: PersonalKeys | undefined): Hidden => {
    const own = Object.keys(places).filter((key) => Object.hasOwn(payload, key))
    if (own.length === 0) return { payload }
    if (!keys)
      throw new TypeError(
        `${name} has personal fields (${own}), which are recorded encrypted alone: give the application { keys: new SubjectKeys() }`,
      )
    const who: unknown = subject(payload, { aggregateId })
    if (typeof who !== 'string' || who === '')
      throw new TypeError(`personal.subject of ${name} returned no id of a person: return a text that is not empty`)
    const pick = (from: Payload) => Object.fromEntries(own.map((key) => [key, from[key]]))
    const personal = keys.hide(pick(payload), who, placeOf({ aggregateId, topic }))
    return { payload: { ...payload, ...pick(places) }, personal }
  }
  const mustBeAmong = (known: readonly string[]): void => {
    const other = Object.keys(places).find((field) => !known.includes(field))
    if (other !== undefined)
      throw new TypeError(
        `personal.fields of ${name}: '${other}' is none of its fields (${known}), and nothing would be hidden: correct the name`,
      )
  }
  return Object.assign(hide, { mustBeAmong })
}

/** Of a schema, only what it says about these fields counts: the others are not there. */
function mustFit(name: string, places: Payload, schema: EventSchema): void {
  try {
    checked(schema, places, name)
  } catch (error) {
    for (const { path: [step] = [], message } of ((error as Error).cause ?? []) as Issue[]) {
      const field = String(typeof step === 'object' ? step.key : step)
      if (Object.hasOwn(places, field))
        throw new TypeError(
          `personal.fields of ${name}: '${field}' is to read as ${JSON.stringify(places[field])}, which the schema refuses (${message}): say what it is to read as, such as { ${field}: … }, or give the option recorded where the schema transforms`,
        )
    }
  }
}
