/**
 * Values as a person would write them: `{ trick: 'beg', since: new Date('2026-11-23T04:34:56.922Z') }`.
 *
 * Values that differ have different texts, as far as one can look into them: so a test can always show why it fails.
 */
import { contentOf } from '../aggregates/equal'
import { encodeTyped, isPlainList, isPlainObject } from '../values/value'

/** How many characters of a line are read at a glance. */
const width = 90

interface Walk {
  readonly around: readonly object[]
  /** Breaks what is longer than a line. */
  readonly isBroken: boolean
}

export const show = (value: unknown): string => showBoth(value, value)[0]

/** Both in one line, or both in several, with their fields in the order of the first: what differs stands at one place. */
export function showBoth(one: unknown, two: unknown): [string, string] {
  const both = (walk: Walk): [string, string] => [textOf(one, one, walk), textOf(two, one, walk)]
  const inline = both({ around: [], isBroken: false })
  return inline.every((text) => text.length <= width) ? inline : both({ around: [], isBroken: true })
}

function textOf(value: unknown, like: unknown, walk: Walk): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return '[a function]'
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  const up = walk.around.length - walk.around.lastIndexOf(value)
  if (up <= walk.around.length) return `[the object ${up} above]`
  return objectText(value, like, { ...walk, around: [...walk.around, value] })
}

function objectText(value: object, like: unknown, walk: Walk): string {
  const fields = fieldsOf(value, like, walk)
  const braced = () => listed('{ ', fields, ' }', walk)
  if (Array.isArray(value)) {
    const items = listed('[', [...itemsOf(value, like, walk), ...fields], ']', walk)
    return isPlainList(value) ? items : `${classOf(value)} ${items}`
  }
  if (isPlainObject(value)) return braced()
  const whole = contentText(value, like, walk)
  if (whole === undefined) return `${classOf(value)} ${braced()}`
  return fields.length === 0 ? whole : `${whole} with ${braced()}`
}

function itemsOf(list: readonly unknown[], like: unknown, walk: Walk): string[] {
  const twins: readonly unknown[] = Array.isArray(like) ? like : []
  return Array.from(list, (item, i) => (Object.hasOwn(list, i) ? textOf(item, twins[i], walk) : '<hole>'))
}

/** What it holds that is in no field; undefined if there is nothing of that, or it cannot be seen. */
function contentText(value: object, like: unknown, walk: Walk): string | undefined {
  const name = classOf(value)
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `${name}.of(${[...(value as Uint8Array)].map((each) => textOf(each, each, walk)).join(', ')})`
  if (value instanceof Date && !Number.isNaN(value.getTime())) return `new ${name}('${value.toISOString()}')`
  const twins = contentOf(Object(like)) ?? []
  const content = contentOf(value)?.map((item, i) => textOf(item, twins[i], walk)) ?? []
  if (value instanceof Map || value instanceof Set)
    return `new ${name}(${content.length > 0 ? listed('[', content, ']', walk) : ''})`
  if (content.length > 0) return `new ${name}(${content.join(', ')})`
  const typed = encodeTyped(value)
  return typed && `${name}(${textOf(typed.data, encodeTyped(Object(like))?.data, walk)})`
}

function fieldsOf(value: object, like: unknown, walk: Walk): string[] {
  const own = Reflect.ownKeys(value).filter(
    (key) =>
      Object.prototype.propertyIsEnumerable.call(value, key) &&
      !((Array.isArray(value) || ArrayBuffer.isView(value)) && /^\d+$/.test(String(key))),
  )
  const first = typeof like === 'object' && like !== null ? Reflect.ownKeys(like) : []
  const keys = [...first.filter((key) => own.includes(key)), ...own.filter((key) => !first.includes(key))]
  return keys.map((key) => {
    const name = typeof key === 'symbol' ? `[${String(key)}]` : /^[\p{L}_$][\p{L}\d_$]*$/u.test(key) ? key : quoted(key)
    const twin = first.includes(key) ? Reflect.get(like as object, key) : undefined
    return `${name}: ${textOf(Reflect.get(value, key), twin, walk)}`
  })
}

function listed(open: string, items: readonly string[], close: string, { isBroken, around }: Walk): string {
  if (items.length === 0) return open.trim() + close.trim()
  const inline = `${open}${items.join(', ')}${close}`
  if (!isBroken || (around.length > 1 && inline.length <= width && !inline.includes('\n'))) return inline
  return `${open.trim()}\n${items.map((item) => `  ${item.replaceAll('\n', '\n  ')},\n`).join('')}${close.trim()}`
}

function classOf(value: object): string {
  if (Object.getPrototypeOf(value) === null) return '[no prototype]'
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? name : '[no class]'
}

/** In quotes that it does not contain, with what cannot be seen written out. */
function quoted(text: string): string {
  const unseen = /[\u0300-\u036f]|[\u00a0\u00ad\u200b\u200c\u200e\u200f\u2028-\u202f\u2060\ufeff]/g
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  if (text.includes("'") && !text.includes('"')) return `"${inner}"`
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
