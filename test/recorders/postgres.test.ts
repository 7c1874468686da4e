/** The PostgreSQL recorder keeps the contract of all recorders. */
import { recorderContract } from 'dog-school/testing'
import fc from 'fast-check'
import t from 'tap'
import { places } from './one-connection'
import { pythonTables, versions } from './python-tables'

for (const [place, open] of Object.entries(places))
  t.test(`on ${place}`, async (t) => {
    const connection = await open(t)
    const { empty, another } = connection
    const cases = recorderContract(empty, { reopen: () => another(), another: () => another() })
    for (const { name, run } of cases) await t.test(name, run)

    // Many rows are read as one, in which each column is one string.
    await t.test('whatever ids, topics and states consist of, each is read as it was recorded', async (t) => {
      const recorder = await empty()
      const text = fc.string({ unit: fc.constantFrom('\x1f', 'a', ',', '"', '\\', 'ü', '\n'), maxLength: 3 })
      const state = fc.oneof(
        { weight: 9, arbitrary: text },
        fc.uint8Array({ maxLength: 3 }).map((bytes) => new Uint8Array([...bytes, 0xff])),
      )
      const event = fc.record({
        topic: text,
        state,
        tags: fc.uniqueArray(
          fc.string({ minLength: 1, maxLength: 3 }).map((tag) => tag.replaceAll('\0', '-')),
          { maxLength: 2 },
        ),
      })
      let runs = 0
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 4 }), text, async (given, name) => {
          const aggregateId = `${++runs}${name}`
          const events = given.map((each, at) => ({
            ...each,
            aggregateId,
            version: at + 1,
            tags: each.tags.toSorted(),
          }))
          const ids = await recorder.append(events)
          const as = events.some(({ state }) => typeof state !== 'string') ? 'bytes' : 'text'
          const bytes = (state: string | Uint8Array) =>
            as === 'text' ? state : new Uint8Array(Buffer.from(state as string))
          const found = await recorder.notifications({ start: ids[0]!, limit: 10, tagged: true, as })
          t.strictSame(
            found.map(({ tags = [], ...each }) => ({ ...each, tags: [...tags].toSorted() })),
            events.map((each, at) => ({ id: ids[at], ...each, state: bytes(each.state) })),
          )
        }),
        { numRuns: 40 },
      )
      await recorder.close()
    })

    for (const [name, version] of Object.entries(versions))
      await t.test(`shares tables with the Python library, ${name}`, (t) => pythonTables(t, connection, version))
  })
