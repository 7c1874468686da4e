/** What a file has in it, whether or not it is exported: asked only to find the hint that helps, never to judge. */
import { join } from 'node:path'
import { signsOf } from '../../course/signs'
import type { Trouble } from '../../course/verdict'
import { sourceAt } from '../sources'

/** What others can import from it, in words. */
export const listed = (exported: object) => `the exports are: ${Object.keys(exported).join(', ') || 'none'}`

/** Whether it speaks of something, as it is written. */
export const speaksIn = (folder: string, file: string) => (what: RegExp) => what.test(sourceAt(join(folder, file)))

/** Whether a class, a function or a variable of this name is made in the file, outside of any braces. */
export function isDeclaredIn(folder: string, file: string, name: string): boolean {
  let depth = 0
  let before = ''
  for (const { value } of signsOf(sourceAt(join(folder, file)))) {
    if (value === '{') depth++
    if (value === '}') depth--
    if (depth === 0 && value === name && /^(class|function|const|let|var)$/.test(before)) return true
    before = value
  }
  return false
}

/** Whether something that was thrown was thrown in the class of this name, or in what follows it. */
export function isThrownBelow(folder: string, { place }: Trouble, name: string): boolean {
  if (!place) return false
  const lines = sourceAt(join(folder, place.file)).split('\n').slice(0, place.line)
  return lines.some((line) => new RegExp(`\\bclass ${name}\\b`).test(line))
}

/** The hint for a name that was not in sight: it is made somewhere in the file all the same, or nowhere. */
export function whyUnknown(error: string, speaksOf: (what: RegExp) => boolean): 'out-of-sight' | 'not-defined' {
  if (error.includes('before initialization')) return 'out-of-sight'
  const [, name] = /(\w+) is not defined/.exec(error) ?? []
  const isMade = name && speaksOf(new RegExp(`\\b(const|let|var)\\s+([[{][^=]*)?\\b${name}\\b`))
  return isMade ? 'out-of-sight' : 'not-defined'
}
