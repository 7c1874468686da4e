import { Aggregate, Application, event } from 'dog-school'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

class DogSchool extends Application {}

/** A school with one dog of three events on a real file, one of whose rows somebody has changed. */
async function tampered(t: Test, sql: string): Promise<{ school: DogSchool; id: string; recorder: SqliteRecorder }> {
  const recorder = sqlite(`${t.testdir()}/a.db`)
  const dog = new Dog('Fido')
  dog.addTrick('roll over')
  dog.addTrick('play dead')
  const first = new DogSchool(recorder)
  await first.save(dog)
  await recorder.query(sql, { write: true })
  return { school: new DogSchool(recorder), id: dog.id, recorder }
}

const update = (column: string, value: string) =>
  `UPDATE stored_events SET ${column} = ${value} WHERE originator_version = 2`
const stamp = '"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"}'

const broken: [what: string, sql: string, code: string, message: RegExp][] = [
  ['JSON that ends too soon', update('state', `CAST('{"timestamp":' AS BLOB)`), 'CORRUPT_EVENT', /^Version 2 of /],
  ['bytes that are no text', update('state', "x'7bff00fe'"), 'CORRUPT_EVENT', /^Version 2 of /],
  ['no state at all', update('state', 'NULL'), 'CORRUPT_EVENT', /^Version 2 of /],
  ['an empty state', update('state', "x''"), 'CORRUPT_EVENT', /^Version 2 of /],
  ['no timestamp', update('state', `CAST('{"trick":"sit"}' AS BLOB)`), 'CORRUPT_EVENT', /^Version 2 of .*timestamp/],
  ['a missing field', update('state', `CAST('{${stamp}}' AS BLOB)`), 'CORRUPT_EVENT', /^Version 2 of .*trick/],
  ['an unknown event', update('topic', "'dogschool:Dog.Barked'"), 'UNKNOWN_TOPIC', /^Version 2 of .*Barked/],
  ['an unknown class', update('topic', "'dogschool:Cat.TrickAdded'"), 'UNKNOWN_TOPIC', /^Version 2 of .*Cat/],
  ['a topic of no form', update('topic', "'Dog'"), 'UNKNOWN_TOPIC', /^Version 2 of /],
  [
    'a version gap',
    'DELETE FROM stored_events WHERE originator_version = 2',
    'CORRUPT_EVENT',
    /^Version 2 of .* missing/,
  ],
]

for (const [what, sql, code, message] of broken)
  t.test(`${what}: an error that names the row, and a file that stays as it is`, async (t) => {
    const { school, id, recorder } = await tampered(t, sql)
    const before = Buffer.from(await recorder.bytes())
    await t.rejects(school.repository.get(Dog, id), { code, message })
    t.ok(before.equals(await recorder.bytes()))
    await school.close()
  })

t.test('names of every kind survive the file', async (t) => {
  const file = `${t.testdir()}/a.db`
  const names = ['', `O'Malley "the" \`dog\``, 'two\nlines', '🐕 Ünï', 'x'.repeat(1_000_000), '\0', '\ud800', '\\u0041']
  const school = new DogSchool(sqlite(file))
  const dogs = names.map((name) => new Dog(name))
  await school.save(...dogs)
  await school.close()
  const again = new DogSchool(sqlite(file))
  for (const [at, { id }] of dogs.entries())
    t.ok((await again.repository.get(Dog, id)).name === names[at], `name ${at}`)
  await again.close()
})

t.test('a state that Python wrote as text is read as well', async (t) => {
  const { school, id } = await tampered(t, update('state', 'CAST(state AS TEXT)'))
  t.same((await school.repository.get(Dog, id)).tricks, ['roll over', 'play dead'])
  await school.close()
})
