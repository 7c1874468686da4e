/** Runs the cells of a lesson in a session, as if they had been typed. */
import type { NotebookCell, Step } from '../../course/notebook'
import { predicts } from '../../course/prediction'
import { all, nothing, type Reply, text, valueIn } from './reply'
import { goToLesson } from './sandbox'
import type { Session } from './session'

export const MOVED = 'For this lesson, `school` is on an empty store in memory. Your own dogs stay as they are.\n'

export const QUESTION = 'What will it show? (Enter to see without guessing)'

/** Runs the steps of a cell; of the one that is asked, only shows the code. */
export async function stepsOf(session: Session, cell: NotebookCell, asked?: Step): Promise<Reply[]> {
  const parts: Reply[] = []
  if (cell.steps.some(({ code }) => /\bschool\b/.test(code)) && (await goToLesson(session))) parts.push(text(MOVED))
  for (const step of cell.steps) {
    parts.push({ kind: 'cell', code: step.code })
    if (step !== asked) parts.push(shownBy(step, await session.evaluate(step.code)))
  }
  return parts
}

/** Runs the step that was asked, and compares what it shows with what was said; '' is no guess. */
export async function answered(
  session: Session,
  lesson: number,
  asked: Step,
  said: string,
): Promise<{ readonly shown: Reply; readonly verdict: Reply }> {
  const reply = await session.evaluate(asked.code)
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
