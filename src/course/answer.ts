/**
 * An answer to a lesson as the proofs keep it: markdown in which each fence holds a file of the learner's folder and names
 * it (```` ```ts dog.ts ````). A line such as "Without `dog.ts`." takes a file of the solution away. Other sentences
 * are for authors.
 */

export interface Answer {
  /** By their names in the learner's folder. Those that are missing here are the solution's. */
  readonly files: ReadonlyMap<string, string>
  /** The solution's files that it does not have. */
  readonly without: readonly string[]
}

const FILE = /^```ts (\S+)\n(.*?)^```$/gms
const WITHOUT = /^Without `(\S+)`\.$/gm

/** @throws SyntaxError if the answer changes nothing in the solution */
export function readAnswer(markdown: string): Answer {
  const text = markdown.replaceAll('\r\n', '\n')
  const files = new Map([...text.matchAll(FILE)].map(([, name = '', code = '']) => [name, code]))
  const without = [...text.replace(FILE, '').matchAll(WITHOUT)].map(([, name = '']) => name)
  if (files.size === 0 && without.length === 0)
    throw new SyntaxError('an answer needs a fence that names its file, such as ```ts dog.ts')
  return { files, without }
}
