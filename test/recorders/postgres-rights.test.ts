/** Users who may not do everything: the rights that the README lists are enough, and what is missing is said. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { step } from '../../src/testing/contract/view-steps'
import { database, serverUrl, skip, sql } from './postgres-server'

const page = readFileSync(join(__dirname, '..', '..', 'src', 'recorders', 'README.md'), 'utf8')
const grants = page.match(/(?<=^```sql\n).*?(?=^```$)/ms)?.[0] ?? ''

t.test('what a user may do', { skip }, async (t) => {
  const { url } = await database(t)
  const [writer, reader, stranger] = ['writer', 'reader', 'stranger'].map((each) => `${each}_${process.pid}`)
  for (const user of [writer, reader, stranger]) await sql(serverUrl, `CREATE ROLE ${user}`)
  t.teardown(() => sql(serverUrl, `DROP ROLE ${writer}, ${reader}, ${stranger}`))
  t.teardown(() => sql(url, `DROP OWNED BY ${writer}, ${reader}, ${stranger}`))
  const as = (user: string | undefined, schema = 'kennel') =>
    postgres(`${url}?options=-c%20role%3D${user}`, { schema, poll: 600_000 })

  const owner = postgres(url, { schema: 'kennel' })
  await owner.append([{ ...row('fido', 1), tags: ['dog:fido'] }], {
    tracking: { applicationName: 'vet', notificationId: 3 },
  })
  await owner.close()
  await sql(url, grants.replace(/\bwriter\b/g, String(writer)).replace(/\breader\b/g, String(reader)))

  await t.test('who records', async (t) => {
    const store = as(writer)
    const tracking = { applicationName: 'vet', notificationId: 4 }
    const failIfEventsMatch = [{ tags: ['dog:fido'] }]
    t.equal((await store.append([{ ...row('fido', 2), tags: ['dog:fido'] }], { tracking })).length, 1)
    await t.rejects(store.append([row('fido', 3)], { failIfEventsMatch, after: 1 }), { code: 'BOUNDARY_CONFLICT' })
    await store.saveSnapshot(row('fido', 2))
    await store.saveView(step(0, 1, [['sit', '1']]))
    await store.saveView(step(1, 2, [['sit', undefined]]))
    await store.swapView('tricks', 'others')
    await store.dropView('others')
    await store.close()
  })

  await t.test('who reads', async (t) => {
    const store = as(reader)
    t.equal((await store.notifications({ tagged: true })).length, 2)
    t.equal((await store.read([{ tags: ['dog:fido'] }])).length, 2)
    t.equal((await store.select('fido')).length, 2)
    t.equal((await store.snapshot('fido'))?.version, 2)
    t.equal(await store.maxTrackingId('vet'), 4)
    t.equal(await store.viewState('tricks'), undefined)
    await new Promise<void>((woken) => void store.watch(woken))
    const refused = { code: 'READ_ONLY', message: /permission denied .*: GRANT/ }
    await t.rejects(store.append([row('fido', 3)]), refused)
    await t.rejects(store.saveSnapshot(row('fido', 2)), refused)
    await t.rejects(store.saveView(step(0, 1)), refused)
    t.equal((await store.notifications()).length, 2)
    await store.close()
  })

  await t.test('who may do nothing', async (t) => {
    for (const schema of ['kennel', 'another', 'public']) {
      const store = as(stranger, schema)
      const said = schema === 'kennel' ? /for schema kennel\. .* GRANT USAGE ON SCHEMA, and SELECT/ : /GRANT/
      await t.rejects(store.notifications(), { code: 'READ_ONLY', message: said }, schema)
      await store.close()
    }
  })
})
