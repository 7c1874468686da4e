/** The files in a folder and in those within it, by their paths from there, with `/` between the names. */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
    .sort()
