/** When a file was last written, in milliseconds since 1970; 0 if there is no such file. */
import { statSync } from 'node:fs'

export function editedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
