/** The PostgreSQL recorder keeps the contract of all recorders. */
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { places } from './one-connection'
import { pythonTables, versions } from './python-tables'

for (const [place, open] of Object.entries(places))
  t.test(`on ${place}`, async (t) => {
    const connection = await open(t)
    const { empty, another } = connection
    const cases = recorderContract(empty, { reopen: () => another(), another: () => another() })
    for (const { name, run } of cases) await t.test(name, run)

    for (const [name, version] of Object.entries(versions))
      await t.test(`shares tables with the Python library, ${name}`, (t) => pythonTables(t, connection, version))
  })
