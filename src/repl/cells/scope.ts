/**
 * The names of a session, as the type checker needs them. Each cell is checked as a module of its own, below one line that
 * imports just the names that it mentions. So a name can be declared again, and checking the hundredth cell takes no longer
 * than checking the first.
 */
import type { Declared } from './cell'

interface Known extends Declared {
  /** The module that the checker finds it in. */
  readonly from: string
}

export class Scope {
  readonly #known = new Map<string, Known>()

  get names(): string[] {
    return [...this.#known.keys()]
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
