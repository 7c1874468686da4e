/**
 * Shows a lesson in a session, one piece at a time: its prose, then its cell, which runs as if it had been typed. A cell runs
 * only once; going back to it shows the same output. The cells before it run first: a reader who goes on in a new session does
 * not see them, but has their names.
 */
import type { Notebook, NotebookCell } from '../../course/notebook'
import { unreadable } from '../../course/prediction'
import type { Progress } from '../../course/progress'
import { answered, lineOf, QUESTION, stepsOf } from './lesson-cells'
import type { Respond } from './questions'
import { Refusal } from './refusal'
import { all, nothing, type Reply, text } from './reply'
import { comeBack, goToLesson } from './sandbox'
import type { Session } from './session'
import { nameOf } from './store'

/** The lesson that is being read in a session. */
export const readings = new WeakMap<Session, Reading>()

/** The lesson that was judged last, since one was opened: a hint is on this one. */
export const judged = new WeakMap<Session, number>()

const MOVED = 'For this lesson, `school` is on an empty store in memory. Your own dogs stay as they are.\n'

const usesSchool = ({ steps }: NotebookCell): boolean => steps.some(({ code }) => /\bschool\b/.test(code))

export class Reading {
  readonly lesson: number
  readonly notebook: Notebook
  /** Receives the prediction, if one was asked for. */
  #prediction: Respond | undefined
  /** The piece that was shown last; -1 before the first. */
  #at: number
  /** The first piece whose question is asked. */
  readonly #asksFrom: number
  readonly #shown = new Map<number, Reply>()
  /** What a piece showed before its question. Its cell does not run again when the question is repeated. */
  readonly #before = new Map<number, Reply>()

  /** @param progress how far the learner was, if the reader is to go on with the piece that was read last */
  constructor(notebook: Notebook, progress?: Progress) {
    this.lesson = notebook.number
    this.notebook = notebook
    const read = Math.min(progress?.lesson(this.lesson).read ?? 0, notebook.pieces.length)
    this.#at = Math.max(read - 2, -1)
    const asked = notebook.pieces[read - 1]?.cell?.steps.at(-1)
    const isAnswered = asked !== undefined && progress?.predictions[`${this.lesson} ${lineOf(asked)}`] !== undefined
    this.#asksFrom = isAnswered ? read : read - 1
  }

  /** Whether there are more pieces, or a question that has not been answered. */
  get goesOn(): boolean {
    return this.#prediction !== undefined || this.left > 0
  }

  get left(): number {
    return this.notebook.pieces.length - this.#at - 1
  }

  /** Shows the next piece and runs its cell, or first asks what it will show. Repeats a question that has not been answered. */
  async next(session: Session): Promise<Reply> {
    if (this.#prediction) {
      session.questions.ask(QUESTION, this.#prediction)
      return text('First your guess, please. Enter alone shows the answer.')
    }
    this.#at++
    const reply = await this.#show(session)
    await session.world.course.record((progress) => progress.readUpTo(this.lesson, this.#at + 1))
    return reply
  }

  /** Shows the piece again that was shown last. */
  async again(session: Session): Promise<Reply> {
    this.#forget(session)
    return this.#show(session)
  }

  /** Shows the previous piece again; returns undefined at the first. */
  async back(session: Session): Promise<Reply | undefined> {
    if (this.#at <= 0) return undefined
    this.#at--
    return this.again(session)
  }

  /** Stops reading: drops the question and puts `school` back on its earlier store. */
  async leave(session: Session): Promise<Reply> {
    this.#forget(session)
    if (session.trueStore?.isAwayFor !== 'lesson') return nothing
    await comeBack(session)
    return text(`\`school\` is on ${nameOf(session.recorder)} again. The dogs of the lesson are gone.`)
  }

  #forget(session: Session): void {
    if (this.#prediction) session.questions.withdraw(this.#prediction)
    this.#prediction = undefined
  }

  async #show(session: Session): Promise<Reply> {
    const at = this.#at
    const piece = this.notebook.pieces[at]
    const cell = piece?.cell
    const prose: Reply = { kind: 'prose', markdown: piece?.prose ?? '', goesOn: true }
    const reply = cell ? (this.#shown.get(at) ?? (await this.#run(session, cell, at))) : await this.#end(session)
    return this.#prediction ? all(prose, reply) : all(prose, reply, this.#place())
  }

  async #run(session: Session, cell: NotebookCell, at: number): Promise<Reply> {
    const evaluate = (code: string) => session.evaluate(code)
    const missed = [...this.notebook.pieces.slice(0, at).entries()].flatMap(([earlier, { cell }]) =>
      cell && !this.#shown.has(earlier) ? [{ earlier, cell }] : [],
    )
    const needsSchool = missed.some(({ cell }) => usesSchool(cell)) || (usesSchool(cell) && !this.#before.has(at))
    const moved = needsSchool && (await goToLesson(session)) ? text(MOVED) : nothing
    for (const { earlier, cell } of missed) this.#keep(earlier, all(...(await stepsOf(cell, evaluate))))
    const asked = cell.isPrediction && at >= this.#asksFrom ? cell.steps.at(-1) : undefined
    const before = this.#before.get(at) ?? all(moved, ...(await stepsOf(cell, evaluate, asked)))
    if (!asked) return this.#keep(at, before)
    this.#before.set(at, before)
    this.#prediction = async (said) => {
      const why = unreadable(said)
      if (why !== undefined && this.#prediction) {
        session.questions.ask(QUESTION, this.#prediction)
        return text(why)
      }
      this.#prediction = undefined
      const { shown, verdict } = await answered(session, this.lesson, asked, said)
      this.#keep(at, all(before, shown))
      return all(shown, verdict, this.#place())
    }
    session.questions.ask(QUESTION, this.#prediction)
    return before
  }

  /** After the last cell, the store of the lesson is no longer needed. */
  async #end(session: Session): Promise<Reply> {
    return this.notebook.pieces.slice(this.#at).some(({ cell }) => cell) ? nothing : this.leave(session)
  }

  /** How far the reader is, and what to type next. */
  #place(): Reply {
    const count = this.notebook.pieces.length
    const next = this.left > 0 ? '.next' : '.check'
    const line = { tone: 'quiet', text: `${this.#at + 1} of ${count} · ${next}` } as const
    return { kind: 'report', lines: [line], passed: true }
  }

  #keep(at: number, reply: Reply): Reply {
    this.#shown.set(at, reply)
    return reply
  }
}

/** The lesson that was typed, or else the one being read, or else the learner's current one. */
export async function numberOf(session: Session, typed?: string): Promise<number> {
  const { course } = session.world
  const count = course.lessons.length
  if (typed === undefined) return readings.get(session)?.lesson ?? (await course.progress())?.current(count) ?? 1
  if (course.lessons.some(({ number }) => String(number) === typed)) return Number(typed)
  throw new Refusal(`There is no lesson ${typed}.`, `There are 1 to ${count}: .lessons`)
}
