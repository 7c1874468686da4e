/** The dog school exists twice, as an aggregate and as slices, with equal logs: row for row, whoever wrote which. */
import assert from 'node:assert/strict'
import { MemoryRecorder, type Recorder, setSources } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'
import { AggregateSchool, Dog, type School, SliceSchool } from './schools'

/** A command on one of the dogs so far, or on one that was never there. */
type Command = (school: School, dogs: string[]) => Promise<unknown>

const text = fc.oneof(fc.constantFrom('Fido', 'Buster', 'Zoë "Ω"'), fc.string({ unit: 'grapheme' }))
const trick = fc.constantFrom('sit', 'roll over', 'beg', 'fetch ball')
const dogOf = (dogs: readonly string[], n: number) => dogs[n % (dogs.length + 1)] ?? 'nobody'
const commands: fc.Arbitrary<Command> = fc.oneof(
  text.map(
    (name): Command =>
      async (school, dogs) =>
        void dogs.push(await school.registerDog(name)),
  ),
  fc.tuple(fc.nat(4), trick, text).map(
    ([n, trick, by]): Command =>
      (school, dogs) =>
        school.addTrick(dogOf(dogs, n), trick, by),
  ),
  fc.tuple(fc.nat(4), text, fc.option(text, { nil: undefined })).map(
    ([n, name, reason]): Command =>
      (school, dogs) =>
        school.rename(dogOf(dogs, n), name, reason),
  ),
)

/** What the commands came to, by a school for each of them, on one store. */
async function played(recorder: Recorder, script: readonly Command[], schoolFor: (i: number) => School) {
  let [time, ids] = [0, 0]
  const restore = setSources({ now: () => ++time, newId: () => `dog-${++ids}` })
  const dogs: string[] = []
  const outcomes: string[] = []
  try {
    for (const [i, command] of script.entries()) {
      time = i * 1000
      const school = schoolFor(i)
      await command(school, dogs).then(
        () => outcomes.push('done'),
        (error) => outcomes.push(error.code ?? error.message),
      )
    }
  } finally {
    restore()
  }
  return { outcomes, dogs, rows: await recorder.notifications({ tagged: true }) }
}

t.test('aggregates, slices and both in turns leave the same rows', async (t) => {
  let refused = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(commands, { maxLength: 25 }),
      fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
      async (script, turns) => {
        const recorders = [new MemoryRecorder(), new MemoryRecorder(), new MemoryRecorder()] as const
        const [one, two] = [new AggregateSchool(recorders[0]), new SliceSchool(recorders[1])]
        const mixed = [new AggregateSchool(recorders[2]), new SliceSchool(recorders[2])] as const
        const byAggregates = await played(recorders[0], script, () => one)
        const bySlices = await played(recorders[1], script, () => two)
        const byBoth = await played(recorders[2], script, (i) => mixed[Number(turns[i])] as School)
        assert.deepEqual(bySlices, byAggregates)
        assert.deepEqual(byBoth, byAggregates)
        refused += byAggregates.outcomes.filter((outcome) => outcome !== 'done').length
        for (const id of byBoth.dogs) {
          const [mine, theirs] = [await one.repository.get(Dog, id), await mixed[1].repository.get(Dog, id)]
          assert.ok(mine.equals(theirs))
        }
        assert.deepEqual(await mixed[0].verify(), [])
      },
    ),
    { numRuns: 60 },
  )
  t.ok(refused > 50, `${refused} commands were refused`)
})

t.test('in a file, too, with many of them at once', async (t) => {
  const recorder = sqlite(`${t.testdir()}/twice.db`)
  const schools = [new AggregateSchool(recorder), new SliceSchool(recorder)] as const
  const id = await schools[1].registerDog('Fido')
  const taught = await Promise.all(
    ['sit', 'beg', 'spin', 'bow', 'sit', 'beg', 'jump', 'roll'].map((trick, i) => {
      const school = schools[i % 2] as School
      return school
        .retry(() => school.addTrick(id, trick, 'Ann'), { attempts: 50, delay: 0 })
        .then(
          () => 1,
          ({ message }) => {
            assert.match(message, /already|enough/)
            return 0
          },
        )
    }),
  )
  t.equal(
    taught.reduce<number>((sum, one) => sum + one, 0),
    3,
  )
  const fido = await schools[0].repository.get(Dog, id)
  t.strictSame([fido.version, fido.tricks.length, new Set(fido.tricks).size], [4, 3, 3])
  await schools[0].close()
})
