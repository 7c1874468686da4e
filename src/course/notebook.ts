/**
 * A lesson's text as what it is: prose and cells, in turns.
 *
 * A cell is run as if it were typed, step by step: each `// → …` ends a step, and says what the value of the step's
 * last expression looks like. A prediction says `// → ?`: its answer is what the cell shows, and nothing else.
 */

/** What is typed at once. */
export interface Step {
  readonly code: string
  /** Whether its value is to be shown. */
  readonly shows: boolean
  /** What the lesson says is shown; undefined where the reader is asked. */
  readonly expected: string | undefined
  /** Where its code starts in lesson.md, from 1. */
  readonly line: number
  /** Where it is said what is shown; undefined where nothing is. */
  readonly shownAt?: number
}

export interface NotebookCell {
  /** As the reader sees it before it runs: without what it will show. */
  readonly text: string
  readonly steps: readonly Step[]
  /** The reader is to say first what the last step shows. */
  readonly isPrediction: boolean
}

/** What is read in one go: some prose (it may be empty), and the cell behind it, if one follows. */
export interface Piece {
  readonly prose: string
  readonly cell: NotebookCell | undefined
}

export interface Notebook {
  readonly number: number
  readonly title: string
  readonly pieces: readonly Piece[]
}

const SHOWN = /^(.*?)\s*\/\/ →\s?(.*)$/
/** A long value goes on in comments that are indented further than a comment is. */
const SHOWN_FURTHER = /^\s*\/\/\s{2,}(.*)$/

/**
 * Reads the text of a lesson.md. A piece ends behind each cell and before each `## ` heading.
 *
 * @throws SyntaxError with the line, if the text is not a lesson
 */
export function readNotebook(markdown: string): Notebook {
  const lines = markdown.split(/\r?\n/)
  const [, number, title] = /^# (\d+) · (.+)$/.exec(lines[0] ?? '') ?? []
  if (!number || !title) throw wrong(1, 'a lesson starts with `# N · Title`')
  const pieces: Piece[] = []
  let prose: string[] = []
  const end = (cell?: NotebookCell) => {
    const text = prose.join('\n').trim()
    if (text || cell) pieces.push({ prose: text, cell })
    prose = []
  }
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at] as string
    if (line.startsWith('## ')) end()
    const fence = /^```(.*)$/.exec(line)
    if (!fence) {
      prose.push(line)
      continue
    }
    const close = lines.indexOf('```', at + 1)
    if (close < 0) throw wrong(at + 1, 'this fence is never closed')
    if (fence[1] === 'ts' || fence[1] === 'ts predict')
      end(readCell(lines.slice(at + 1, close), at + 2, fence[1] === 'ts predict'))
    else if (fence[1] === 'sh' || fence[1] === 'text') prose.push(...lines.slice(at, close + 1))
    else throw wrong(at + 1, `a fence is \`ts\`, \`ts predict\`, \`sh\` or \`text\`, not \`${fence[1]}\``)
    at = close
  }
  end()
  return { number: Number(number), title, pieces }
}

function readCell(lines: readonly string[], firstLine: number, isPrediction: boolean): NotebookCell {
  const steps: Step[] = []
  const text: string[] = []
  let code: string[] = []
  let from = firstLine
  const end = (next: number, shows: boolean, expected?: string, shownAt = next) => {
    const blank = code.findIndex((line) => line.trim())
    const step = { code: code.join('\n').trim(), shows, expected, line: from + blank }
    if (blank >= 0) steps.push(shows ? { ...step, shownAt } : step)
    code = []
    from = next
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    const [, before, shown] = SHOWN.exec(line) ?? [undefined, line, undefined]
    if (before || shown === undefined) {
      code.push(before)
      text.push(before)
    }
    if (shown === undefined) continue
    if (!code.some((each) => each.trim())) throw wrong(firstLine + i, 'nothing stands before this `// →`')
    const value = [shown]
    const at = firstLine + i
    for (let more = SHOWN_FURTHER.exec(lines[i + 1] ?? ''); more; more = SHOWN_FURTHER.exec(lines[i + 1] ?? '')) {
      value.push(more[1] as string)
      i++
    }
    const expected = value.join('\n')
    end(firstLine + i + 1, true, expected === '?' ? undefined : expected, at)
  }
  end(firstLine, false)
  const asked = steps.filter(({ shows, expected }) => shows && expected === undefined)
  if (isPrediction ? asked.length !== 1 || asked[0] !== steps.at(-1) : asked.length > 0)
    throw wrong(firstLine, 'a `ts predict` cell ends with its one `// → ?`, and no other cell has any')
  return { text: text.join('\n').trimEnd(), steps, isPrediction }
}

/**
 * Whether a value, as `util.inspect` shows it, looks as the lesson says. White space counts once; `0a1b…` stands for
 * any id, `2026-11-23T…` for any time.
 */
export function looksLike(expected: string, shown: string): boolean {
  const pattern = once(expected)
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/\d{4}-\d\d-\d\dT…/g, '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+\\+00:00')
    .replace(/[0-9a-f]{4,}…/g, '[0-9a-f]{32}')
  return new RegExp(`^${pattern}$`).test(once(shown))
}

const once = (text: string): string => text.replace(/\s+/g, ' ').trim()

const wrong = (line: number, what: string) => new SyntaxError(`lesson.md, line ${line}: ${what}`)
