/** `npm run checkpoint`: judges the learner's own folder for a lesson, and says what came of it. */
import { parseArgs } from 'node:util'
import { type CheckOptions, check, currentLesson } from '../checkpoints/check'
import { type Lesson, lessons } from '../checkpoints/folders'
import { exitCodes } from '../course/verdict'
import { drawn, sentence, waiting } from './draw'
import { misread } from './misread'

/** Runs the command, and gives its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const asked = read(argv)
  if (typeof asked === 'string') {
    console.error(sentence(asked))
    return exitCodes.unloadable
  }
  let worst = 0
  for (const lesson of asked.lessons.length > 0 ? asked.lessons : [await currentLesson()]) {
    const { verdict, lines } = await waiting('checking', () => check(lesson, asked), true, 'Ctrl-C stops it')
    console.log(drawn(lines))
    worst ||= exitCodes[verdict.outcome]
  }
  return worst
}

interface Asked extends CheckOptions {
  readonly lessons: readonly Lesson[]
}

/** What was asked for, or what is wrong with it. */
function read(argv: readonly string[]): Asked | string {
  const all = lessons()
  const usage = `Usage: npm run checkpoint -- [1 to ${all.length}] [--hint 1|2|3] [--all]`
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { hint: { type: 'string' }, all: { type: 'boolean' }, 'time-limit': { type: 'string' } },
    })
    const level = Number(values.hint ?? 1)
    if (![1, 2, 3].includes(level)) return `There is no hint ${values.hint}: there are three levels. ${usage}`
    const limit = Number(values['time-limit'] ?? 5)
    if (!(limit > 0)) return `A time limit is a number of seconds, not ${values['time-limit']}. ${usage}`
    if (values.all) return { lessons: all, level, limit }
    const chosen = positionals.map((text) => all.find(({ number, name }) => String(number) === text || name === text))
    const unknown = positionals[chosen.indexOf(undefined)]
    if (unknown !== undefined) return `There is no lesson ${unknown}. ${usage}`
    return { lessons: chosen as Lesson[], level, limit }
  } catch (error) {
    return misread(error, usage)
  }
}
