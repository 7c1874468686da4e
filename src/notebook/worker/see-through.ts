/**
 * Has `inspect` see a class through a proxy, as Node alone can: a class with a decorator is one. `inspect` knows a class by its
 * text, so it is given the text of what the proxy is for, if the proxy was made after this was loaded.
 */

const targets = new WeakMap<object, object>()
const textOf = Function.prototype.toString

globalThis.Proxy = new Proxy(Proxy, {
  construct(NativeProxy, [target, handler]: [object, ProxyHandler<object>]) {
    const made = new NativeProxy(target, handler)
    targets.set(made, target)
    return made
  },
})

Function.prototype.toString = function () {
  let seen: object = this
  for (let target = targets.get(seen); target; target = targets.get(seen)) seen = target
  return textOf.call(seen as () => void)
}

/** Everybody but who was loaded meanwhile, and has kept it, sees functions as before. */
export function restore(): void {
  Function.prototype.toString = textOf
}
