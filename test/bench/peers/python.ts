/** The Python library, where it is installed: it is timed in a process of its own, without what reaching it from here takes. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Kind, Peer } from './peer'

const run = promisify(execFile)
const kinds: readonly Kind[] = ['writers', 'streams', 'command', 'condition', 'memory', 'start']

export const python: Peer = {
  name: 'the Python library',
  group: 'durable in a file',
  packages: [],
  async open(at) {
    await run('python3', ['-c', 'import eventsourcing']).catch(() => {
      throw new Error('it is not installed: python3 -m pip install eventsourcing')
    })
    const elsewhere = async () => {
      throw new Error('it is timed elsewhere')
    }
    return {
      append: elsewhere,
      read: elsewhere,
      async timed(kind, count) {
        const { stdout } = await run('python3', [join(__dirname, 'python.py'), at, kind, `${count}`])
        const [seconds, done] = stdout.trim().split(' ').map(Number)
        if (done !== count) throw new Error(`it did ${done} of ${count}`)
        return seconds!
      },
      unmeasured: Object.fromEntries(kinds.map((kind) => [kind, 'it is not timed at this: see peers/python.py'])),
      close: async () => {},
    }
  },
}
