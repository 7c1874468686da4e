/** Which files of the built notebook a reader waits for, and how large they are when they are sent. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { filesBelow } from '../../src/cli/files-below'

/** Those that come with the page and its session, without what they ask for later. */
export function loadedAtFirst(folder: string): string[] {
  const names = new Set([
    'index.html',
    ...filesBelow(folder).filter((name) => /^assets\/(worker|confined)-/.test(name)),
  ])
  for (const name of names)
    for (const { 1: path } of readFileSync(join(folder, name), 'utf8').matchAll(
      /(?:from|import|src=|href=)\s*"\.\/([^"]+)"/g,
    ))
      names.add(join(name.endsWith('.html') ? '' : dirname(name), path as string))
  return [...names]
}

/** The code of SQLite, which is waited for by the first cell that may record something. */
export const sqliteIn = (folder: string): string => filesBelow(folder).find((name) => name.endsWith('.wasm')) as string

/** In bytes, as it is sent. */
export const sizeOf = (folder: string, name: string): number =>
  gzipSync(readFileSync(join(folder, name)), { level: 9 }).length
