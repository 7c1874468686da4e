/**
 * The learner's files as text. An editor takes a file away for a moment to put another in its place, or leaves a link to
 * nowhere beside it: what is not there is empty, and never the end of the judging.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** The names of all files of TypeScript below the folder, those of packages apart. */
export const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('node_modules'),
  )

export function sourceAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
