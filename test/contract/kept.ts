/** A memory recorder that is there again after it was closed, which nobody who watches hears of. */
import { ClosedError, MemoryRecorder } from 'dog-school'

const opened = new WeakMap<MemoryRecorder, () => MemoryRecorder>()

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

export const reopen = (closed: MemoryRecorder): MemoryRecorder => opened.get(closed)?.() ?? closed
