/** The hosts that encryption runs in: one with Node's own, and one, like a browser, without. */
export const hosts = ['Node', 'a browser'] as const

/** What this makes where there is nothing of Node, in "a browser". */
export function inHost<T>(host: (typeof hosts)[number], make: () => T): T {
  if (host === 'Node') return make()
  const { getBuiltinModule } = process
  const { Buffer } = globalThis
  Object.assign(process, { getBuiltinModule: undefined })
  Object.assign(globalThis, { Buffer: undefined })
  try {
    return make()
  } finally {
    Object.assign(process, { getBuiltinModule })
    Object.assign(globalThis, { Buffer })
  }
}

/** A module as it is loaded in a host. */
export function loadedIn<M>(host: (typeof hosts)[number], file: string): M {
  const known = require.cache
  const before = { ...known }
  for (const each of Object.keys(known)) if (each.includes('/src/encryption/')) delete known[each]
  try {
    return inHost(host, () => require(file) as M)
  } finally {
    for (const each of Object.keys(known)) if (each.includes('/src/encryption/')) delete known[each]
    Object.assign(known, before)
  }
}
