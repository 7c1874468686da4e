/** Memory recorders that are there again after they were closed, or that share a store. Nobody who watches hears of that. */
import { ClosedError, MemoryRecorder } from 'dog-school'

const opened = new WeakMap<MemoryRecorder, () => MemoryRecorder>()
const others = new WeakMap<MemoryRecorder, () => MemoryRecorder>()

/** @param change what is lost, or becomes different, when it is opened again */
export function kept(change: (store: MemoryRecorder) => void = () => undefined): MemoryRecorder {
  return opening(new MemoryRecorder(), change)
}

function opening(store: MemoryRecorder, change: (store: MemoryRecorder) => void): MemoryRecorder {
  let isClosed = false
  const close = async () => {
    isClosed = true
  }
  const refuse = () => Promise.reject(new ClosedError('closed'))
  const recorder = new Proxy(store, {
    get(_, key) {
      const method = Reflect.get(store, key)
      if (typeof method !== 'function') return method
      return key === 'close' ? close : isClosed ? refuse : method.bind(store)
    },
  })
  opened.set(recorder, () => {
    change(store)
    return opening(store, change)
  })
  return recorder
}

/**
 * A memory recorder on whose store others can be opened.
 *
 * @param wrong what the others do in another way
 */
export function shared(wrong: (store: MemoryRecorder) => Partial<MemoryRecorder> = () => ({})): MemoryRecorder {
  const store = new MemoryRecorder()
  const first = opening(store, () => undefined)
  others.set(first, () => {
    const other = opening(store, () => undefined)
    const own = wrong(store)
    return new Proxy(other, {
      get: (_, key) => Reflect.get(key in own ? own : other, key),
    })
  })
  return first
}

export const another = (first: MemoryRecorder): MemoryRecorder => others.get(first)?.() ?? first
export const reopen = (closed: MemoryRecorder): MemoryRecorder => opened.get(closed)?.() ?? closed
