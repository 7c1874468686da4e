/** The files of the exercises, as they leave the page. */
import { type Files, folderOf, startOf } from '../../judge/files'
import { lessons } from '../../lessons'
import { deskOf } from '../turn/desk'
import { same } from '../turn/edits'

/** What the reader has written in a lesson; undefined if that is nothing. */
export function writtenIn(lesson: number): Files | undefined {
  const { files } = deskOf(lesson).state
  return same(files, startOf(lesson)) ? undefined : files
}

/**
 * A zip of `my-school/`, as the course in a terminal has it: the folders of the lessons in which something was written, and
 * of this one.
 */
export async function zipOfExercises(open: number): Promise<Uint8Array<ArrayBuffer>> {
  const { strToU8, zipSync } = await import('fflate')
  const files = lessons.flatMap(({ number }) => {
    const written = writtenIn(number) ?? (number === open ? startOf(number) : [])
    return [...written].map(([name, text]) => [`my-school/${folderOf(number)}/${name}`, strToU8(text)] as const)
  })
  return new Uint8Array(zipSync(Object.fromEntries(files)))
}
