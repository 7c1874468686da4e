/** Measures a peer in a process that has done nothing else: `alone.ts module name group kind count at`. Says what it found to its parent. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { StoredEvent } from 'dog-school'
import { rowsOf } from '../dogs'
import { memory } from '../measure'
import type { Kind, Peer, Store } from './peer'

/** @param module whose `peers` has this one */
export async function alone(module: string, peer: Peer, at: string, kind: Kind, count: number): Promise<number> {
  const runner = join(__dirname, '../../../src/node/run.cjs')
  const child = fork(runner, [__filename, module, peer.name, peer.group, kind, `${count}`, at], {
    env: { ...process.env, DOG_SCHOOL_BUILT: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let [found, said]: [number | string | undefined, string] = [undefined, '']
  child.stderr!.on('data', (text) => (said += text))
  child.on('message', (message: number | string) => (found = message))
  await new Promise((resolve) => child.on('close', resolve))
  if (typeof found === 'number') return found
  throw new Error(found ?? `its process ended: ${said.trim().split('\n').at(-1)}`)
}

async function recorded(store: Store, events: number): Promise<readonly unknown[]> {
  const id = randomUUID()
  let batch: StoredEvent[] = []
  for (const row of rowsOf(id, events)) {
    batch.push(row)
    if (batch.length < 100) continue
    await store.append(batch)
    batch = []
  }
  const read = await store.read(id)
  if (read.length !== events) throw new Error(`events of a stream: ${read.length} in place of ${events}`)
  return read
}

const kinds: Partial<Record<Kind, (peer: Peer, at: string, count: number) => Promise<number>>> = {
  /** Milliseconds. */
  async start(peer, at) {
    const event = { ...[...rowsOf('fido', 1)][0]!, aggregateId: randomUUID() }
    const start = performance.now()
    const store = await peer.open(at)
    await store.append([event])
    return performance.now() - start
  },

  /** Bytes an event. */
  async memory(peer, at, count) {
    // A file that is read when it is opened would be in it.
    const store = await peer.open(peer.group === 'durable in a file' ? `${at}-${randomUUID()}` : at)
    // What is made once is made now.
    await recorded(store, 100)
    return (await memory('', count, () => recorded(store, count))).ours
  },
}

async function main([module, name, group, kind, count, at]: readonly string[]): Promise<void> {
  const { peers } = require(module!) as { readonly peers: readonly Peer[] }
  const peer = peers.find((each) => each.name === name && each.group === group)!
  const answer = await kinds[kind as Kind]!(peer, at!, Number(count)).catch(({ message }) => message)
  process.send!(answer, () => process.exit())
}

if (process.argv[1] === __filename) void main(process.argv.slice(2))
