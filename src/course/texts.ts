/**
 * The texts of a lesson that stand apart from its code, by the ids that the code uses: `hints.md` and `messages.md`.
 * To translate a lesson is to translate its three markdown files.
 */

/** Three levels each: a question, a pointer, a piece of code. */
export type Hints = ReadonlyMap<string, readonly string[]>
/** A sentence for each check, and for each dog (`dog:<id>`) what is wrong with it. */
export type Messages = ReadonlyMap<string, string>

/** Reads hints.md: `## hint-id`, inside it `### 1`, `### 2`, `### 3`. */
export function readHints(markdown: string): Hints {
  return new Map(
    [...sections(markdown, '## ')].map(([id, text]) => [id, [...sections(text, '### ').values()]] as const),
  )
}

/** Reads messages.md: `## id`, and a sentence below it. */
export function readMessages(markdown: string): Messages {
  return sections(markdown, '## ')
}

/** What stands below each heading of this level. What precedes the first one is for the authors. */
function sections(markdown: string, heading: string): Map<string, string> {
  const found = new Map<string, string>()
  let id: string | undefined
  for (const line of markdown.split(/\r?\n/)) {
    if (line.startsWith(heading)) {
      id = line.slice(heading.length).trim()
      if (found.has(id)) throw new SyntaxError(`There are two sections named ${id}: give one of them another name`)
      found.set(id, '')
    } else if (id !== undefined) found.set(id, `${found.get(id)}${line}\n`)
  }
  return new Map([...found].map(([name, text]) => [name, text.trim()]))
}
