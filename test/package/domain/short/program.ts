/** Writes a dog into a database file, or says what it finds in some. Copied beside each form of the domain. */
import { sqlite } from 'dog-school/sqlite'
import { Kennel } from './kennel.js'

async function write(file: string): Promise<object> {
  const kennel = new Kennel(sqlite(file))
  const id = await kennel.take('Fido', 'collie')
  await kennel.moveOn(id, 'Faro')
  const state = await kennel.look(id)
  await kennel.close()
  return state
}

async function read(file: string): Promise<object> {
  const kennel = new Kennel(sqlite(file, { readOnly: true }))
  try {
    const log = await kennel.notificationLog.select()
    return {
      state: await kennel.look(log[0]?.aggregateId ?? ''),
      log: log.map(({ topic, payload }) => [topic, payload]),
    }
  } catch (error) {
    return { error: `${error}` }
  } finally {
    await kennel.close()
  }
}

/** `write FILE`, `read FILE…`, or one after the other. */
async function main(words: readonly string[]): Promise<void> {
  const answers: object[] = []
  let work = read
  for (const word of words) {
    if (word === 'write') work = write
    else if (word === 'read') work = read
    else answers.push(await work(word))
  }
  console.log(JSON.stringify(answers))
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
