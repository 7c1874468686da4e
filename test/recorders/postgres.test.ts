/** The PostgreSQL recorder keeps the contract of all recorders. */
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { database, skip } from './postgres-server'

t.test('on a server', { skip }, async (t) => {
  const { empty } = await database(t)
  for (const { name, run } of recorderContract(empty)) await t.test(name, run)
})
