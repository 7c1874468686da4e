/**
 * What the host has built in. Node, Bun and Deno encrypt and compress several times faster than JavaScript does; a
 * browser cannot do either at once, so there libraries do it. The bytes are the same.
 */
type Host = { readonly process?: { getBuiltinModule?(name: string): unknown } }

/** A module of Node, where there is one. */
export const builtIn = <M>(name: string): M | undefined =>
  (globalThis as Host).process?.getBuiltinModule?.(`node:${name}`) as M | undefined
