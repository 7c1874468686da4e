/**
 * Remembers what is in a view, to put it back when a handler has thrown.
 *
 * Nothing is cloned: what each object holds is noted, and put back into that very object, so that whoever holds a part of
 * the view still holds the right one.
 */
import { encode } from '../values/json'
import { isLock, locked } from '../values/kinds'
import { encodeTyped, isPlainList, isPlainObject } from '../values/value'

export interface ViewMemory {
  /** How many values it has noted, which is what it costs. */
  readonly size: number
  /** Puts everything back; returns false if that is impossible. Missing if there is something that cannot be seen. */
  restore?(): boolean
}

/** Remembers plain objects, arrays, Maps, Sets, Dates and bytes; what is in anything else cannot be seen. */
export function remember(view: unknown): ViewMemory {
  const objects = new Set<object>()
  const undo: (() => boolean)[] = []
  let size = 0
  const find = (value: unknown): void => {
    size++
    if (Object(value) === value && !isLock(value)) objects.add(value as object)
  }
  find(view)
  for (const each of objects) {
    const back = inside(each, find)
    if (!back) return { size }
    undo.push(() => back() !== false, fields(each, find))
  }
  return { size, restore: () => undo.map((back) => back()).every(Boolean) }
}

/** Notes what is not in the fields of an object; undefined if there may be something that cannot be seen. */
function inside(each: object, find: (value: unknown) => void): (() => unknown) | undefined {
  // Where an event has locked a value, only the methods of its class can still change it.
  switch (Object.getPrototypeOf(each)) {
    case Date.prototype: {
      const time = Number(each)
      return () => Date.prototype.setTime.call(each, time)
    }
    case Map.prototype: {
      const entries = [...(each as Map<unknown, unknown>)]
      for (const entry of entries) entry.forEach(find)
      return () => {
        Map.prototype.clear.call(each)
        for (const [key, value] of entries) Map.prototype.set.call(each, key, value)
      }
    }
    case Set.prototype: {
      const items = [...(each as Set<unknown>)]
      items.forEach(find)
      return () => {
        Set.prototype.clear.call(each)
        for (const item of items) Set.prototype.add.call(each, item)
      }
    }
    case null:
    case Uint8Array.prototype:
      return () => true
  }
  const isPlain = Array.isArray(each) ? isPlainList(each) : isPlainObject(each)
  return isPlain ? () => true : fromEvent(each)
}

/** For an instance of a class out of an event: it is frozen, but a method may have changed what is private in it. */
function fromEvent(each: object): (() => boolean) | undefined {
  if (!locked.has(each)) return undefined
  const noted = encode(encodeTyped(each, true))
  return () => encode(encodeTyped(each, true)) === noted
}

function fields(each: object, find: (value: unknown) => void): () => boolean {
  const noted = Object.getOwnPropertyDescriptors(each) as Record<PropertyKey, PropertyDescriptor>
  const keys = Reflect.ownKeys(noted)
  for (const key of keys) find(noted[key as never]?.value)
  return () => {
    const now = Reflect.ownKeys(each)
    // Deleted and created again, fields are in their old order.
    if (now.length !== keys.length || now.some((key, i) => key !== keys[i]))
      for (const key of now) Reflect.deleteProperty(each, key)
    return keys.every((key) => Reflect.defineProperty(each, key, noted[key as never] as PropertyDescriptor))
  }
}
