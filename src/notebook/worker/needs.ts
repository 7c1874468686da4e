/** What a cell needs that comes behind the page, as the lessons begin with cells that need none of it. */

export interface Needs {
  /** It may get hold of a store: then SQLite must be there. */
  readonly store: boolean
  readonly zod: boolean
}

/** Ways to what is not named. */
const ways = ['eval', 'Function', 'globalThis', 'import', 'require', 'self']

/**
 * Needs too much rather than too little: a word counts wherever it stands.
 *
 * @param given the names that the cells find there. What an earlier cell has declared leads to a store only if that cell has
 * named one of these
 */
export function needsOf(code: string, given: Iterable<string>): Needs {
  const words = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu))
  const has = (name: string) => words.has(name)
  return { store: [...ways, ...given].some(has), zod: ['z', 'zod', ...ways].some(has) }
}
