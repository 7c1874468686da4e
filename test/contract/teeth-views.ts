/** Recorders that are broken on purpose: stored views. */
import { MemoryRecorder, type ViewChange, type ViewQuery } from 'dog-school'
import type { Broken } from './broken'

/** Looks at the position, and writes a moment later. */
class Late extends MemoryRecorder {
  #position = 0
  override async saveView(change: ViewChange) {
    if (change.after !== this.#position) return super.saveView(change)
    await null
    const after = this.#position
    this.#position = Math.max(after, change.position)
    return super.saveView({ ...change, after, position: this.#position })
  }
}

/** Rows in another order than the one that is promised. */
const inUnits = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1

export const views: readonly Broken[] = [
  [
    'has every view there is to ask for',
    'has no view at first',
    () =>
      new (class extends MemoryRecorder {
        override viewState = async () => ({ position: 0, form: '', logId: '', build: '' })
      })(),
  ],
  [
    'counts a view as an event',
    'keeps the rows of a view, how far it is and what it belongs to',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          await super.saveView(change)
          await super.append([{ aggregateId: `${change.position}`, version: 1, topic: 'view', state: '{}' }])
        }
      })(),
  ],
  [
    'keeps no position where there are no rows',
    'keeps a view without rows',
    () =>
      new (class extends MemoryRecorder {
        override saveView = async (change: ViewChange) => (change.rows.length > 0 ? super.saveView(change) : undefined)
      })(),
  ],
  [
    'deletes the rows of a step after it has set the others',
    'sets, replaces and deletes rows of a view; of several with one key the last counts',
    () =>
      new (class extends MemoryRecorder {
        override saveView = (change: ViewChange) =>
          super.saveView({
            ...change,
            rows: change.rows.toSorted(([, one], [, other]) => Number(one === undefined) - Number(other === undefined)),
          })
      })(),
  ],
  [
    'writes rows before it looks at the position',
    'refuses a step of a view that does not follow on, and keeps nothing of it',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          const stored = await super.viewState(change.view)
          if (stored) await super.saveView({ ...change, ...stored, after: stored.position })
          return super.saveView(stored ? { ...change, rows: [] } : change)
        }
      })(),
  ],
  [
    'does not look who built the view',
    'refuses a step of a view that does not follow on, and keeps nothing of it',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          const { build = change.build } = (await super.viewState(change.view)) ?? {}
          return super.saveView({ ...change, build })
        }
      })(),
  ],
  [
    'looks, waits, and then moves a view',
    'lets exactly one of fifty writers of one step of a view win',
    () => new Late(),
  ],
  [
    'is busy while a view moves',
    'lets writers of fifty views all win',
    () =>
      new (class extends MemoryRecorder {
        #isBusy = false
        override async saveView(change: ViewChange) {
          if (this.#isBusy) throw new Error('SQLITE_BUSY')
          this.#isBusy = true
          await null
          this.#isBusy = false
          return super.saveView(change)
        }
      })(),
  ],
  [
    'lets a view with another name overtake',
    'changes views in the order of the calls, nobody waiting',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          if (change.view === 'tricks') await null
          return super.saveView(change)
        }
      })(),
  ],
  [
    'sorts keys by their halves of characters',
    'lists the rows of a view in the order of code points, by pages',
    () =>
      new (class extends MemoryRecorder {
        override async viewRows(view: string, query?: ViewQuery) {
          return (await super.viewRows(view, query)).sort(inUnits)
        }
      })(),
  ],
  [
    'begins a page with the last row of the page before',
    'lists the rows of a view in the order of code points, by pages',
    () =>
      new (class extends MemoryRecorder {
        override async viewRows(view: string, { after, ...query }: ViewQuery = {}) {
          const rows = await super.viewRows(view, { keys: query.keys })
          return rows.filter(([key]) => key >= (after ?? '')).slice(0, Math.max(0, query.limit ?? Infinity))
        }
      })(),
  ],
  [
    'returns a row for each time that its key is asked for',
    'reads the rows of a view with these keys',
    () =>
      new (class extends MemoryRecorder {
        override async viewRows(view: string, query: ViewQuery = {}) {
          if (!query.keys) return super.viewRows(view, query)
          return (await Promise.all(query.keys.map((key) => super.viewRows(view, { ...query, keys: [key] })))).flat()
        }
      })(),
  ],
  [
    'takes no keys for all keys',
    'reads the rows of a view with these keys',
    () =>
      new (class extends MemoryRecorder {
        override viewRows = (view: string, { keys, ...query }: ViewQuery = {}) =>
          super.viewRows(view, keys?.length ? { ...query, keys } : query)
      })(),
  ],
  [
    'adds the rows of one view to the other whose name it gets',
    'gives a view another name, in place of the view that has it',
    () =>
      new (class extends MemoryRecorder {
        override async swapView(from: string, to: string) {
          const rows = await super.viewRows(to)
          await super.swapView(from, to)
          const state = await super.viewState(to)
          if (state) await super.saveView({ view: to, ...state, after: state.position, rows })
        }
      })(),
  ],
  [
    'removes the rows of a view and not the view',
    'removes a view with its rows, and no other',
    () =>
      new (class extends MemoryRecorder {
        override async dropView(view: string) {
          const state = await super.viewState(view)
          const rows = (await super.viewRows(view)).map(([key]) => [key, undefined] as const)
          if (state) await super.saveView({ view, ...state, after: state.position, rows })
        }
      })(),
  ],
  [
    'cuts values of views at a null character',
    'refuses what a store would change, in names, keys and values of views, and positions that are none',
    () =>
      new (class extends MemoryRecorder {
        override saveView = (change: ViewChange) =>
          super.saveView({
            ...change,
            rows: change.rows.map(([key, value]) => [
              key,
              typeof value === 'string' ? value.replace(/\0.*/s, '') : value,
            ]),
          })
      })(),
  ],
  [
    'makes text of the bytes in views',
    'keeps any text and any bytes unchanged, in the keys and values of views',
    () =>
      new (class extends MemoryRecorder {
        override saveView = (change: ViewChange) =>
          super.saveView({
            ...change,
            rows: change.rows.map(([key, value]) => [key, value instanceof Uint8Array ? String(value) : value]),
          })
      })(),
  ],
  [
    'takes half a character in a view for another',
    'refuses what a store would change, in names, keys and values of views, and positions that are none',
    () =>
      new (class extends MemoryRecorder {
        override saveView = (change: ViewChange) =>
          super.saveView({
            ...change,
            rows: change.rows.map(([key, value]) => [new TextDecoder().decode(new TextEncoder().encode(key)), value]),
          })
      })(),
  ],
  [
    'hands out its own state of a view',
    'is not changed when a step of a view, or what was read of one, is changed afterwards',
    () =>
      new (class extends MemoryRecorder {
        #own: Awaited<ReturnType<MemoryRecorder['viewState']>>
        override async viewState(view: string) {
          this.#own ??= await super.viewState(view)
          return this.#own
        }
      })(),
  ],
  [
    'keeps the rows that it was given',
    'is not changed when a step of a view, or what was read of one, is changed afterwards',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          await null
          return super.saveView(change)
        }
      })(),
  ],
  [
    'cannot set 5,000 rows at once',
    'keeps 5,000 rows in one step of a view',
    () =>
      new (class extends MemoryRecorder {
        override async saveView(change: ViewChange) {
          if (change.rows.length > 999) throw new Error('too many SQL variables')
          return super.saveView(change)
        }
      })(),
  ],
  [
    'reads views on when it is closed',
    'refuses every call about views after it is closed',
    () =>
      new (class extends MemoryRecorder {
        override viewRows = async (view: string) => super.viewRows(view).catch(() => [])
      })(),
  ],
]
