/** One lesson that is read on the page: a session of its own, on a new store, in which its runs are played. */
import type { Recorder } from 'dog-school'
import type { Notebook, NotebookCell, Step } from '../../course/notebook'
import { render } from '../../repl/render/render'
import { answered, stepsOf } from '../../repl/session/lesson-cells'
import { Refusal } from '../../repl/session/refusal'
import { all, failed, type Reply } from '../../repl/session/reply'
import type { Session } from '../../repl/session/session'
import { partsOf } from '../parts'
import type { LogEntry, Outcome, Run, Shown } from '../run'
import type { Sights } from '../sights'
import { Chance, type During } from './chance'
import { entryOf, flowing, look } from './entries'
import { Logs } from './logs'
import { type KeptSchool, sightsOf } from './sights'

/** What there is around the code of a run. */
export interface Around {
  readonly during: During
  /** What was printed since this was asked last. */
  readonly printed: () => string | undefined
}

const nothingAround: Around = { during: (_, work) => work(), printed: () => undefined }

/** A run whose question has not been answered. */
interface Waiting {
  readonly run: Run
  readonly chance: Chance
  readonly asked: Step
  readonly outcome: Outcome
}

export class Sitting {
  readonly sights: Sights
  readonly session: Session
  readonly #notebook: Notebook
  readonly #around: Around
  #waiting: Waiting | undefined
  readonly #logs: Logs

  constructor(session: Session, notebook: Notebook, around = nothingAround, kept?: KeptSchool) {
    this.session = session
    this.#notebook = notebook
    this.#logs = new Logs(session)
    this.#around = around
    this.sights = sightsOf(session, this.#logs, kept)
  }

  /** See `NotebookWorker.play`. */
  async play(run: Run): Promise<Outcome> {
    const cell = this.#cellOf(run.piece)
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting && waiting.run.seed === run.seed && run.guess !== undefined) return this.#answer(waiting, run.guess)
    const chance = new Chance(run)
    if (run.code !== undefined) return this.#outcome(run, chance, () => this.#edited(run))
    const asked = cell.isPrediction ? cell.steps.at(-1) : undefined
    const outcome = await this.#outcome(run, chance, () => stepsOf(cell, this.#evaluate, asked))
    if (!asked) return outcome
    const waits = { run, chance, asked, outcome: { ...outcome, asks: true } }
    if (run.guess !== undefined) return this.#answer(waits, run.guess)
    this.#waiting = waits
    return waits.outcome
  }

  /** The store that a cell has made: see `LogEntry.store`. */
  recorderOf(store: string): Recorder | undefined {
    return this.#logs.schoolOf(store)?.recorder
  }

  close(): Promise<void> {
    return this.session.close()
  }

  async #answer({ run, chance, asked, outcome }: Waiting, guess: string): Promise<Outcome> {
    const { shown, events, ...rest } = await this.#outcome(run, chance, async () => {
      const { shown, verdict } = await answered(this.session, this.#notebook.number, asked, guess, this.#evaluate)
      return [shown, verdict]
    })
    return { shown: [...outcome.shown, ...shown], events: [...outcome.events, ...events], ...rest }
  }

  async #outcome({ piece, code }: Run, chance: Chance, work: () => Promise<readonly Reply[]>): Promise<Outcome> {
    const replies = await this.#around.during(chance, work)
    const repeats = !chance.wasAsked && { repeats: true as const }
    const [shown, events] = [replies.flatMap(shownOf), await this.#events(piece)]
    // Whoever has typed it sees that it ran. What a lesson leaves out, it leaves out.
    const isBlank = code !== undefined && events.length === 0 && shown.every(({ tone }) => tone === 'code')
    return { shown: isBlank ? [...shown, ...undefinedIn(replies)] : shown, asks: false, events, ...repeats }
  }

  /** Unlike those of a lesson, parts that are behind one which fails do not run. */
  async #edited(run: Run): Promise<Reply[]> {
    const replies: Reply[] = []
    const parts = partsOf(run)
    for (const part of parts) {
      replies.push({ kind: 'cell', code: parts.length > 1 ? part.replace(/^\n+/, '').trimEnd() : part })
      if (!replies.some(failed)) replies.push(await this.#evaluate(part))
    }
    return replies
  }

  /** What a step printed comes before its value. */
  readonly #evaluate = async (code: string): Promise<Reply> => {
    const reply = await this.session.evaluate(code)
    const printed = this.#around.printed()
    return printed === undefined ? reply : all({ kind: 'code', text: printed, language: 'text' }, reply)
  }

  /** What is new in a log belongs to this piece. */
  async #events(piece: number): Promise<LogEntry[]> {
    const fresh = await this.#logs.fresh()
    return fresh.map(({ event, who, store }) => ({
      ...entryOf(event, who, piece),
      ...(store !== undefined && { store }),
    }))
  }

  #cellOf(piece: number): NotebookCell {
    const cell = this.#notebook.pieces[piece]?.cell
    if (!cell) throw new Refusal(`There is no cell in piece ${piece} of lesson ${this.#notebook.number}.`)
    return cell
  }
}

function undefinedIn(replies: readonly Reply[]): Shown[] {
  const last = replies.at(-1)
  return last?.kind === 'nothing' && last.isUndefined ? [{ tone: 'value', text: 'undefined' }] : []
}

const tones: Partial<Record<Reply['kind'], Shown['tone']>> = {
  code: 'printed',
  value: 'value',
  news: 'news',
  problem: 'problem',
  mistakes: 'problem',
}

export function shownOf(reply: Reply): Shown[] {
  if (reply.kind === 'all') return reply.replies.flatMap(shownOf)
  // A page has room for its lines as they are.
  if (reply.kind === 'cell') return [{ tone: 'code', text: reply.code }]
  const text =
    reply.kind === 'code' ? reply.text : render(withoutCommand(reply), reply.kind === 'value' ? look : flowing)
  return text === '' ? [] : [{ tone: tones[reply.kind] ?? 'plain', text }]
}

/** What to do next is no command of the terminal here. */
function withoutCommand(reply: Reply): Reply {
  if (reply.kind !== 'problem' || !reply.next?.startsWith('.')) return reply
  return { kind: 'problem', says: reply.says }
}
