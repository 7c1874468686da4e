/**
 * Keeps what is done in the open lesson, and shows what is kept of it: after a reload, from another tab, from a link. It
 * tells the reader what comes of that in its state.
 */
import { currentOf, type History, isUnread, type Timeline } from '../../history'
import type { Lesson } from '../../lessons'
import type { StorePlace } from '../../protocol'
import type { LogEntry } from '../../run'
import { hasClasses, type KeptLog } from '../play/kept-sights'
import type { Brought } from '../play/seat'
import { deskOf } from '../turn/desk'
import { adopted, asideOf, type Begun, differsAt, dividedAt, lastInStore, mended, withoutCut } from '../visit/changes'
import type { Keeper, Opened } from '../visit/keeper'
import type { Visit } from '../visit/visit'
import { readLink } from './history-shape'
import { Keep } from './keep'
import { type KeepState, nothingKept } from './keep-state'
import { persistently } from './persistently'

const differs = (before: string, after: string) =>
  `Played again, the cells have recorded something else than before. What they recorded then stays as it is, on timeline ${before}; what they record now is on timeline ${after}.`

export class LessonKeeper implements Keeper {
  state: KeepState = nothingKept
  /** Hears of each change. */
  hear: (state: KeepState) => void = () => {}
  /** What is shown, and plays what is run. */
  visit: Visit | undefined
  #keep: Keep | undefined
  #lesson: Lesson | undefined
  /** What this browser has of the lesson. */
  #own: History | undefined
  /** Whether the link was left for the lesson itself, which is open already. */
  #hasLeft = false
  /** Whether what this browser has is to be shown in place of the link as soon as it is found. */
  #isLeaving = false
  /** Shows it for the first time. */
  #tell: (own: Opened) => void = () => {}

  /** Opens a lesson, or none; with a link, what is in the link. */
  open(lesson: Lesson | undefined, link: string | undefined): void {
    if (this.#hasLeft && lesson === this.#lesson && link === undefined) {
      this.#hasLeft = false
      return
    }
    this.#keep?.leave()
    this.#keep = undefined
    this.#lesson = lesson
    this.#own = undefined
    this.#isLeaving = false
    this.#set(nothingKept)
    if (!lesson) {
      this.visit?.open(undefined)
      return
    }
    const keep = new Keep(lesson.number, lesson.hash, {
      opened: (history, isMine) => void this.#found(keep, history, isMine),
      trouble: (trouble) => keep === this.#keep && this.#set({ trouble }),
    })
    this.#keep = keep
    const own = new Promise<Opened>((resolve) => {
      this.#tell = resolve
    })
    this.visit?.open(
      lesson,
      link === undefined ? own.then((found) => this.#withWritten(found)) : this.#inLink(lesson, link, own),
    )
    void keep.open()
  }

  /** Adds what came with the link to what this browser has, and goes on with it: its cells run. */
  goOn(): void {
    const { visit, state } = this
    if (!visit || !this.#own || !state.isFromLink || state.isMine !== true) return
    if (state.filesInLink) deskOf(visit.state.history.lesson).receive(state.filesInLink)
    // Another object: what nobody knew of the one that came with the link is asked again.
    this.#replace(adopted(this.#own, structuredClone(visit.state.history)), true)
  }

  /** Shows what this browser has, in place of what came with a link. */
  leaveLink(): void {
    this.#isLeaving = this.#own === undefined
    if (this.#own) this.#replace(this.#own)
  }

  /** Says something at the top of the page, until it is put away: without a text, now. */
  say(news?: string): void {
    this.#set({ news })
  }

  /** Shows this history, which runs if it `plays`, and keeps it. */
  async change(history: History, plays = false): Promise<void> {
    this.#own = history
    this.visit?.show({ history, isReadOnly: this.state.isMine !== true }, plays)
    if (this.state.isMine) await this.#keep?.put(history)
  }

  get keep(): Keep | undefined {
    return this.#keep
  }

  get mayChange(): boolean {
    return this.state.isMine === true && !this.state.isFromLink
  }

  readonly placeOf = (timeline: Timeline): StorePlace | undefined => this.#keep?.placeOf(timeline)

  keptOf(timeline: Timeline): KeptLog | undefined {
    const folder = this.mayChange ? this.#keep?.storeOf(timeline.name) : undefined
    return folder === undefined ? undefined : { folder, hasClasses: hasClasses(timeline, this.#lesson?.pieces ?? []) }
  }

  async compared(history: History, timeline: Timeline, { runs, folder }: Brought): Promise<Timeline> {
    let at = differsAt(timeline.runs, runs)
    if (at === undefined && timeline.runs.length > 0 && !(await this.#isInStore(timeline.name, folder))) at = 0
    if (at === undefined) return timeline
    const divided = dividedAt(history, timeline, runs, at)
    this.#set({ news: differs(divided.from?.timeline ?? '', divided.name) })
    return divided
  }

  async begins(history: History, { name }: Timeline, { folder, why }: Brought): Promise<void> {
    if (this.state.inMemory !== why) this.#set({ inMemory: why })
    this.#keep?.settle(name, folder)
    await this.changed(history)
  }

  stopped(history: History, begun: Begun): Timeline | undefined {
    const { name } = begun.on
    const store = this.#keep?.storeOf(name)
    // Where the browser has no files, it is gone with the worker.
    if (store === undefined || this.state.inMemory !== undefined) return undefined
    const aside = asideOf(history, begun)
    // It has more than the timeline that goes on.
    this.#keep?.settle(name, undefined)
    this.#keep?.settle(aside.name, store)
    return aside
  }

  async read(timeline: Timeline): Promise<readonly LogEntry[] | undefined> {
    const keep = this.#keep
    const events = await this.#savedBy(timeline)
    if (keep !== this.#keep) return undefined
    // Then there will be no such timeline.
    if (events?.length === 0) keep?.settle(timeline.name, undefined)
    return events
  }

  /** What the last run of this timeline had saved when it was ended; undefined if it cannot be read. */
  async #savedBy(timeline: Timeline): Promise<readonly LogEntry[] | undefined> {
    const store = this.#keep?.storeOf(timeline.name)
    const { piece = 0 } = timeline.runs.at(-1) ?? {}
    if (store === undefined) return []
    return persistently(async () =>
      this.visit?.player.ask((calls) => calls.recordedIn(store, lastInStore(timeline), piece)),
    )
  }

  typed(piece: number, code: string | null): void {
    if (this.mayChange) this.#keep?.typed(piece, code)
  }

  async changed(history: History): Promise<void> {
    if (!this.mayChange) return
    this.#own = history
    await this.#keep?.put(history)
  }

  /** Whether the store that a timeline had until now begins with what has been recorded again. */
  async #isInStore(name: string, folder: string | undefined): Promise<boolean> {
    const before = this.#keep?.storeOf(name)
    if (before === undefined || before === folder || !this.visit) return true
    // One that is not there, as its events were in memory, says nothing against it.
    return this.visit.player.ask((calls) => calls.isLike(before)).catch(() => true)
  }

  /** What the cell recorded that was running when the page was left, is in its store. */
  async #mended(history: History, isMine: boolean): Promise<History> {
    if (!isUnread(currentOf(history))) return history
    if (!isMine) return withoutCut(history)
    const found = await this.#savedBy(currentOf(history))
    const after = mended(history, found ?? [])
    // What could not be read is there the next time.
    if (found) await this.#keep?.put(after)
    return after
  }

  /** What is kept was found, or another tab has changed it. */
  async #found(keep: Keep, history: History, isMine: boolean): Promise<void> {
    const own = await this.#mended(history, isMine)
    if (keep !== this.#keep) return
    const isFirst = this.#own === undefined
    this.#own = own
    this.#set({ isMine, earlier: keep.earlier })
    const opened = { history: own, isReadOnly: !isMine }
    this.#tell(opened)
    if (!isFirst && !this.state.isFromLink) this.visit?.show(opened)
    if (this.#isLeaving) this.leaveLink()
  }

  /** What was written before it was found is not lost. */
  #withWritten(found: Opened): Opened {
    const written = this.visit?.state.history
    if (!written || written.lesson !== found.history.lesson || Object.keys(written.drafts).length === 0) return found
    const history = { ...found.history, drafts: { ...found.history.drafts, ...written.drafts } }
    void this.changed(history)
    return { ...found, history }
  }

  async #inLink(lesson: Lesson, link: string, own: Promise<Opened>): Promise<Opened> {
    try {
      const { history, files } = await readLink(link, lesson)
      const isOtherText = history.hash !== lesson.hash
      if (lesson !== this.#lesson) return own
      this.#set(isOtherText ? { ofOtherText: { history, files } } : { isFromLink: true, filesInLink: files })
      return isOtherText ? own : { history, isReadOnly: true }
    } catch (error) {
      this.#set({ wrongLink: (error as Error).message })
      return own
    }
  }

  #replace(history: History, plays = false): void {
    this.#hasLeft = true
    globalThis.history.replaceState(globalThis.history.state, '', `#${this.#lesson?.number}`)
    // It tells nobody by itself.
    dispatchEvent(new HashChangeEvent('hashchange'))
    this.#set({ isFromLink: false, filesInLink: undefined, wrongLink: undefined, ofOtherText: undefined })
    void this.change(history, plays)
  }

  #set(change: Partial<KeepState>): void {
    this.state = { ...this.state, ...change }
    this.hear(this.state)
  }
}
