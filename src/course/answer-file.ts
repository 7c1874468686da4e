/**
 * An answer to a lesson in one file, as the proofs keep them: a wrong one names the hint that it must get in its first
 * line (`// hint: <id>`). `// without: dog.ts` takes a file of the solution away; then each `// file: dog.ts` begins a file of the learner's folder.
 */

export interface AnswerFile {
  /** Undefined for a right answer. */
  readonly hint: string | undefined
  /** By their names in the learner's folder. Those that are missing here are the solution's. */
  readonly files: ReadonlyMap<string, string>
  /** The solution's files that it does not have. */
  readonly without: readonly string[]
}

export function readAnswer(text: string): AnswerFile {
  const [, hint] = /^\/\/ hint: (\S+)/.exec(text) ?? []
  const without = [...text.matchAll(/^\/\/ without: (\S+)/gm)].map(([, name]) => name as string)
  const parts = text.split(/^\/\/ file: (\S+)\r?\n/m)
  const files = new Map<string, string>()
  for (let at = 1; at < parts.length; at += 2) files.set(parts[at] as string, parts[at + 1] as string)
  if (files.size === 0 && without.length === 0)
    throw new SyntaxError('An answer needs at least one line such as `// file: dog.ts`')
  return { hint, files, without }
}
