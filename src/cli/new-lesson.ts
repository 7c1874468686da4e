/** `npm run lessons:new -- 8 "Taking a snapshot"`: lays out the folder of a new lesson, after the last one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { filesIn, lessons } from '../checkpoints/folders'
import { lessonTemplate } from '../course/lesson-template'
import { folderName } from '../course/proof'
import { lessonsFolder } from '../node/paths'
import { misread } from './misread'

/** Returns the exit status: 2 if it was asked for something else than the next lesson. */
export async function main(argv: readonly string[]): Promise<number> {
  const asked = read(argv)
  if (typeof asked === 'string') {
    console.error(asked)
    return 2
  }
  const { number, title } = asked
  const name = folderName(number, title)
  const before = lessons().at(-1)
  for (const [file, text] of lessonTemplate(number, title, filesIn(join(before?.folder ?? '', 'solution')))) {
    const path = join(lessonsFolder(), name, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  console.log(`lessons/${name}/ is there. What to write first: npm run lessons:verify -- ${number}`)
  return 0
}

/** What was asked for, or what is wrong with it. */
function read(argv: readonly string[]): { readonly number: number; readonly title: string } | string {
  const all = lessons()
  const next = all.length + 1
  const usage = `Usage: npm run lessons:new -- ${next} "Its title"`
  try {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true })
    const [typed = '', title = '', ...more] = positionals
    if (!/^\d+$/.test(typed) || !/[\p{L}\p{N}]/u.test(title)) return `A new lesson needs a number and a title. ${usage}`
    if (more.length > 0) return `The title is in quotes: "${[title, ...more].join(' ')}". ${usage}`
    const number = Number(typed)
    const there = all.find((each) => each.number === number)
    if (there)
      return [
        `Lesson ${number} exists: lessons/${there.name}/. ${usage}`,
        `To put a lesson before others, first give those the next numbers, the last one first: rename their folders, and`,
        `npm run lessons:verify names the lines in them to change.`,
      ].join('\n')
    if (number !== next) return `The lessons are numbered without gaps, and the next one is ${next}. ${usage}`
    return { number, title: title.trim() }
  } catch (error) {
    return misread(error, usage)
  }
}
