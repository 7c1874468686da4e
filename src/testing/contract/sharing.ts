/** Several recorders on one store, as programs have them that share a server: they are one log. */
import type { EventQuery } from '../../port/query'
import type { AppendOptions, Recorder, StoredEvent } from '../../port/recorder'
import { cases } from './cases'
import { about, conflict, fido, joined } from './courses'
import { everything } from './everything'
import { row, rows, versions } from './rows'
import { step } from './view-steps'

/** How many of these append: the others must be refused with this code. */
async function winners(appends: readonly Promise<unknown>[], code: string): Promise<number | string> {
  const settled = await Promise.allSettled(appends)
  const others = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  return others.find((error) => error?.code !== code) ?? settled.length - others.length
}

/** The same append, by each of them at once. */
const byEach = (recorders: readonly Recorder[], events: readonly StoredEvent[], options?: AppendOptions) =>
  recorders.map((recorder) => recorder.append(events, options))

export const sharing = cases({
  'is one store for all recorders that are opened on it': async (t, recorder, _, another) => {
    const other = await another()
    await recorder.append([row('fido', 1), about(joined, ...fido)])
    await other.append([row('fido', 2)], { tracking: { applicationName: 'kennel', notificationId: 7 } })
    await recorder.saveSnapshot(row('fido', 2))
    await other.saveView(step(0, 3, [['sit', '1']]))
    t.strictSame(await everything(other), await everything(recorder))
    t.strictSame(versions(await recorder.select('fido')), [1, 2])
    t.equal(await recorder.maxTrackingId('kennel'), 7)
  },

  'lets one of two recorders win each version': async (t, recorder, _, another) => {
    const other = await another()
    for (let version = 1; version <= 10; version++) {
      const order = version % 2 ? [recorder, other, other] : [other, recorder, recorder]
      t.equal(await winners(byEach(order, [row('fido', version)]), 'VERSION_CONFLICT'), 1)
    }
    t.strictSame(versions(await other.select('fido')), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  },

  'refuses only those of many callers for whom another recorder was faster': async (t, recorder, _, another) => {
    const other = await another()
    const names = Array.from({ length: 20 }, (_, at) => `dog ${at}`)
    const append = (to: Recorder, which: (at: number) => boolean) =>
      names.filter((_, at) => which(at)).map((name) => to.append([row(name, 1)]))
    // Every fourth is wanted by both.
    const appends = [...append(recorder, (at) => at % 4 < 2), ...append(other, (at) => at % 4 !== 1)]
    t.equal(await winners(appends, 'VERSION_CONFLICT'), 20)
    t.equal((await recorder.notifications()).length, 20)
  },

  'shows followers what other recorders record, in one order and without a gap': async (t, recorder, _, another) => {
    const others = [await another(), await another()]
    const written: number[] = []
    const seen: number[] = []
    /** Reads on where it was. */
    const look = async () => {
      const found = await recorder.notifications({ start: (seen.at(-1) ?? 0) + 1, limit: 5 })
      seen.push(...found.map(({ id }) => id))
      return found.length > 0
    }
    for (let at = 0; at < 10; at++) {
      const appends = others.map((other, who) => other.append(rows(`dog ${who} ${at}`, 1, 3)))
      await look()
      written.push(...(await Promise.all(appends)).flat())
    }
    while (await look());
    t.strictSame(
      seen,
      written.sort((a, b) => a - b),
    )
  },

  'wakes those who watch another recorder': async (t, recorder, _, another) => {
    const other = await another()
    let heard = () => {}
    const leave = other.watch(() => heard())
    for (let version = 1; version <= 3; version++) {
      const found = new Promise<void>((resolve) => {
        heard = async () => (await other.maxNotificationId()) === version && resolve()
      })
      await recorder.append([row('fido', version)])
      await t.happens(found, 'it is woken, and finds what is new')
    }
    leave()
  },

  'holds boundaries against what other recorders record': async (t, recorder, _, another) => {
    const other = await another()
    const failIfEventsMatch: EventQuery = [{ tags: fido }]
    for (let after = 0; after < 5; after++) {
      const order = after % 2 ? [recorder, other, other] : [other, recorder, recorder]
      t.equal(await winners(byEach(order, [about(joined, ...fido)], { failIfEventsMatch, after }), conflict.code), 1)
    }
    const [position] = await recorder.append([{ ...row('rex', 1), tags: fido }])
    await t.rejects(other.append([row('luna', 1)], { failIfEventsMatch, after: (position as number) - 1 }), conflict)
    await other.append([row('luna', 1)], { failIfEventsMatch, after: position })
  },

  'tracks a notification once, whichever recorder processes it': async (t, recorder, _, another) => {
    const other = await another()
    for (let notificationId = 1; notificationId <= 5; notificationId++) {
      const order = notificationId % 2 ? [recorder, other] : [other, recorder]
      const tracking = { applicationName: 'kennel', notificationId }
      const appends = order.map((each, who) => each.append([row(`dog ${notificationId} ${who}`, 1)], { tracking }))
      t.equal(await winners(appends, 'TRACKING_CONFLICT'), 1)
    }
    t.equal((await other.notifications()).length, 5)
  },

  'takes a step of a view once, whichever recorder takes it': async (t, recorder, _, another) => {
    const other = await another()
    for (let after = 0; after < 5; after++) {
      const order = after % 2 ? [recorder, other] : [other, recorder]
      const steps = order.map((each, who) => each.saveView(step(after, after + 1, [[`${after} ${who}`, 'took it']])))
      t.equal(await winners(steps, 'VIEW_CONFLICT'), 1)
    }
    t.equal((await other.viewRows('tricks')).length, 5)
  },

  'goes on when other recorders are closed': async (t, recorder, _, another) => {
    const other = await another()
    await other.append([row('fido', 1)])
    await other.close()
    await recorder.append([row('fido', 2)])
    t.equal((await recorder.notifications()).length, 2)
    t.equal((await (await another()).notifications()).length, 2)
  },
})
