/**
 * A process, or a thread, that does with a database what it is told, a line at a time: `open`, `append fido 2`,
 * `close`, `lock` (what is in it). Each is answered with a line of JSON: what came of it, or the error.
 *
 * `node run.cjs remote.ts FILE [deaf]`; one that is deaf knows nothing of sockets.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'
import { stored } from './stored'

const [file = '', hearing] = process.argv.slice(3)
const { listen: _, isListening: __, ...deaf } = nodeDisk
const disk: Disk = hearing === 'deaf' ? deaf : nodeDisk

async function main(): Promise<void> {
  let school = sqlite(file, { disk })
  const orders: Record<string, (...words: string[]) => Promise<unknown>> = {
    async open() {
      school = sqlite(file, { disk })
      await school.open()
    },
    append: (id, version) => school.append([stored(id!, Number(version))]),
    close: () => school.close(),
    lock: async () => readFileSync(`${file}.dog-school-lock`, 'utf8'),
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const [order = '', ...words] = line.split(' ')
    const answer = await orders[order]!(...words).then(
      (value) => ({ value: value ?? null }),
      ({ code, message }) => ({ code, message }),
    )
    process.stdout.write(`${JSON.stringify({ ...answer, pid: process.pid })}\n`)
  }
}

void main()
