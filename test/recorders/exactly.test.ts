/** Writes to a PostgreSQL server happen once, whatever others of the same process do meanwhile. No server is needed here. */
import t from 'tap'
import { Exactly } from '../../src/recorders/postgres/exactly'
import { Flushes } from '../../src/recorders/postgres/flushes'
import { CutError, type Given, type Server } from '../../src/recorders/postgres/server'
import { namesIn } from '../../src/recorders/postgres/tables'

const names = namesIn({ schema: 'public', prefix: 'stored' })

/** A server that keeps the numbers of writes, and cuts the connection of the first `slow` one until it is let go. */
class Kept {
  readonly name = 'a server'
  readonly numbers = new Map<number, string | null>()
  slow = 0
  letGo = (): void => {}
  readonly #isLetGo = new Promise<void>((resolve) => {
    this.letGo = resolve
  })

  async tell(sql: string, [, number, what]: readonly Given[]): Promise<(string | null)[][]> {
    if (what === 'slow') this.slow++
    this.numbers.set(number as number, `${sql} ${what}`)
    if (what !== 'slow' || this.slow > 1) return [[`${what} ${this.slow}`]]
    await this.#isLetGo
    throw new CutError('cut after the commit')
  }

  async ask(sql: string, [, number]: readonly Given[] = []): Promise<(string | null)[][]> {
    if (sql.includes(names.settle)) {
      if (!this.numbers.has(number as number)) this.numbers.set(number as number, null)
      return [[this.numbers.get(number as number) as string | null]]
    }
    if (sql.includes('flush <'))
      for (const each of this.numbers.keys()) if (each < Number(number)) this.numbers.delete(each)
    return []
  }
}

t.test('a write that others overtake is still found after a cut, and not made again', async (t) => {
  const server = new Kept()
  const exactly = new Exactly(server as unknown as Server, names)
  const slow = exactly.once(names.append, ['slow'])
  for (let written = 0; written < 250; written++) await exactly.once(names.saveView, ['view'])
  server.letGo()
  t.match(await slow, /slow/)
  t.equal(server.slow, 1)
})

t.test('large events do not go together, so that what is too large is refused alone', async (t) => {
  const sent: number[] = []
  const once = async (_: string, given: readonly Given[]) => {
    const topics = given[8] as string[]
    sent.push(topics.length)
    return JSON.stringify({ positions: topics.map((_, at) => at + 1), faults: [] })
  }
  const flushes = new Flushes({ once } as unknown as Exactly, names.append, () => {})
  const event = (state: string | Uint8Array) => ({ aggregateId: 'fido', version: 1, topic: 't', state })
  const large = [event('x'.repeat(5_000_000)), event(new Uint8Array(15_000_000)), event('x'.repeat(25_000_000))]
  await Promise.all([event('1'), ...large, event('2')].map((each) => flushes.add({ events: [each] })))
  t.strictSame(sent, [2, 1, 1, 1])
})

t.test('the numbers of writes that have their answers are deleted', async (t) => {
  const server = new Kept()
  const exactly = new Exactly(server as unknown as Server, names)
  for (let written = 0; written < 1000; written++) await exactly.once(names.saveView, ['view'])
  t.ok(server.numbers.size <= 100, `${server.numbers.size} are left`)
})
