/**
 * Measures peers side by side: in each turn, one after the other does the same work. Who fails, is wrong, or does not come
 * to an end, has no figure, and the others go on.
 */
import { median } from '../measure'
import { alone } from './alone'
import { shown } from './install'
import type { Group, Peer, Store } from './peer'
import type { Row } from './rows'

export interface Cell {
  readonly peer: string
  readonly group: Group
  /** The median of the turns. */
  readonly figure?: number | undefined
  /** Why there is none. */
  readonly missing?: string | undefined
  /** Whether that is because the peer cannot do it. */
  readonly isImpossible?: true
}

export interface Compared extends Pick<Row, 'what' | 'unit' | 'lessIsBetter'> {
  readonly cells: readonly Cell[]
}

/** A peer that is open; or why it is not. */
export interface Contender {
  readonly peer: Peer
  readonly store: Store | string
  /** Where a store of its own can be, for a process of its own. */
  readonly elsewhere: string
}

export interface Comparing {
  /** The module whose `peers` they are. */
  readonly module: string
  readonly turns: number
  /** How long one peer may take for one measurement, in milliseconds. */
  readonly patience?: number
  say(line: string): void
}

export async function compare(
  rows: readonly Row[],
  contenders: readonly Contender[],
  { module, turns, patience = 180_000, say }: Comparing,
): Promise<Compared[]> {
  const stuck = new Map<Contender, string>()
  const compared: Compared[] = []
  for (const [at, row] of rows.entries()) {
    const found = new Map(contenders.map((each) => [each, [] as number[]]))
    const missing = new Map(contenders.map((each) => [each, stuck.get(each) ?? whyNot(each, row)]))
    // The first turn warms up.
    for (let turn = 0; turn <= turns; turn++)
      for (const contender of contenders) {
        const { peer, store, elsewhere } = contender
        if (missing.get(contender) !== undefined) continue
        const told = `${at + 1}/${rows.length} ${row.what}: ${peer.name}, ${peer.group}`
        try {
          const measuring = row.measure(store as Store, (kind, count) => alone(module, peer, elsewhere, kind, count))
          const figure = await within(patience, told, measuring, () =>
            stuck.set(contender, 'it did not come to an end'),
          )
          if (turn > 0) found.get(contender)!.push(figure)
          say(`${told}: ${readable(figure)} ${row.unit}${turn === 0 ? ' to warm up' : ''}`)
        } catch (error) {
          missing.set(contender, String((error as Error).message ?? error))
          say(`${told}: not measured: ${missing.get(contender)}`)
        }
      }
    const cells = contenders.map((each): Cell => {
      const { name, group } = each.peer
      const why = missing.get(each)
      if (why === undefined) return { peer: name, group, figure: median(found.get(each)!) }
      return { peer: name, group, missing: why, ...(why === impossible(each, row) && { isImpossible: true }) }
    })
    const { what, unit, lessIsBetter } = row
    compared.push({ what, unit, lessIsBetter, cells })
  }
  return compared
}

const whyNot = (contender: Contender, row: Row): string | undefined =>
  typeof contender.store === 'string'
    ? contender.store
    : (impossible(contender, row) ?? contender.store.unmeasured?.[row.kind])

const impossible = ({ store }: Contender, { kind }: Row): string | undefined =>
  typeof store === 'string' ? undefined : store.cannot?.[kind]

/** @throws Error if it takes longer than this, in milliseconds */
export async function within<T>(patience: number, what: string, working: Promise<T>, late = () => {}): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late()
      reject(new Error(`it took longer than ${patience / 1000} s`))
    }, patience)
  })
  return shown(what, Promise.race([working, limit])).finally(() => clearTimeout(timer))
}

/** Three digits are all that a measurement on a busy machine can tell. */
export const readable = (figure: number): string => Number(figure.toPrecision(3)).toLocaleString('en')
