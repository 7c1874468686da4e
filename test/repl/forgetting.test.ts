/** At the prompt, whoever was forgotten reads as forgotten, in each command that shows what happened. */
import t from 'tap'
import { sit } from './sitting'

t.test('who is forgotten', async (t) => {
  const { shows, take } = await sit()
  await take(
    "import { SubjectKeys } from 'dog-school/encryption'",
    'const keys = new SubjectKeys()',
    "const Adopted = defineEvent('Adopted', ['owner'], { personal: { subject: (_, { aggregateId }) => aggregateId, fields: ['owner'] } })",
    "@event(Adopted) class Friend extends Aggregate { static override readonly topic = 'home:Friend'; constructor(readonly owner: string) { super() } }",
    "const home = new Application(school.recorder, { name: 'home', keys })",
    "const friend = new Friend('Ann Abbott')",
    'await home.save(friend)',
  )
  t.match(await shows('(await home.repository.get(Friend, friend.id)).owner'), /Ann Abbott/)
  t.match(await shows('keys.forget(friend.id)'), /true/)
  t.match(await shows('(await home.repository.get(Friend, friend.id)).owner'), /forgotten/)
  t.match(await shows('(await home.repository.history(friend.id)).map(({ payload }) => payload)'), /owner: 'forgotten'/)
  const events = await shows('.events')
  t.match(events, /Adopted.*forgotten/)
  t.notMatch(events, /Abbott/)
  t.notMatch(await shows('.sql SELECT CAST(state AS TEXT) FROM stored_events'), /Abbott/)
})
