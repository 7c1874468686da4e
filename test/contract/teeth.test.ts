/**
 * The contract has teeth: each recorder in the tables is broken on purpose, in one way, and the case that is meant for
 * it must notice. The table of an area is `teeth-<area>.ts`, its cases are in `src/testing/contract/<area>.ts`.
 */
import type { MemoryRecorder } from 'dog-school'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import type { Broken } from './broken'
import { another, kept, reopen, shared } from './kept'
import { appending } from './teeth-appending'
import { boundaries } from './teeth-boundaries'
import { following } from './teeth-following'
import { racing } from './teeth-racing'
import { reading } from './teeth-reading'
import { restarting } from './teeth-restarting'
import { sharing } from './teeth-sharing'
import { views } from './teeth-views'

const broken: readonly Broken[] = [
  ...appending,
  ...racing,
  ...reading,
  ...following,
  ...boundaries,
  ...views,
  ...restarting,
  ...sharing,
]

/** Runs this one case. What must happen soon happens in microtasks here, so no time limit is too short. */
async function passes(name: string, open: () => MemoryRecorder): Promise<boolean> {
  const wanted = recorderContract(open, { patience: 20, reopen, another }).find((each) => each.name === name)
  if (!wanted) throw new Error(`there is no such case: ${name}`)
  return wanted.run().then(
    () => true,
    () => false,
  )
}

for (const [what, noticedBy, make] of broken)
  t.test(`notices a recorder that ${what}`, async (t) => t.notOk(await passes(noticedBy, make)))

t.test('a right recorder passes', async (t) => {
  // The others are in the test of the memory recorder.
  for (const name of new Set(restarting.map(([, noticedBy]) => noticedBy))) t.ok(await passes(name, kept), name)
  for (const name of new Set(sharing.map(([, noticedBy]) => noticedBy))) t.ok(await passes(name, shared), name)
})

t.test('each case notices a recorder', async (t) => {
  const noticing = new Set(broken.map(([, noticedBy]) => noticedBy))
  const idle = recorderContract(kept, { reopen, another }).filter(({ name }) => !noticing.has(name))
  t.strictSame(
    idle.map(({ name }) => name),
    [],
  )
})
