/** One lesson that is read on the page: a session of its own, on an empty store, and what each of its cells has shown. */
import type { Notebook, NotebookCell } from '../../course/notebook'
import { render } from '../../repl/render/render'
import { answered, stepsOf } from '../../repl/session/lesson-cells'
import { Refusal } from '../../repl/session/refusal'
import type { Reply } from '../../repl/session/reply'
import type { Session } from '../../repl/session/session'
import type { LogEntry, Ran, Shown } from '../protocol'

/** How the prompt would show it in a window of this width. */
const look = { width: 76, colour: false, unicode: true }

export class Sitting {
  readonly #session: Session
  readonly #notebook: Notebook
  readonly #ran = new Map<number, Ran>()
  /** The piece that recorded an event, by the event's position. */
  readonly #recordedBy = new Map<number, number>()

  constructor(session: Session, notebook: Notebook) {
    this.#session = session
    this.#notebook = notebook
  }

  /** A cell runs once. Of those before it, a reader who skips them does not see the questions. */
  async run(piece: number): Promise<readonly Ran[]> {
    this.#cellOf(piece)
    const all: Ran[] = []
    for (const [earlier, { cell }] of this.#notebook.pieces.slice(0, piece).entries()) {
      if (!cell) continue
      if (this.#ran.get(earlier)?.asks) all.push(await this.answer(earlier, ''))
      if (!this.#ran.has(earlier)) all.push(await this.#keep(earlier, await stepsOf(this.#session, cell)))
    }
    const kept = this.#ran.get(piece)
    return [...all, kept ? { ...kept, log: await this.#log(piece) } : await this.#first(piece)]
  }

  async answer(piece: number, guess: string): Promise<Ran> {
    const asked = this.#cellOf(piece).steps.at(-1)
    const before = this.#ran.get(piece)
    if (!before?.asks || !asked) throw new Refusal('Nothing was asked here.')
    const { shown, verdict } = await answered(this.#session, this.#notebook.number, asked, guess.trim())
    return this.#keep(piece, [shown, verdict], before.shown)
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  async #first(piece: number): Promise<Ran> {
    const cell = this.#cellOf(piece)
    const asked = cell.isPrediction ? cell.steps.at(-1) : undefined
    return this.#keep(piece, await stepsOf(this.#session, cell, asked), [], asked !== undefined)
  }

  async #keep(piece: number, replies: readonly Reply[], before: readonly Shown[] = [], asks = false): Promise<Ran> {
    const ran = { piece, shown: [...before, ...replies.flatMap(shownOf)], log: await this.#log(piece), asks }
    this.#ran.set(piece, ran)
    return ran
  }

  /** The whole log, after this piece has recorded what is new in it. */
  async #log(piece: number): Promise<readonly LogEntry[]> {
    const members = await this.#session.members()
    const history = await this.#session.history()
    return history.map(({ id, name, aggregateId, version, payload }) => {
      if (!this.#recordedBy.has(id)) this.#recordedBy.set(id, piece)
      return {
        position: id,
        version,
        name,
        who: members.label(aggregateId),
        payload: render({ kind: 'value', value: payload }, look),
        piece: this.#recordedBy.get(id) ?? piece,
      }
    })
  }

  #cellOf(piece: number): NotebookCell {
    const cell = this.#notebook.pieces[piece]?.cell
    if (!cell) throw new Refusal(`There is no cell in piece ${piece} of lesson ${this.#notebook.number}.`)
    return cell
  }
}

const tones: Partial<Record<Reply['kind'], Shown['tone']>> = {
  code: 'code',
  value: 'value',
  news: 'news',
  problem: 'problem',
  mistakes: 'problem',
}

function shownOf(reply: Reply): Shown[] {
  if (reply.kind === 'all') return reply.replies.flatMap(shownOf)
  // A page has room for its lines as they are.
  if (reply.kind === 'cell') return [{ tone: 'code', text: reply.code }]
  const text = render(reply, look)
  return text === '' ? [] : [{ tone: tones[reply.kind] ?? 'plain', text }]
}
