/** Methods that are wrapped in place, and can be unwrapped. */
type Method = (...args: unknown[]) => unknown

/** Does something around the work of a method; `original` takes other arguments than those it was called with. */
export type Around = (
  work: () => unknown,
  args: readonly unknown[],
  original: (...args: unknown[]) => unknown,
) => unknown

export class Wraps {
  readonly #undo: (() => void)[] = []

  /** Wraps a method of this object alone, wherever it is defined; does nothing if there is none. */
  around(target: object, name: string, around: Around): void {
    const method: unknown = Reflect.get(target, name)
    if (typeof method !== 'function') return
    const own = Object.getOwnPropertyDescriptor(target, name)
    // What is called may have fields of its own, or be a class: all else goes to it.
    const wrapped = new Proxy(method as Method, {
      apply(_, self, args: unknown[]) {
        return around(
          () => method.apply(self, args),
          args,
          (...given) => method.apply(self, given),
        )
      },
    })
    Object.defineProperty(target, name, {
      value: wrapped,
      configurable: true,
      writable: true,
      enumerable: own?.enumerable ?? false,
    })
    this.undoing(() => {
      // Somebody may have wrapped it again: then it stays, and does nothing but call the original.
      if (Reflect.get(target, name) !== wrapped) around = (work) => work()
      else if (own) Object.defineProperty(target, name, own)
      else Reflect.deleteProperty(target, name)
    })
  }

  /** Adds something to be undone. */
  undoing(undo: () => void): void {
    this.#undo.push(undo)
  }

  undo(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }
}
