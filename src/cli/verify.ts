/**
 * `npm run lessons:verify -- N`: everything that must be true of a lesson, said while it is being written. The tests ask
 * the same of every lesson.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Lesson, lessons, textOf } from '../checkpoints/folders'
import { readNotebook } from '../course/notebook'
import { hintFaults, messageFaults, textFaults } from '../course/proof'
import { type Hint, readHint, readMessages } from '../course/texts'
import { hintOf } from '../course/verdict'
import { answerFault, type Judged, judgeAnswers } from './verify-answers'
import { cellFaults } from './verify-cells'

/** Something that must be true, and what speaks against it. */
export interface Proof {
  readonly claim: string
  readonly faults: readonly string[]
}

const WRONG_ANSWERS = 10
const RIGHT_ANSWERS = 3
const parts = ['checkpoint.test.ts', 'hints/', 'lesson.md', 'messages.md', 'right/', 'solution/', 'start/'] as const
/** Where a lesson judges tests, its checkpoint may keep the dogs that the tests meet in a file of their own. */
const DOGS = 'dogs.ts'

/** Gives the exit status: 1 if anything speaks against a lesson, 2 if there is no such lesson. */
export async function main(argv: readonly string[]): Promise<number> {
  const all = lessons()
  const chosen = argv.length > 0 ? all.filter(({ number }) => argv.includes(String(number))) : all
  if (chosen.length < argv.length) {
    console.error(`There is no such lesson. Usage: npm run lessons:verify -- [1 to ${all.length}]`)
    return 2
  }
  let isGood = true
  for (const lesson of chosen) {
    console.log(lesson.name)
    for (const { claim, faults } of await proofsOf(lesson)) {
      console.log(`  ${faults.length === 0 ? '✓' : '✗'} ${claim}`)
      for (const fault of faults) console.log(`      ${fault}`)
      isGood &&= faults.length === 0
    }
  }
  return isGood ? 0 : 1
}

export async function proofsOf(lesson: Lesson): Promise<readonly Proof[]> {
  const markdown = textOf(lesson, 'lesson.md')
  const hints = hintsIn(lesson)
  const messages = readMessages(textOf(lesson, 'messages.md'))
  const start = messages.get('start') ?? ''
  const [judged, cells] = await Promise.all([
    judgeAnswers(lesson, start, hints),
    cellFaults(readNotebook(markdown)).catch((error: Error) => [error.message]),
  ])
  const answers = (kind: Judged['kind']) => judged.filter((each) => each.kind === kind)
  const faultsAmong = (kind: Judged['kind']) => answers(kind).flatMap((each) => answerFault(each) ?? [])
  const wrong = answers('wrong').length
  const right = answers('right').length
  return [
    { claim: 'it has its parts, and no others', faults: partFaults(lesson) },
    { claim: 'its text keeps to the form', faults: textFaults(lesson.name, markdown) },
    { claim: 'every cell runs, and shows what the text says', faults: cells },
    { claim: 'it starts where the lesson before ends', faults: startFaults(lesson) },
    { claim: 'its start fails, for the reason it tells', faults: faultsAmong('start') },
    { claim: 'its solution passes', faults: faultsAmong('solution') },
    {
      claim: `its ${wrong} wrong answers get their own hints`,
      faults: [...fewer(wrong, WRONG_ANSWERS), ...faultsAmong('wrong')],
    },
    {
      claim: `its ${right} right answers of other styles pass`,
      faults: [...fewer(right, RIGHT_ANSWERS), ...faultsAmong('right')],
    },
    {
      claim: 'its hints are neither long nor short, and stay within the lesson',
      faults: [...hintFaults(hints, knownBy(lesson)), ...unusedHints(hints, judged)],
    },
    {
      claim: 'its messages fit its checks',
      faults: messageFaults(messages, answers('solution')[0]?.verdict.passed ?? []),
    },
    {
      claim: 'each dog that gets away is described',
      faults: dogsOf(judged).filter((dog) => !messages.get(`dog:${dog}`)),
    },
  ]
}

const strange = (name: string): string => `${name} has no business here`
const fewer = (count: number, least: number): string[] => (count < least ? [`${least} is the least`] : [])

function hintsIn({ folder }: Lesson): ReadonlyMap<string, Hint> {
  return new Map([...filesOf(join(folder, 'hints'))].map(([name, text]) => [name.replace(/\.md$/, ''), readHint(text)]))
}

function partFaults({ folder }: Lesson): string[] {
  const found = readdirSync(folder, { withFileTypes: true }).map(
    (each) => `${each.name}${each.isDirectory() ? '/' : ''}`,
  )
  return [
    ...parts.filter((name) => !found.includes(name)).map((name) => `${name} is missing`),
    ...found.filter((name) => !(parts as readonly string[]).includes(name) && name !== DOGS).map(strange),
  ]
}

/** What the lesson before ends with is here, under this name or another, except for files that this lesson gives up. */
function startFaults({ number, folder }: Lesson): string[] {
  const before = lessons().find((each) => each.number === number - 1)
  if (!before) return []
  const start = filesOf(join(folder, 'start'))
  const kept = filesOf(join(folder, 'solution'))
  const texts = [...start.values()]
  return [...filesOf(join(before.folder, 'solution'))].flatMap(([name, text]) => {
    const isHere = start.get(name) === text || (!start.has(name) && (texts.includes(text) || !kept.has(name)))
    return isHere ? [] : [`start/${name} is not what lesson ${before.number} ends with`]
  })
}

const filesOf = (folder: string): Map<string, string> =>
  new Map(existsSync(folder) ? readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]) : [])

/** Everything that a learner has read up to the end of this lesson. */
function knownBy({ number }: Lesson): string {
  const seen = lessons().filter((each) => each.number <= number)
  return seen
    .flatMap((each) => [
      textOf(each, 'lesson.md'),
      ...['start', 'solution'].flatMap((part) => [...filesOf(join(each.folder, part))].flat()),
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
