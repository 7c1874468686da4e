/** Slices decide on personal fields as aggregates do, and find who was forgotten as forgotten. */
import { Application, boundary, defineEvent, defineSlice, MemoryRecorder } from 'dog-school'
import { SubjectKeys } from 'dog-school/encryption'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { z } from 'zod'
import { born, Dog, kennel, Registered, subjectOf } from './people'

const Enrolled = defineEvent('Enrolled', z.object({ student: z.string(), name: z.string() }), {
  tags: ({ student }) => [`student:${student}`],
  personal: { subject: ({ student }) => student, fields: ['name'] },
})
const nameOf = (student: string) => boundary('', `student:${student}`).on(Enrolled, (_, { payload }) => payload.name)
const enrol = defineSlice({
  boundary: ({ student }: { student: string; name: string }) => ({ known: nameOf(student) }),
  decide: ({ known }, { student, name }) => (known === name ? [] : Enrolled.of({ student, name })),
})

for (const [where, open] of Object.entries({ memory: () => new MemoryRecorder(), SQLite: () => sqlite(':memory:') }))
  t.test(where, async (t) => {
    const keys = new SubjectKeys()
    const school = new Application(open(), { name: 'school', keys })
    await enrol.run(school, { student: 's1', name: 'Ann Abbott' })
    await enrol.run(school, { student: 's2', name: 'Bob Brown' })
    await enrol.run(school, { student: 's1', name: 'Ann Abbott' })
    const names = async () => (await school.notificationLog.select()).map(({ payload }) => payload.name)
    t.strictSame(await names(), ['Ann Abbott', 'Bob Brown'], 'it has decided on the name')
    const rows = await school.recorder.notifications({ tagged: true })
    t.notMatch(JSON.stringify(rows), /Abbott|Brown/)
    keys.forget('s1')
    t.strictSame(await names(), ['forgotten', 'Bob Brown'])
    t.strictSame(await school.recorder.notifications({ tagged: true }), rows)
    await t.rejects(enrol.run(school, { student: 's1', name: 'Ann Abbott' }), { code: 'FORGOTTEN' })
    t.strictSame(await enrol.run(school, { student: 's1', name: 'forgotten' }), [], 'it decides on what is read')
    t.strictSame(await school.verify(), [])
    await school.close()
  })

t.test('what a slice records for a class, the class reads', async (t) => {
  const keys = new SubjectKeys()
  const school = kennel(undefined, { keys, aggregates: [Dog] })
  const register = defineSlice({
    boundary: (_: { owner: string }) => ({ all: boundary(0).on(Registered, (count) => count + 1) }),
    decide: (_, { owner }) => Registered.of({ name: 'Fido', owner, born }),
  })
  const [event] = await register.run(school, { owner: 'Ann' })
  const id = event?.aggregateId ?? ''
  t.equal((await school.repository.get(Dog, id)).owner, 'Ann')
  keys.forget(subjectOf(id))
  t.equal((await school.repository.get(Dog, id)).owner, 'forgotten')
})
