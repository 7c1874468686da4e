/**
 * What checks the payload of an event: any validator that implements Standard Schema.
 */
import { InvalidPayloadError } from '../errors'
import type { Payload } from '../values/value'

/**
 * The part of the Standard Schema specification (standardschema.dev) that is needed here. zod, valibot, arktype and
 * others implement it.
 */
export interface EventSchema<I = unknown, O = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: I; readonly output: O } | undefined
  }
}

type Result = { readonly value?: unknown; readonly issues?: readonly Issue[] | undefined }
export type Issue = {
  readonly message: string
  readonly path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined
}

/** The fields as the schema returns them. @throws InvalidPayloadError if it refuses them; TypeError if it is async */
export function checked(schema: EventSchema, fields: Payload, label: string): Record<string, unknown> {
  const result = schema['~standard'].validate(fields)
  if (isThenable(result))
    throw tooLate(result, `${label}: its schema is async, but an event is applied at once: validate before the call`)
  const { value, issues } = result as Result
  if (!issues) return { ...(value as object) }
  throw new InvalidPayloadError(`${label} refuses this: ${issues.map(say).join('; ')}`, { cause: issues })
}

/** A promise, or something that is awaited like one. */
export const isThenable = (value: unknown): boolean => typeof Object(value).then === 'function'

/** The error for a promise, which nobody will await. */
export function tooLate(promise: unknown, message: string): TypeError {
  if (promise instanceof Promise) promise.catch(() => undefined)
  return new TypeError(message)
}

/**
 * The fields of a schema of zod or arktype (shape) or valibot (entries); undefined for others.
 *
 * @throws TypeError if it is no schema
 */
export function keysOf(name: string, schema: EventSchema | undefined): string[] | undefined {
  if (schema && typeof schema['~standard']?.validate !== 'function')
    throw new TypeError(
      `The second argument of defineEvent('${name}', …) must be a schema (zod 3.24 or later, valibot, arktype…) or the names of the fields: ['trick']`,
    )
  const { shape, entries } = (schema ?? {}) as unknown as { shape?: unknown; entries?: unknown }
  const fields = shape ?? entries
  return typeof fields === 'object' && fields !== null ? Object.keys(fields) : undefined
}

/** An issue for a message: `trick: Too small`. */
function say({ path = [], message }: Issue): string {
  const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return where === '' ? message : `${where}: ${message}`
}
