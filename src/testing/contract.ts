/**
 * The promises of port/recorder.ts, as one suite that every recorder passes, whatever runs the tests.
 *
 * Each file of `contract/` has the cases of one area, and a new case goes there. The tests show that each of them
 * notices a recorder that is broken on purpose: a case that cannot fail is none.
 */
import type { Recorder } from '../port/recorder'
import { Check } from './check'
import { appending } from './contract/appending'
import { boundaries } from './contract/boundaries'
import type { Cases } from './contract/cases'
import { following } from './contract/following'
import { querying } from './contract/querying'
import { racing } from './contract/racing'
import { reading } from './contract/reading'
import { restarting } from './contract/restarting'
import { sharing } from './contract/sharing'
import { viewRows } from './contract/view-rows'
import { views } from './contract/views'
import { show } from './show'

/** The cases of every recorder, by their names. */
const contract: Cases = {
  ...appending,
  ...racing,
  ...reading,
  ...following,
  ...querying,
  ...boundaries,
  ...views,
  ...viewRows,
}

export interface ContractCase {
  /** A sentence about recorders: 'keeps all of a batch or none of it'. */
  readonly name: string
  /** Opens a recorder, tries the case, and closes it. Rejects with the first assertion that failed. */
  readonly run: () => Promise<void>
}

export interface ContractOptions<R extends Recorder> {
  /** How many milliseconds something that must happen may take; 4,000 by default. */
  readonly patience?: number | undefined
  /** Opens what a recorder has kept, after it was closed. Without it, the cases of that are left out. */
  readonly reopen?: ((closed: R) => Recorder | Promise<Recorder>) | undefined
  /** Opens another recorder on the store of one that is open. Without it, the cases of shared stores are left out. */
  readonly another?: ((open: R) => Recorder | Promise<Recorder>) | undefined
}

/**
 * The cases that a recorder must pass: `for (const { name, run } of recorderContract(open)) test(name, run)`. The idea of
 * a suite as part of the product is from Level's abstract-level.
 *
 * @param open returns a recorder without events, another one at each call
 */
export function recorderContract<R extends Recorder>(
  open: () => R | Promise<R>,
  options: ContractOptions<R> = {},
): ContractCase[] {
  const opened = new WeakSet<Recorder>()
  const fresh = async (): Promise<R> => {
    const recorder = await open()
    await mustBeFresh(recorder, opened)
    opened.add(recorder)
    return recorder
  }
  const all = { ...contract, ...(options.another && sharing), ...(options.reopen && restarting) }
  return Object.entries(all).map(([name, check]) => ({ name, run: () => runCase(check, fresh, options) }))
}

/** A mistake in open() would look like a fault of the recorder. */
async function mustBeFresh(recorder: Recorder, opened: WeakSet<Recorder>): Promise<void> {
  if (typeof Object(recorder).append !== 'function')
    throw new TypeError(`open() must return a recorder, not ${show(recorder)}`)
  if (opened.has(recorder))
    throw new TypeError(
      'open() must return another recorder at each call: make it in there, because each case closes its own',
    )
  const events = await recorder.notifications({ limit: 1 })
  if (events.length === 0) return
  await recorder.close()
  throw new TypeError(
    'open() must return a recorder without events: give each one a store of its own, a new file for example',
  )
}

async function runCase<R extends Recorder>(
  check: Cases[string],
  open: () => Promise<R>,
  { patience = 4_000, reopen, another }: ContractOptions<R>,
): Promise<void> {
  const first = await open()
  const opened: Recorder[] = [first]
  const kept = async (recorder: Recorder | Promise<Recorder> | undefined): Promise<Recorder> => {
    const its = (await recorder) ?? first
    opened.push(its)
    return its
  }
  const t = new Check(patience)
  const attempt = (work: () => Promise<void>) => work().catch((error) => void t.failures.push(error))
  await attempt(() =>
    check(
      t,
      first,
      async () => {
        await first.close()
        return kept(reopen?.(first))
      },
      () => kept(another?.(first)),
    ),
  )
  for (const recorder of opened.reverse()) await attempt(() => recorder.close())
  if (t.failures.length > 0) throw t.failures[0]
}
