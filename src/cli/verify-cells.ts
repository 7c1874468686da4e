/** Types the cells of a lesson into a prompt of its own, and tells where the text says something else than happens. */
import { inspect } from 'node:util'
import { looksLike, type Notebook, type Step } from '../course/notebook'
import { Checker } from '../repl/cells/checker'
import type { Reply } from '../repl/session/reply'
import { kitSchool } from '../repl/start/current-school'
import { startSession } from '../repl/start/start'

let before: Promise<unknown> = Promise.resolve()

/** What is untrue in a lesson, as `line: what it shows`, with the line of the mistake. One at a time: they share a checker. */
export function cellFaults(notebook: Notebook): Promise<string[]> {
  const faults = before.then(() => faultsIn(notebook))
  before = faults.catch(() => undefined)
  return faults
}

async function faultsIn({ pieces }: Notebook): Promise<string[]> {
  // A lesson follows another, and its cells another's.
  Checker.areKept = true
  const started = await startSession({ db: ':memory:', readOnly: false, school: kitSchool() })
  if ('refused' in started) throw new Error(started.refused)
  const { session } = started.shell
  const faults: string[] = []
  for (const [i, { cell }] of pieces.entries())
    for (const step of cell?.steps ?? []) {
      const shown = show(await session.evaluate(step.code))
      if (!isTold(step, shown, pieces[i + 1]?.prose ?? ''))
        faults.push(`${lineOf(step, shown)}: ${shown.fault ?? shown.value}`)
    }
  await session.close()
  return faults
}

const THROWN_AT = /\(line (\d+) of what you typed\)$/

interface Shown {
  readonly value?: string
  readonly fault?: string
  /** Where in the code that is, from 1. */
  readonly at?: number
}

/** Of what failed: where it did. Of a value that is another one: where the text says it. */
function lineOf({ line, shownAt }: Step, { fault, at }: Shown): number {
  return fault === undefined ? (shownAt ?? line) : line + (at ?? 1) - 1
}

function show(answer: Reply): Shown {
  switch (answer.kind) {
    case 'value':
      return { value: inspect(answer.value) }
    case 'problem':
      return { fault: answer.says, at: Number(THROWN_AT.exec(answer.says)?.[1] ?? 1) }
    case 'mistakes':
      return {
        fault: answer.mistakes.map(({ message }) => message).join('; '),
        at: (answer.mistakes[0]?.line ?? 0) + 1,
      }
    case 'all':
      return Object.assign({}, ...answer.replies.map(show))
    default:
      return {}
  }
}

/** What a prediction shows is the first piece of code in the prose behind it. */
function isTold({ shows, expected }: Step, { value, fault }: Shown, prose: string): boolean {
  if (fault !== undefined) return false
  if (!shows) return true
  const is = value ?? 'undefined'
  return expected === undefined ? /^[^`]*`([^`]*)`/.exec(prose)?.[1] === is : looksLike(expected, is)
}
