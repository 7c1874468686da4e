/** What the reader can do with what is kept. Each says what came of it, or rejects with what is wrong. */
import { currentOf, type Timeline, wholeOf } from '../../history'
import { logOf, type OfStore } from '../../log-of'
import { begunAgain, broughtIn, notBroughtIn, onlyCurrent, readBackName } from '../visit/changes'
import { writtenIn, zipOfExercises } from './exercises'
import type { LessonKeeper } from './lesson-keeper'
import { copied, forLink, packed } from './link'

/** Browsers take more, but mail and chat programs may cut what is longer, in characters. */
const LONG = 8000

/** The browser gives the page no clipboard: whoever wants the link copies it by hand. */
export class NotCopied extends Error {
  readonly link: string
  constructor(link: string) {
    super('This browser did not let the page copy it. The link is selected below: copy it by hand.')
    this.link = link
  }
}

export class Actions {
  readonly #keeper: LessonKeeper

  constructor(keeper: LessonKeeper) {
    this.#keeper = keeper
  }

  /** Gives the database of the current timeline to the reader, as a file: that of its last log, or of this one. */
  async save(one?: OfStore): Promise<string> {
    const { history } = this.#free()
    const bytes = await this.#database(currentOf(history), one)
    const file = `dog-school-${history.lesson}.db`
    give(file, bytes as Uint8Array<ArrayBuffer>, 'application/vnd.sqlite3')
    return `Saved as ${file}. In a terminal: npm start -- --db ${file}`
  }

  /** Gives the files of the exercises to the reader. */
  async download(): Promise<string> {
    const { history } = this.#there()
    give('my-school.zip', await zipOfExercises(history.lesson), 'application/zip')
    return 'Saved as my-school.zip. Unzipped in the folder of the course, npm run checkpoint goes on with them.'
  }

  /** Makes a timeline of a database. */
  async bringIn(file: File): Promise<string> {
    try {
      const { current, count } = await this.#begin(file.name, new Uint8Array(await file.arrayBuffer()))
      return `${file.name} is here: ${count} ${count === 1 ? 'event' : 'events'}, on timeline ${current}. The cells go on after them.`
    } catch (error) {
      throw new Error(notBroughtIn(file.name, (error as Error).message))
    }
  }

  /** Makes a timeline of what the open one has recorded, without playing it: a cell of it was cut off. */
  async readBack(): Promise<string> {
    const timeline = currentOf(this.#free().history)
    const { name } = timeline
    const { current } = await this.#begin(readBackName(name), await this.#database(timeline), name)
    return `What timeline ${name} has recorded is on a timeline of its own now: “${current}”. The cells go on after it; a database has no variables, so they begin with the first.`
  }

  /** @param of the timeline in whose store it was */
  async #begin(name: string, database: Uint8Array, of?: string) {
    const { keep, player } = this.#free()
    const store = keep.newFolder()
    const events = await player.ask((calls) => calls.bringIn(store, database))
    const history = broughtIn(this.#free().history, name, { store, events, ...(of !== undefined && { of }) })
    await this.#keeper.change(history)
    return { current: history.current, count: events.length }
  }

  /** Puts a link to what is shown on the clipboard. */
  async copyLink(): Promise<string> {
    const { history } = this.#there()
    const [files, whole] = [writtenIn(history.lesson), forLink(history)]
    const begin = `${location.href.replace(/#.*/, '')}#${history.lesson}:`
    const withFiles = files && (await packed(whole, files, LONG - begin.length).catch(() => undefined))
    const link = begin + (withFiles ?? (await packed(whole)))
    try {
      await navigator.clipboard.writeText(link)
    } catch {
      throw new NotCopied(link)
    }
    const left = history.timelines.flatMap(({ name, before }) => (before ? name : []))
    return copied({ length: link.length, longest: LONG, hasFiles: files && withFiles !== undefined, left })
  }

  /** Begins on an empty log. */
  async beginAgain(): Promise<string> {
    const { history } = this.#free()
    const after = begunAgain(history)
    await this.#keeper.change(after)
    return `This is timeline ${after.current}. Timeline ${history.current} stays as it was.`
  }

  /** Deletes the timelines that are not shown, and their databases. */
  async removeOthers(): Promise<string> {
    const { history, keep } = this.#free()
    await this.#keeper.change(onlyCurrent(history))
    await keep.tidy()
    return `Timeline ${history.current} is the only one now. It keeps its name.`
  }

  async #database(timeline: Timeline, one?: OfStore): Promise<Uint8Array> {
    const { keep, player, history } = this.#free()
    // The store that a cell has made is in memory.
    const own = (one ?? logOf(timeline).at(-1))?.store
    const bring = () => player.bring({ lesson: history.lesson, ...timeline, runs: wholeOf(timeline.runs) })
    if (own !== undefined) {
      await bring()
      return player.ask((calls) => calls.databaseOfCell(own))
    }
    // Where there is none yet, the cells are played again for it.
    const folder = keep.storeOf(timeline.name) ?? ((await bring()).folder as string)
    return player.ask((calls) => calls.database(folder))
  }

  /** @throws Error while a cell runs, or where this tab may change nothing */
  #free() {
    const there = this.#there()
    if (!this.#keeper.mayChange) throw new Error('Here it can only be read.')
    if (there.busy.size > 0) throw new Error('A cell is running: wait until it is done, or stop it.')
    return there
  }

  #there() {
    const { keep, visit } = this.#keeper
    if (!keep || !visit) throw new Error('No lesson is open.')
    const { history, busy } = visit.state
    return { keep, player: visit.player, history, busy }
  }
}

/** Hands a file to the reader. */
function give(name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
