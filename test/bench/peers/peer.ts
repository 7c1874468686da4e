/** What the benchmarks compare: each peer as a store that does the same work as the others. */
import type { StoredEvent } from 'dog-school'

/** Who is compared with whom: what ends on a disk, or at a server, is not to be measured against what does not. */
export const groups = ['durable on PostgreSQL', 'durable in a file', 'in memory'] as const
export type Group = (typeof groups)[number]

/** The kinds of work. */
export type Kind =
  | 'append'
  | 'writers'
  | 'batches'
  | 'streams'
  | 'replay'
  | 'command'
  | 'follow'
  | 'condition'
  | 'memory'
  | 'start'

export interface Store {
  /** Events of one stream, which go on from version `events[0].version`. */
  append(events: readonly StoredEvent[]): Promise<unknown>
  /** The events of a stream as a program gets them, each with its data parsed. */
  read(id: string): Promise<readonly unknown[]>
  /** Reads what a decision needs of a stream, and appends one event, as users of this peer do. */
  command?(id: string): Promise<unknown>
  /** Reads so many events from the beginning of the log, in the order of their positions, as a follower does; returns how many. */
  follow?(count: number): Promise<number>
  /** What appends an event with a tag if none with that tag was appended since now; it says whether it did. */
  condition?(): Promise<(event: StoredEvent, tag: string) => Promise<boolean>>
  /** Measures work elsewhere, in seconds, where it cannot be done from here. */
  timed?(kind: Kind, count: number): Promise<number>
  /** Why a kind of work is not possible with it. */
  readonly cannot?: Partial<Record<Kind, string>>
  /** Why a kind of work is not measured, which may be possible with it. */
  readonly unmeasured?: Partial<Record<Kind, string>>
  close(): Promise<unknown>
}

export interface Peer {
  readonly name: string
  readonly group: Group
  /** As npm knows them: `name@version`. */
  readonly packages: readonly string[]
  /**
   * Loads the peer here and not before: what loading costs is measured.
   *
   * @param at the address of a database, or the name of a file, whose tables may be there already
   */
  open(at: string): Promise<Store>
}

export const data = (event: StoredEvent) => JSON.parse(event.state as string)

/** How many events a follower reads at a time. */
export const PAGE = 1000

/** Reads pages until there are so many events, or no more. */
export async function paged<P>(
  count: number,
  page: (after: P | undefined) => Promise<readonly [found: number, last: P]>,
) {
  let last: P | undefined
  for (let read = 0; ; ) {
    const [found, position] = await page(last)
    read += found
    last = position
    if (found === 0 || read >= count) return read
  }
}
