/** Runs the cells of a lesson in a session, as if they had been typed. */
import type { NotebookCell, Step } from '../../course/notebook'
import { predicts } from '../../course/prediction'
import { all, nothing, type Reply, text, valueIn } from './reply'
import type { Session } from './session'

export const QUESTION = 'What will it show? (Enter to see without guessing)'

/** Runs what is typed: see `Session.evaluate`. */
export type Evaluate = (code: string) => Promise<Reply>

/** Runs the steps of a cell; of the one that is asked, only shows the code. */
export async function stepsOf(cell: NotebookCell, evaluate: Evaluate, asked?: Step): Promise<Reply[]> {
  const parts: Reply[] = []
  for (const step of cell.steps) {
    parts.push({ kind: 'cell', code: step.code })
    if (step !== asked) parts.push(shownBy(step, await evaluate(step.code)))
  }
  return parts
}

/** Runs the step that was asked, and compares what it shows with what was said; '' is no guess. */
export async function answered(
  session: Session,
  lesson: number,
  asked: Step,
  said: string,
  evaluate: Evaluate = (code) => session.evaluate(code),
): Promise<{ readonly shown: Reply; readonly verdict: Reply }> {
  const reply = await evaluate(asked.code)
  const value = valueIn(reply)
  const shown = shownBy(asked, reply)
  if (said === '' || value === undefined) return { shown, verdict: nothing }
  const isRight = predicts(said, value)
  await session.world.course.record((progress) => progress.predict(lesson, lineOf(asked), isRight))
  const verdict = isRight
    ? `You were right: ${said}`
    : `You said ${said}. That is worth a second look: what follows tells why.`
  return { shown, verdict: text(verdict) }
}

/** What a step shows: its value only if the lesson shows it; events and errors always. */
function shownBy(step: Step, reply: Reply): Reply {
  if (reply.kind === 'all') return all(...reply.replies.map((each) => shownBy(step, each)))
  if (reply.kind !== 'value') return reply
  return step.shows ? { ...reply, isPointedAt: true } : nothing
}

/** The name of a prediction. */
export const lineOf = ({ line }: Step): string => `line ${line}`
