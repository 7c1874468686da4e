/** The PostgreSQL recorder keeps the contract of all recorders. */
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { places } from './one-connection'

for (const [place, open] of Object.entries(places))
  t.test(`on ${place}`, async (t) => {
    const { empty, another } = await open(t)
    const cases = recorderContract(empty, { reopen: () => another(), another: () => another() })
    for (const { name, run } of cases) await t.test(name, run)
  })
