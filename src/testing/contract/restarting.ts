/** A store that is closed and opened again: everything is there, and it goes on where it was. */
import { cases } from './cases'
import { about, fido, joined } from './courses'
import { everything } from './everything'
import { row, rows } from './rows'
import { step } from './view-steps'

export const restarting = cases({
  'has everything when it is closed and opened again, and goes on from there': async (t, recorder, reopen) => {
    const bytes = { ...row('fido', 2), state: Uint8Array.of(0, 255, 10) }
    await recorder.append([row('fido', 1), bytes, about(joined, ...fido, 'course:sit')])
    await recorder.append([], { tracking: { applicationName: 'kennel', notificationId: 7 } })
    await recorder.saveSnapshot(row('fido', 2))
    await recorder.saveView(
      step(0, 3, [
        ['sit', '1'],
        ['beg', Uint8Array.of(1)],
      ]),
    )
    const before = await everything(recorder)
    const again = await reopen()
    t.strictSame(await everything(again), before)
    await t.rejects(again.append([row('fido', 2)]), { code: 'VERSION_CONFLICT' })
    await t.rejects(again.append([], { failIfEventsMatch: [{ tags: fido }] }), { code: 'BOUNDARY_CONFLICT' })
    await t.rejects(again.saveView(step(0, 3)), { code: 'VIEW_CONFLICT' })
    const tracking = { applicationName: 'kennel', notificationId: 7 }
    await t.rejects(again.append([], { tracking }), { code: 'TRACKING_CONFLICT' })
    const [position] = await again.append([row('fido', 3)])
    t.ok((position as number) > before.max, 'the next position is a new one')
    t.equal((await again.select('fido', { as: 'bytes' })).length, 3)
  },

  'has what was acknowledged, and nothing else, when it is closed meanwhile': async (t, recorder, reopen) => {
    const appends = Array.from({ length: 10 }, (_, i) => recorder.append(rows(`dog ${i}`, 1, 2)))
    const settled = Promise.allSettled(appends)
    const again = await reopen()
    const acknowledged = (await settled).flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    t.strictSame(
      (await again.notifications()).map(({ id }) => id),
      acknowledged,
    )
  },
})
