/**
 * The names of a session, as the type checker needs them. Each cell is checked as a module of its own, below one line that
 * imports just the names that it mentions. So a name can be declared again, and checking the hundredth cell takes no longer
 * than checking the first.
 */
import type { Cell, Declared } from './cell'

/** Top-level `await` in a CommonJS file, and unused or unreachable code: fine at a prompt. */
export const FINE = new Set([1309, 1375, 1378, 1431, 1432, 2852, 2853, 2854, 6133, 6192, 6196, 6198, 6199, 7027, 7028])

interface Known extends Declared {
  /** The module that the checker finds it in. */
  readonly from: string
}

export class Scope {
  readonly #known = new Map<string, Known>()

  get names(): string[] {
    return [...this.#known.keys()]
  }

  /** Adds names that come of no cell, with the statements that tell the checker of them. */
  preload(statements: Readonly<Record<string, { readonly statement: string; readonly isType?: boolean }>>): void {
    for (const [name, { statement, isType }] of Object.entries(statements))
      this.add('', [{ name, kind: isType ? 'type' : 'import', statement }])
  }

  /** A later declaration of a name replaces an earlier one. */
  add(from: string, declared: readonly Declared[]): void {
    for (const each of declared) this.#known.set(each.name, { ...each, from })
  }

  /** The line above a text when it is checked. It is one line, so line 1 of the text is line 2 of the module. */
  header(text: string, declared: readonly Declared[] = []): string {
    const own = new Set(declared.map(({ name }) => name))
    const mentioned = new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu))
    return [...mentioned]
      .filter((name) => !own.has(name))
      .flatMap((name) => this.#known.get(name) ?? [])
      .map(bring)
      .join('; ')
  }
}

function bring({ name, kind, statement, from }: Known): string {
  if (statement !== undefined) return statement
  const module = JSON.stringify(from)
  if (kind === 'type') return `import type { ${name} } from ${module}`
  if (kind === 'declaration') return `import { ${name} } from ${module}`
  return `declare ${kind} ${name}: typeof import(${module}).${name}`
}

/** The text of a cell in which later ones find the names that came of it. */
export function exporting({ kept }: Cell, came: readonly Declared[]): string {
  const names = came.filter(({ kind }) => kind !== 'import').map(({ name }) => name)
  return `${kept}\nexport { ${names.join(', ')} }`
}
