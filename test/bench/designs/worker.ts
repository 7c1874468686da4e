/** A process that appends for a while, and says how many events: `worker.ts url design writers milliseconds`. */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { designs } from './designs'

const [url = '', name, writers, milliseconds] = process.argv.slice(2)
const design = designs.find((each) => each.name === name)!

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

async function work(): Promise<void> {
  const shared = await design.shared?.(url, connect)
  const appends = await Promise.all(
    Array.from({ length: Number(writers) }, async () => design.writer(await connect(), shared)),
  )
  process.once('disconnect', () => process.exit())
  const told = new Promise((go) => process.once('message', go))
  process.send!(0)
  await told
  const until = performance.now() + Number(milliseconds)
  let count = 0
  await Promise.all(
    appends.map(async (append) => {
      const id = randomUUID()
      for (let version = 1; performance.now() < until; version++) {
        await append(id, version)
        count++
      }
    }),
  )
  process.send!(count)
}

void work()
