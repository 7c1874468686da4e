/** The cases of the DCB specification, on slices: on each recorder, and without one. */
import { Application, boundary, defineEvent, defineSlice, MemoryRecorder, type Recorder, setSources } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { cases } from '../dcb/cases'
import { type Fact, fact, type Rule, tags, type View } from '../dcb/rules'

/** A type without a class for each kind of fact. */
const types = Object.fromEntries(
  Object.entries(tags).map(([name, tagged]) => [
    name,
    defineEvent(name, undefined, { tags: (data) => tagged(data as Record<string, string>) }),
  ]),
)
const typeOf = (name: string) => types[name] as NonNullable<(typeof types)[string]>
const made = ({ type, data }: Fact) => typeOf(type).of(data)

const now = Date.parse('2026-11-30T12:00:00Z')
const minutesAgo = (timestamp: string) => (now - Date.parse(timestamp)) / 60_000

const boundaryOf = ({ start, tags, on }: View<unknown>) =>
  Object.entries(on).reduce(
    (all, [name, step]) =>
      all.on(typeOf(name), (state, { payload, timestamp }) =>
        step(state, { type: name as Fact['type'], data: payload, minutesAgo: minutesAgo(timestamp) }),
      ),
    boundary(start, ...tags),
  )

const sliceOf = ({ views, decide }: Rule) =>
  defineSlice({
    boundary: () => Object.fromEntries(Object.entries(views).map(([name, view]) => [name, boundaryOf(view)])),
    decide(states) {
      const outcome = decide(states)
      if (typeof outcome === 'string') throw new Error(outcome)
      return made(outcome)
    },
  })

const folder = t.testdir()
let files = 0
const recorders: Readonly<Record<string, () => Recorder>> = {
  'in memory': () => new MemoryRecorder(),
  'in a SQLite file': () => sqlite(`${folder}/${++files}.db`),
}

for (const [where, open] of Object.entries(recorders))
  t.test(where, async (t) => {
    for (const { of, name, given, when, then } of cases)
      await t.test(`${of}: ${name}`, async (t) => {
        const app = new Application(open(), { name: 'facts' })
        let time = now
        t.teardown(setSources({ now: () => time }))
        const recorded = ({ type, data, minutesAgo = 0 }: Fact) => {
          time = now - minutesAgo * 60_000
          return defineSlice({ boundary: () => ({}), decide: () => made(fact(type, data)) }).run(app)
        }
        for (const each of given) await recorded(each)
        time = now
        const running = Promise.allSettled([sliceOf(when).run(app), sliceOf(when).run(app)])
        const outcomes = (await running).map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.message))
        const log = await app.notificationLog.select({ start: given.length + 1 })
        if (typeof then === 'string') {
          t.strictSame(outcomes, [then, then])
          t.strictSame(log, [])
        } else {
          t.strictSame({ type: log[0]?.name, data: log[0]?.payload }, then)
          // The other decided on the same events, came too late, and decided again.
          t.ok(outcomes.includes('done'), outcomes.join(', '))
        }
        t.strictSame(await app.verify(), [])
        await app.close()
      })
  })

t.test('without a store', async (t) => {
  let tried = 0
  for (const { of, name, given, when, then } of cases) {
    if (given.some(({ minutesAgo }) => minutesAgo)) continue
    tried++
    t.teardown(setSources({ now: () => now }))
    const decide = () => sliceOf(when).decide(given.map(made))
    if (typeof then === 'string') t.throws(decide, { message: then }, `${of}: ${name}`)
    else t.strictSame(decide(), [made(then)], `${of}: ${name}`)
  }
  t.ok(tried > 18, `${tried} cases, all but those in which time passes`)
})
