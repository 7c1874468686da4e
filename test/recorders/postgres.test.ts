/** The PostgreSQL recorder keeps the contract of all recorders. */
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { places } from './one-connection'

for (const [place, open] of Object.entries(places))
  t.test(`on ${place}`, async (t) => {
    const { empty } = await open(t)
    for (const { name, run } of recorderContract(empty)) await t.test(name, run)
  })
