/** `.lose`: two transactions are open at the same time, and a follower loses the event of one of them; another does not. */
import type { Recorder } from '../../port/recorder'
import type { PostgresRecorder } from '../../recorders/postgres'
import { Refusal } from '../session/refusal'
import { all, type Reply, type Row, table, text } from '../session/reply'
import type { Scratch } from '../session/scratch'
import { isOnServer } from '../session/store'
import type { Command } from './command'

export const lose: Command = {
  name: 'lose',
  usage: '.lose',
  summary: 'how a naive follower loses an event, and ours does not (PostgreSQL)',
  example: {
    type: '.lose',
    shows: `Two programs record an event each, in transactions that are open at the same
time. Two followers read the same table. Each asks for what comes after the last
position that it has seen.
what happens                     a naive follower sees  ours sees
Ann registers Fido, as #1
Ben registers Buster, as #2
Ben commits
both look                        #2 Buster              nothing yet
Ann commits
both look                        nothing                #1 Fido, #2 Buster
The naive follower has seen #2 and goes on from there: it will never see Fido.
An event gets its number when it is inserted, and is visible when its
transaction commits. Ours reads no further than to where nobody can still record
an event, so it has waited for Ann.
That was in a schema of its own, which is gone: nothing was recorded in yours.`,
  },

  async run({ recorder, trueStore, isReadOnly, world }): Promise<Reply> {
    if (trueStore && isOnServer(trueStore.recorder))
      throw new Refusal('A copy is in memory, where no follower can miss an event.', 'First .fork end, then .lose')
    if (!isOnServer(recorder))
      throw new Refusal(
        'In a file or in memory, one program records at a time, so no follower can miss an event. That takes transactions that are open at the same time.',
        'To see it, start on a PostgreSQL server: DOG_SCHOOL_DB=postgres://user@host:5432/database npm start',
      )
    if (isReadOnly)
      throw new Refusal(
        'It makes a schema of its own on the server, which is open for reading only.',
        'Start without --read-only',
      )
    return world.inScratch(recorder, shown)
  },
}

async function shown({ store, begin }: Scratch): Promise<Reply> {
  const [ann, ben] = [await begin(), await begin()]
  const [naive, ours] = [new Follower(naively(store)), new Follower(store)]
  const rows: Row[] = []
  const happens = (what: string, [naiveSees, oursSees]: readonly [string, string] = ['', '']) =>
    rows.push({ 'what happens': what, 'a naive follower sees': naiveSees, 'ours sees': oursSees })
  const look = async () => happens('both look', [await naive.look(), await ours.look()])

  happens(`Ann registers Fido, as #${await ann.register('Fido')}`)
  happens(`Ben registers Buster, as #${await ben.register('Buster')}`)
  await ben.commit()
  happens('Ben commits')
  await look()
  await ann.commit()
  happens('Ann commits')
  await look()
  return all(
    text(
      'Two programs record an event each, in transactions that are open at the same time. Two followers read the same table. Each asks for what comes after the last position that it has seen.',
    ),
    table(rows, ''),
    text(
      `The naive follower has seen #${naive.position} and goes on from there: it will never see Fido. An event gets its number when it is inserted, and is visible when its transaction commits. Ours reads no further than to where nobody can still record an event, so it has waited for Ann.`,
    ),
    text('That was in a schema of its own, which is gone: nothing was recorded in yours.'),
  )
}

type Log = Pick<Recorder, 'notifications'>

/** What one would write by hand: whatever is there. */
const naively = (store: PostgresRecorder): Log => ({
  async notifications({ start = 1 } = {}) {
    const { rows } = await store.query(
      `SELECT notification_id, originator_id, originator_version, topic, convert_from(state, 'UTF8')
       FROM ${store.table} WHERE notification_id >= ${start} ORDER BY notification_id`,
    )
    return rows.map(([id, aggregateId, version, topic, state]) => ({
      id: Number(id),
      aggregateId: String(aggregateId),
      version: Number(version),
      topic: String(topic),
      state: String(state),
    }))
  },
})

class Follower {
  position = 0
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** What is new. */
  async look(): Promise<string> {
    const events = await this.#log.notifications({ start: this.position + 1 })
    this.position = events.at(-1)?.id ?? this.position
    if (events.length === 0) return this.position === 0 ? 'nothing yet' : 'nothing'
    return events.map(({ id, state }) => `#${id} ${JSON.parse(String(state)).name}`).join(', ')
  }
}
