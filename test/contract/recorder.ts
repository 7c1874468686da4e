/**
 * The promises of `src/recorder.ts`, as one suite that every recorder passes. `open` returns a new, empty one.
 * `teeth.test.ts` shows that the suite notices recorders that are broken on purpose.
 */
import type { Recorder } from 'dog-school'
import type { Test } from 'tap'
import { appending } from './appending'
import type { Cases } from './cases'
import { following } from './following'
import { racing } from './racing'
import { reading } from './reading'

export const contract: Cases = { ...appending, ...racing, ...reading, ...following }

export async function recorderContract(t: Test, open: () => Recorder | Promise<Recorder>): Promise<void> {
  for (const [name, check] of Object.entries(contract))
    await t.test(name, async (t) => {
      const recorder = await open()
      t.teardown(() => recorder.close())
      await check(t, recorder)
    })
}
