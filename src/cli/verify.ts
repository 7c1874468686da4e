/**
 * `npm run lessons:verify -- N`: everything that must be true of a lesson, said while it is being written, and what to
 * write next. The tests ask the same of every lesson.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeAll } from '../checkpoints/check'
import { filesIn, hintsOf, type Lesson, lessons, textOf } from '../checkpoints/folders'
import { hintFaults, messageFaults, textFaults } from '../course/proof'
import { hintOf } from '../course/verdict'
import { type Part, type Parts, readParts } from './lesson-parts'
import { misread } from './misread'
import { answerFault, type Judged, judgeAnswers } from './verify-answers'
import { cellFaults } from './verify-cells'

/** Something that must be true. */
export interface Proof {
  readonly claim: string
  /** What speaks against it. */
  readonly faults: readonly string[]
  /** What to do about that. */
  readonly next: string
}

const WRONG_ANSWERS = 10
const RIGHT_ANSWERS = 3

/** Returns the exit status: 1 if anything speaks against a lesson, 2 if there is no such lesson. */
export async function main(argv: readonly string[]): Promise<number> {
  const chosen = chosenBy(argv)
  if (typeof chosen === 'string') {
    console.error(chosen)
    return 2
  }
  let isGood = true
  for (const lesson of chosen) {
    console.log(lesson.name)
    const proofs = await proofsOf(lesson)
    for (const { claim, faults } of proofs) {
      console.log(`  ${faults.length === 0 ? '✓' : '✗'} ${claim}`)
      for (const fault of faults) console.log(`      ${fault}`)
    }
    const first = proofs.find(({ faults }) => faults.length > 0)
    if (first) console.log(`\nNext: ${first.next}`)
    isGood &&= !first
  }
  return isGood ? 0 : 1
}

/** The lessons that were asked for, or what is wrong with the question. */
function chosenBy(argv: readonly string[]): readonly Lesson[] | string {
  const all = lessons()
  const usage = `Usage: npm run lessons:verify -- [1 to ${all.length}]`
  try {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true })
    const unknown = positionals.find((typed) => !all.some(({ number }) => String(number) === typed))
    if (unknown !== undefined)
      return `There is no lesson ${unknown}. ${usage}\nA new one: npm run lessons:new -- ${all.length + 1} "Its title"`
    return positionals.length === 0 ? all : all.filter(({ number }) => positionals.includes(String(number)))
  } catch (error) {
    return misread(error, usage)
  }
}

/** @param judge in place of the kit, for those who want to hear of every verdict */
export async function proofsOf(lesson: Lesson, judge = judgeAll): Promise<readonly Proof[]> {
  const parts = readParts(lesson)
  const { hints, messages, notebook, missing } = parts
  const [judged, cells] = await Promise.all([
    judgeAnswers(lesson, parts, judge),
    notebook ? cellFaults(notebook).catch((error: Error) => [error.message]) : [],
  ])
  const answers = (kind: Judged['kind']) => judged.filter((each) => each.kind === kind)
  const faultsAmong = (kind: Judged['kind']) => answers(kind).flatMap((each) => answerFault(each) ?? [])
  const wrong = answers('wrong').length
  const right = answers('right').length
  const folder = `lessons/${lesson.name}`
  /** A claim that cannot be looked at says what it waits for. */
  const proof = (claim: string, needs: readonly Part[], faults: readonly string[], next: string): Proof => {
    const absent = needs.filter((part) => missing.has(part))
    return { claim, faults: absent.length > 0 ? [`waits for ${absent.join(', ')}`] : faults, next }
  }
  return [
    proof('it has its parts, and no others', [], parts.faults, nextPart(parts)),
    proof('nothing is left to be written', [], parts.unwritten, 'Write what the first TODO asks for, in its place.'),
    proof(
      'its text keeps to the form',
      ['lesson.md'],
      notebook ? textFaults(lesson.name, parts.markdown) : [],
      'Change lesson.md.',
    ),
    proof(
      'every cell runs, and shows what the text says',
      ['lesson.md'],
      cells.map((fault) => `line ${fault}`),
      'Change what lesson.md says there, or its code.',
    ),
    proof(
      'it starts where the lesson before ends',
      ['start/', 'solution/'],
      startFaults(lesson, parts),
      `Copy the solution of the lesson before to ${folder}/start/.`,
    ),
    proof(
      'its start fails, for the reason it tells',
      ['checkpoint.test.ts', 'start/', 'messages.md'],
      faultsAmong('start'),
      'Write a check that start/ does not pass, and below "## start" in messages.md the id of its hint.',
    ),
    proof('its solution passes', ['checkpoint.test.ts', 'solution/'], faultsAmong('solution'), 'Change solution/.'),
    proof(
      `its ${wrong} wrong answers get their own hints`,
      ['checkpoint.test.ts', 'solution/', 'hints/'],
      [...fewer(wrong, WRONG_ANSWERS), ...faultsAmong('wrong')],
      wrong < WRONG_ANSWERS
        ? 'Write a wrong answer below "## Wrong answers", in the file of the hint that it must get.'
        : 'Add its mistake to the `slips` of a check.',
    ),
    proof(
      `its ${right} right answers of other styles pass`,
      ['checkpoint.test.ts', 'solution/', 'right/'],
      [...fewer(right, RIGHT_ANSWERS), ...faultsAmong('right')],
      right < RIGHT_ANSWERS ? 'Write an answer in another style, right/its-style.md.' : 'Change checkpoint.test.ts.',
    ),
    proof(
      'its hints are neither long nor short, and stay within the lesson',
      ['hints/', 'lesson.md', 'checkpoint.test.ts', 'solution/'],
      [
        ...hintFaults(hints, knownBy(lesson), (id) => hintsOf(lesson).get(id) !== undefined),
        ...unusedHints(hints, judged),
      ],
      'Change the files in hints/.',
    ),
    proof(
      'its messages fit its checks',
      ['messages.md', 'checkpoint.test.ts', 'solution/'],
      messageFaults(messages, answers('solution')[0]?.verdict.passed ?? []),
      'Write in messages.md a heading "## id" for each check, and a sentence below it.',
    ),
    proof(
      'each dog that gets away is described',
      ['checkpoint.test.ts', 'solution/', 'messages.md'],
      dogsOf(judged).filter((dog) => !messages.get(`dog:${dog}`)),
      'Write in messages.md a heading "## dog:id", and a sentence below it.',
    ),
  ]
}

const fewer = (count: number, least: number): string[] => (count < least ? [`at least ${least}`] : [])

function nextPart({ faults, missing }: Parts): string {
  const [part] = missing
  const first = faults.find((fault) => fault.startsWith(`${part} is missing: `))
  return first && part ? `Write ${first.replace(' is missing:', ',')}.` : 'Do what the first line says.'
}

/** What the lesson before ends with is here, under this name or another, except for files that this lesson gives up. */
export function startFaults({ number }: Lesson, { start, solution }: Parts): string[] {
  const before = lessons().find((each) => each.number === number - 1)
  if (!before) return []
  const texts = [...start.values()]
  return [...filesIn(join(before.folder, 'solution'))].flatMap(([name, text]) => {
    const isHere = start.get(name) === text || (!start.has(name) && (texts.includes(text) || !solution.has(name)))
    return isHere ? [] : [`start/${name} is not what lesson ${before.number} ends with`]
  })
}

/** Everything that a learner has read up to the end of this lesson. */
function knownBy({ number }: Lesson): string {
  const seen = lessons().filter((each) => each.number <= number)
  return seen
    .flatMap((each) => [
      textOf(each, 'lesson.md'),
      ...['start', 'solution'].flatMap((part) => [...filesIn(join(each.folder, part))].flat()),
    ])
    .join('\n')
}

/** What TypeScript says itself may have a hint that no answer here leads to. */
function unusedHints(hints: ReadonlyMap<string, unknown>, judged: readonly Judged[]): string[] {
  const given = new Set(judged.flatMap(({ verdict }) => hintOf(verdict) ?? []))
  return [
    ...[...hints.keys()].filter((id) => !given.has(id)).map((id) => `no answer leads to the hint ${id}`),
    ...judged.flatMap(({ hint, name }) =>
      hint === undefined || hints.has(hint) ? [] : [`hints/${hint}.md is missing, which ${name} must get`],
    ),
  ]
}

const dogsOf = (judged: readonly Judged[]): string[] =>
  judged.flatMap(({ verdict }) => (verdict.outcome === 'not yet' && verdict.slip.dog) || [])
