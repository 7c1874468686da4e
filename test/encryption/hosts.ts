/** The hosts that encryption runs in: one with Node's own, and one, like a browser, without. */
export const hosts = ['Node', 'a browser'] as const

/** What this makes where there is nothing of Node, in "a browser". */
export function inHost<T>(host: (typeof hosts)[number], make: () => T): T {
  if (host === 'Node') return make()
  const { getBuiltinModule } = process
  Object.assign(process, { getBuiltinModule: undefined })
  try {
    return make()
  } finally {
    Object.assign(process, { getBuiltinModule })
  }
}
