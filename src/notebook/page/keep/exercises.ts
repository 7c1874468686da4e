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

const README = `# My school

What you wrote in the exercises of Dog School. The files import the library as \`dog-school\`, which is on no registry, so
they run in a clone of the course:

1. Unzip them in the folder of the clone, so that \`my-school/\` is beside its \`package.json\`. Files that are there under
   the same names are replaced.
2. Run \`npm ci\` there, once.
3. \`npm run checkpoint -- 1\` judges your answer to lesson 1, and \`npm run watch\` judges whatever you save. \`npm start\`
   opens the prompt; from lesson 5 on, \`school\` is your own there.
`

/**
 * A zip of `my-school/`, as the course in a terminal has it: the folders of the lessons in which something was written, and
 * of this one, with a file that says how to go on.
 */
export async function zipOfExercises(open: number): Promise<Uint8Array<ArrayBuffer>> {
  const { strToU8, zipSync } = await import('fflate')
  const files = lessons.flatMap(({ number }) => {
    const written = writtenIn(number) ?? (number === open ? startOf(number) : [])
    return [...written].map(([name, text]) => [`my-school/${folderOf(number)}/${name}`, strToU8(text)] as const)
  })
  return new Uint8Array(zipSync({ 'my-school/README.md': strToU8(README), ...Object.fromEntries(files) }))
}
