/**
 * A verdict in words, as lines. The code that shows them adds colour; the marks say the same without it.
 */
import type { Hints, Messages } from './texts'
import { hintOf, type Place, type Trouble, type Verdict } from './verdict'

/** How a line is meant; `markdown` is drawn as a text of its own. */
export type Tone = 'heading' | 'good' | 'bad' | 'quiet' | 'plain' | 'code' | 'markdown'
export interface Line {
  readonly tone: Tone
  readonly text: string
  /** If the line is broken, its other lines start at this column. */
  readonly column?: number
}

export type From = 'shell' | 'prompt' | 'watch' | 'page'

export interface ReportInput {
  readonly lesson: number
  /** The learner's folder, as the learner names it. */
  readonly folder: string
  /** It was made just now. */
  readonly isNew: boolean
  readonly verdict: Verdict
  readonly hints: Hints
  readonly messages: Messages
  /** Which level of the hint is shown: 1, 2 or 3. */
  readonly level: number
  /** What the learner's code printed. */
  readonly printed: string
  /** Where it is read: what to type next depends on it. */
  readonly from: From
  /** What to do after passing; undefined after the last lesson. */
  readonly next: string | undefined
}

export function report(input: ReportInput): readonly Line[] {
  const { verdict, messages } = input
  if (input.level > 1 && hintOf(verdict) !== undefined) return furtherHint(input)
  const lines: Line[] = [{ tone: 'heading', text: words.heading(input.lesson, input.folder) }]
  if (input.isNew) lines.push({ tone: 'quiet', text: words.made(input.folder) })
  for (const id of verdict.passed) lines.push(marked('good', messages.get(id) ?? id))
  if (verdict.outcome === 'passed') return [...lines, ...printedLines(input), ...outcomeLines(input)]
  return [...lines, ...outcomeLines(input), ...printedLines(input)]
}

/** In a terminal, who has passed goes on. */
function printedLines({ verdict: { outcome }, printed, from }: ReportInput): readonly Line[] {
  if (outcome === 'broken' || (outcome === 'passed' && from !== 'page') || !printed.trim()) return []
  return [blank, { tone: 'quiet', text: words.printed }, ...indented(printed.trimEnd(), 'quiet', '  | ')]
}

/** Somebody who asks for another level has seen the rest: here is what the hint is on, and the hint. */
function furtherHint(input: ReportInput): readonly Line[] {
  const outcome = outcomeLines(input)
  const hint = hintLines(input, hintOf(input.verdict) ?? '')
  return [
    { tone: 'heading', text: words.heading(input.lesson, input.folder) },
    ...outcome.filter(({ tone }) => tone === 'bad'),
    ...hint,
  ]
}

const blank: Line = { tone: 'plain', text: '' }

function outcomeLines(input: ReportInput): Line[] {
  const { verdict, messages, lesson, next } = input
  switch (verdict.outcome) {
    case 'passed':
      return [blank, { tone: 'good', text: words.passed(lesson) }, { tone: 'plain', text: next ?? words.last }]
    case 'not yet': {
      const { slip } = verdict
      const dog = slip.dog === undefined ? [] : [field(words.dog, messages.get(`dog:${slip.dog}`) ?? slip.dog)]
      return [
        marked('bad', words.notYet(messages.get(slip.check) ?? slip.check)),
        ...dog.flat(),
        ...(slip.did === undefined ? [] : field(words.did, slip.did, isCode(slip.did) ? 'code' : 'plain')),
        ...(slip.expected === undefined ? [] : field(words.expected, slip.expected)),
        ...(slip.came === undefined ? [] : field(words.came, slip.came)),
        ...(slip.asserted === undefined ? [] : field(words.asserted, slip.asserted.join('\n'), 'code')),
        ...(slip.steps === undefined ? [] : field(words.steps, slip.steps.join(' → '))),
        ...(slip.place === undefined ? [] : field(words.where, withCode(slip.place))),
        ...complaint(slip),
        ...whatNow(input),
      ]
    }
    case 'unloadable':
      return [
        marked('bad', words[verdict.trouble.obstacle]),
        ...indented(troubleText(verdict.trouble), 'plain'),
        ...complaint(verdict.trouble),
        ...whatNow(input),
      ]
    case 'endless':
      return [marked('bad', endlessText(verdict)), ...whatNow(input)]
    case 'broken':
      return [marked('bad', words.broken), ...indented(verdict.message, 'plain')]
  }
}

const whatNow = (input: ReportInput): Line[] => [
  ...hintLines(input, hintOf(input.verdict) ?? ''),
  blank,
  { tone: 'plain', text: words.again[input.from](input.lesson) },
]

/** The level that was asked for, if the lesson has this hint. */
export function hintLines(
  { hints, level, lesson, from }: Pick<ReportInput, 'hints' | 'level' | 'lesson' | 'from'>,
  id: string,
): Line[] {
  const levels = hints.get(id) ?? []
  const text = levels[level - 1]
  if (text === undefined) return []
  const more = level < levels.length ? words.more[from](lesson, level + 1) : words.lastHint[from]
  return [
    blank,
    { tone: 'heading', text: words.hint(level, levels.length) },
    { tone: 'markdown', text },
    { tone: 'quiet', text: `    ${more}` },
  ]
}

function endlessText({ limit, waited }: Extract<Verdict, { outcome: 'endless' }>): string {
  if (limit !== undefined) return words.endless(limit)
  return waited === undefined ? words.waits : words.waited(waited)
}

const marked = (tone: 'good' | 'bad', text: string): Line => ({
  tone,
  text: `  ${tone === 'good' ? '✓' : '✗'} ${text}`,
  column: 4,
})
const indented = (text: string, tone: Tone, before = '    '): Line[] =>
  text.split('\n').map((line) => ({ tone, text: line === '' ? '' : `${before}${line}` }))

/** Where the text of a field starts. */
const column = 14
const field = (name: string, text: string, tone: Tone = 'plain'): Line[] =>
  text.split('\n').map((line, at) => ({ tone, text: `    ${at === 0 ? name : ''}`.padEnd(column) + line, column }))

/** In words alone, it says who was asked: `this dog at ./dog`. */
const isCode = (did: string): boolean => /[^\w\s./]/.test(did)

const complaint = ({ complaint }: { readonly complaint?: Trouble }): Line[] =>
  complaint === undefined ? [] : field(words.complaint, troubleText(complaint))

const at = ({ file, line, column }: Place): string => `${file}:${line}:${column}`
const withCode = (place: Place): string => (place.code ? `${at(place)} · ${place.code}` : at(place))
const troubleText = ({ place, message }: Trouble): string =>
  place ? `${at(place)} · ${message}${place.code ? `\n  ${place.code}${caret(place)}` : ''}` : message
/** Points at the place in the line above. */
const caret = ({ mark }: Place): string => (mark === undefined ? '' : `\n  ${' '.repeat(mark)}^`)

const words = {
  heading: (lesson: number, folder: string) => `Lesson ${lesson} · ${folder}`,
  made: (folder: string) => `${folder} is new: it is a copy of what the lesson starts from, and yours to change.`,
  passed: (lesson: number) => `Passed. That was lesson ${lesson}.`,
  /** What was expected is a sentence that would be true. */
  notYet: (expected: string) => `Not true yet: ${expected}`,
  last: 'That was the last lesson: the school is yours.',
  dog: 'the dog',
  did: 'ran',
  expected: 'expected',
  came: 'got',
  asserted: 'asserted',
  steps: 'it did',
  where: 'where',
  complaint: 'types',
  printed: 'What your code printed:',
  hint: (level: number, of: number) => `Hint ${level} of ${of}`,
  more: {
    shell: (lesson: number, level: number) => `More of it: npm run checkpoint -- ${lesson} --hint ${level}`,
    prompt: () => 'More of it: .hint',
    watch: () => 'More of it: press h',
    page: () => 'There is more of it: ask for another hint.',
  },
  lastHint: {
    shell: 'That is the last hint on this.',
    prompt: 'That is the last hint on this; .solution shows a whole answer.',
    watch: 'That is the last hint on this.',
    page: 'That is the last hint on this; the solution shows a whole answer.',
  },
  again: {
    shell: (lesson: number) => `Change it, and check again: npm run checkpoint -- ${lesson}`,
    prompt: () => 'Change it, and check again: .check',
    watch: () => 'It is checked again when you save.',
    page: () => 'Change it, and check again.',
  },
  types: 'TypeScript does not accept it yet.',
  syntax: 'This is not valid TypeScript yet.',
  module: 'A module that it imports is missing.',
  file: 'A file is missing.',
  threw: 'It threw an error before anything could be checked.',
  rejection: 'A promise was rejected, and nothing handled it.',
  exit: 'It called process.exit() (or crashed) before it could be checked.',
  endless: (limit: number) =>
    `It did not end within ${limit} seconds of computing, and was stopped. Is there a loop that never ends?`,
  waited: (seconds: number) =>
    `It did nothing for ${seconds} seconds, and was stopped. Does it wait for something? Or is this machine very busy? Then check again: this one does not count.`,
  waits: 'It waits for a promise that never settles.',
  broken: 'The kit is broken: this is not your fault. Please report it with these lines:',
}
