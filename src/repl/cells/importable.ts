/** A module as an import statement sees it: `default` and `*` exist, whatever kind of module it is. */
import { types } from 'node:util'

export function importable(module: unknown): object {
  const isModern = types.isModuleNamespaceObject(module) || (module as { __esModule?: boolean })?.__esModule === true
  return new Proxy(Object.create(null) as object, {
    get: (_, key) => {
      if (key === '*') return module
      if (key === 'default' && !isModern) return module
      return (module as Record<string | symbol, unknown>)[key]
    },
  })
}
