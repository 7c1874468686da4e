/**
 * One truth for state: whatever the class and the commands, live = replayed = loaded (through the cache, without it, from a
 * snapshot) = after a refused command = what the same class does without this library; or the library refuses in words.
 * `DOG_SCHOOL_LONG=1` runs ten times as many; `DOG_SCHOOL_SEED=…` runs one seed again.
 */
import { isDeepStrictEqual } from 'node:util'
import { Application, type DomainEvent, HalfAppliedError, InvalidPayloadError, MemoryRecorder } from 'dog-school'
import fc from 'fast-check'
import t from 'tap'
import { type Fails, ingredients, type Made, make, type Self, type Shape } from './shapes'

type Call = { readonly does: 'call'; readonly method: number; readonly n: number; readonly fails: Fails }
type Step = Call | { readonly does: 'save' | 'load' | 'load without cache' | 'snapshot' }

const call: fc.Arbitrary<Call> = fc.record({
  does: fc.constant('call' as const),
  method: fc.nat(30),
  n: fc.nat(4),
  fails: fc.oneof(
    { weight: 3, arbitrary: fc.constant('' as const) },
    { weight: 2, arbitrary: fc.constantFrom('head' as const, 'half' as const, 'end' as const, 'payload' as const) },
  ),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: call },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('save' as const, 'load' as const, 'load without cache' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('snapshot' as const) }) },
)
const shapeOf = (among: readonly number[], snapshots: fc.Arbitrary<boolean>): fc.Arbitrary<Shape> =>
  fc.record({
    parts: fc.uniqueArray(fc.tuple(fc.constantFrom(...among), fc.boolean()), {
      selector: ([i]) => i,
      minLength: 1,
      maxLength: 3,
    }),
    subclassMakes: fc.boolean(),
    overrides: fc.boolean(),
    callsInside: fc.boolean(),
    snapshots,
    makesAnother: fc.boolean(),
    sharesName: fc.boolean(),
    hasRules: fc.boolean(),
  })
const all = [...ingredients.keys()]
const keepable = /^(plain|language|nested|symbol|frozen|constant|known|shared|drawer|closing|shadow)$/
const shape = fc.oneof(
  { weight: 3, arbitrary: shapeOf(all, fc.boolean()) },
  {
    weight: 2,
    arbitrary: shapeOf(
      all.filter((i) => keepable.test(ingredients[i]?.name ?? '')),
      fc.constant(true),
    ),
  },
)

/** What the runs have covered, so that a test that covers nothing fails. */
const seen = { refused: 0, lost: 0, doubts: 0, snapshots: 0, noSnapshot: 0 }

function same(what: string, found: unknown, wanted: unknown) {
  if (!isDeepStrictEqual(found, wanted))
    throw new Error(`${what} shows\n  ${JSON.stringify(found)}, where the truth is\n  ${JSON.stringify(wanted)}`)
}

/** Calls a method that must do what it says. @returns 'doubt' if the object is in doubt, and says so */
function perform(made: Made, self: Self, { method, n, fails }: Call): 'done' | 'refused' | 'doubt' {
  const { methods, mayDoubt, lost, rules } = made
  const name = methods[method % methods.length] as string
  const before = { version: self.version, pending: self.pendingEvents.length }
  const item = fails === 'payload' ? { n: () => n } : { n }
  let refusal: unknown
  rules.asleep = false
  try {
    self[name]?.(item as { n: number }, fails)
    item.n = 1000 // The caller's own: nobody may look at it any more.
  } catch (error) {
    refusal = error
  } finally {
    rules.asleep = true
  }
  if (refusal instanceof HalfAppliedError && mayDoubt) return 'doubt'
  const isLost = name === lost
  const wanted = isLost ? TypeError : fails === 'payload' ? InvalidPayloadError : fails !== '' ? RangeError : undefined
  if (wanted ? !(refusal instanceof wanted) : refusal)
    throw new Error(`${name} (${fails || 'no failure'}) gave ${refusal}`, { cause: refusal })
  if (!wanted) return 'done'
  seen[isLost ? 'lost' : 'refused']++
  same(`after a refusal, ${name}`, { version: self.version, pending: self.pendingEvents.length }, before)
  if (!mayDoubt || isLost || fails === 'payload') return 'refused'
  rules.asleep = false
  try {
    self.levelA?.({ n: 0 }, 'head')
  } catch (error) {
    if (error instanceof HalfAppliedError) return 'doubt'
  } finally {
    rules.asleep = true
  }
  return 'refused'
}

async function check(shape: Shape, start: number, steps: readonly Step[], after: readonly Call[]): Promise<void> {
  const made = make(shape)
  const { type, look, methods } = made
  const recorder = new MemoryRecorder()
  const open = (cacheSize: number) =>
    new Application(recorder, { name: 'kennel', aggregates: [type], cacheSize, onProblem: () => seen.noSnapshot++ })
  const [cached, uncached] = [open(1000), open(0)]
  const truth = new made.oracle('Fido', { n: start })
  const agree = (does: Call) => {
    truth[methods[does.method % methods.length] as string]?.({ n: does.n }, '')
    ;(truth as unknown as { version: number }).version++
  }

  let live = new type('Fido', { n: start })
  const { id } = live
  const history: DomainEvent[] = [...live.pendingEvents]
  let saved = 0
  const save = async () => {
    const fresh = history.slice(saved)
    if (live.pendingEvents.length === fresh.length) await cached.save(live)
    else {
      live.collectEvents()
      await cached.save(...fresh)
    }
    saved = history.length
  }
  const snapshot = async () => {
    try {
      await cached.takeSnapshot(type, id)
      seen.snapshots++
    } catch (error) {
      if (!(error instanceof InvalidPayloadError) && !(error instanceof TypeError)) throw error
      seen.noSnapshot++
    }
  }

  for (const each of steps) {
    if (each.does === 'call') {
      const how = perform(made, live, each)
      if (how === 'done') {
        history.push(live.pendingEvents.at(-1) as DomainEvent)
        agree(each)
      } else if (how === 'doubt') {
        seen.doubts++
        live = type.replay(history) as Self
      }
    } else {
      await save()
      if (each.does === 'snapshot') await snapshot()
      if (each.does === 'load') live = (await cached.repository.get(type, id)) as Self
      if (each.does === 'load without cache') live = (await uncached.repository.get(type, id)) as Self
    }
    same(`the aggregate after ${JSON.stringify(each)}`, look(live), look(truth))
  }
  await save()

  const load = (app: Application) => app.repository.get(type, id) as Promise<Self>
  const others: [string, Self][] = [
    ['the live one', live],
    ['a replay', type.replay(history) as Self],
    ['one from the cache', await load(cached)],
    ['another one from the cache', await load(cached)],
    ['one without a cache', await load(uncached)],
  ]
  await snapshot()
  others.push(['one after a snapshot', await load(open(0))], ['a cached one after a snapshot', await load(cached)])
  for (const [what, other] of others) {
    same(what, look(other), look(truth))
    if (!other.equals(live)) throw new Error(`${what} does not equal the live one`)
  }
  const middle = Math.ceil(history.length / 2)
  const then = (await cached.repository.get(type, id, { version: middle })) as Self
  same('a former version', look(then), look(type.replay(history.slice(0, middle))))

  // What looks alike must go on alike.
  let going = others
  for (const each of after) {
    const how = going.map(([, other]) => perform(made, other, each))
    going = going.filter((_, i) => how[i] !== 'doubt')
    if (each.fails === '' && made.methods[each.method % made.methods.length] !== made.lost) agree(each)
    for (const [what, other] of going) same(`${what} after ${JSON.stringify(each)}`, look(other), look(truth))
  }
}

const long = process.env.DOG_SCHOOL_LONG === '1'

t.test('live, replayed, cached, loaded, from a snapshot, after refusals: one truth', async (t) => {
  const seed = Number(process.env.DOG_SCHOOL_SEED ?? Date.now() % 2 ** 31)
  t.comment(`seed ${seed}`)
  const property = fc.asyncProperty(
    shape,
    fc.nat(4),
    fc.array(step, { maxLength: 40, size: 'max' }),
    fc.array(call, { minLength: 4, maxLength: 8 }),
    check,
  )
  const result = await fc.check(property, { seed, numRuns: long ? 3000 : 300, endOnFailure: false })
  if (result.failed)
    t.comment(`${fc.defaultReportMessage(result)}\n${(result.errorInstance as Error | undefined)?.stack}`)
  t.notOk(result.failed, `no counterexample (DOG_SCHOOL_SEED=${seed})`)
  t.comment(JSON.stringify(seen))
  for (const [what, count] of Object.entries(seen)) t.ok(count > 20, `the runs saw ${what}`)
})
