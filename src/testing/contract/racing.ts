/** Several writers at once: exactly one wins each version, and writers of other versions succeed. */
import { cases } from './cases'
import { about, fido, joined } from './courses'
import { row, rows, versions } from './rows'

const outcomes = async (appends: Promise<number[]>[]) => {
  const settled = await Promise.allSettled(appends)
  return {
    won: settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])),
    lost: settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : [])),
  }
}

export const racing = cases({
  'lets exactly one of fifty writers of one version win': async (t, recorder) => {
    await recorder.append([row('fido', 1)])
    const { won, lost } = await outcomes(
      Array.from({ length: 50 }, (_, i) => recorder.append([row('fido', 2, `{"i":${i}}`)])),
    )
    t.equal(won.length, 1)
    t.strictSame(lost, Array(49).fill('VERSION_CONFLICT'))
    t.strictSame(versions(await recorder.select('fido')), [1, 2])
    t.strictSame(
      (await recorder.notifications({ start: 2 })).map(({ id }) => id),
      won,
    )
  },

  'lets fifty writers of fifty aggregates all win': async (t, recorder) => {
    const { won, lost } = await outcomes(Array.from({ length: 50 }, (_, i) => recorder.append(rows(`dog ${i}`, 1, 2))))
    t.strictSame(lost, [])
    t.equal(new Set(won).size, 100)
    t.strictSame(
      (await recorder.notifications()).map(({ id }) => id),
      won.sort((a, b) => a - b),
    )
  },

  'keeps the events of one batch together, whatever others write': async (t, recorder) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => recorder.append(rows(`dog ${i}`, 1, 3))))
    const ids = (await recorder.notifications()).map(({ aggregateId }) => aggregateId)
    for (let i = 0; i < ids.length; i += 3) t.equal(new Set(ids.slice(i, i + 3)).size, 1)
  },

  'takes the next version while the one before it is still being recorded': async (t, recorder) => {
    const { lost } = await outcomes(Array.from({ length: 10 }, (_, i) => recorder.append([row('fido', i + 1)])))
    t.strictSame(lost, [])
    t.strictSame(versions(await recorder.select('fido')), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  },

  'never uses a position twice, even if appends fail in between': async (t, recorder) => {
    const first = await recorder.append([row('fido', 1)])
    await t.rejects(recorder.append([row('rex', 1), row('fido', 1)]), { code: 'VERSION_CONFLICT' })
    const second = await recorder.append([row('rex', 1)])
    t.ok((second[0] as number) > (first[0] as number))
    t.equal((await recorder.notifications()).length, 2)
  },

  'records good appends even if others fail at the same time, for whatever reason': async (t, recorder) => {
    await recorder.append([about(joined, ...fido)])
    const failIfEventsMatch = [{ tags: fido }]
    const tracking = { applicationName: 'kennel', notificationId: 1 }
    const { won, lost } = await outcomes([
      recorder.append([row('fido', 1)]),
      recorder.append([row('rex', 1), row('fido', 7)]),
      recorder.append([row('rex', 1)]),
      recorder.append([row('luna', 1)], { failIfEventsMatch }),
      recorder.append([row('luna', 1)], { tracking }),
      recorder.append([row('bella', 1)], { tracking }),
      recorder.append([row('rex', 1), row('bella', 1)]),
      recorder.append([row('bella', 1)]),
    ])
    t.equal(won.length, 4)
    t.strictSame(lost, ['VERSION_GAP', 'BOUNDARY_CONFLICT', 'TRACKING_CONFLICT', 'VERSION_CONFLICT'])
    t.equal(await recorder.maxNotificationId(), Math.max(...won))
  },
})
