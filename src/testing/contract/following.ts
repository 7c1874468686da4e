/** The log of all events, and followers that remember their position. */
import { show } from '../show'
import { cases } from './cases'
import { row, rows } from './rows'

const registered = 'kennel:Dog.Registered'

export const following = cases({
  'is empty at first': async (t, recorder) => {
    t.strictSame(await recorder.notifications(), [])
    t.equal(await recorder.maxNotificationId(), 0)
    t.equal(await recorder.maxTrackingId('kennel'), 0)
  },

  'numbers all events in the order in which they were recorded': async (t, recorder) => {
    await recorder.append([row('rex', 1)])
    await recorder.append([row('fido', 1), row('rex', 2)])
    const log = await recorder.notifications()
    t.strictSame(
      log.map(({ id, aggregateId, version }) => [id, aggregateId, version]),
      [
        [1, 'rex', 1],
        [2, 'fido', 1],
        [3, 'rex', 2],
      ],
    )
    t.strictSame(log[1], { id: 2, ...row('fido', 1) })
    t.equal(await recorder.maxNotificationId(), 3)
  },

  'selects by position: start, stop, limit, topics, and all of them together': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 4))
    await recorder.append(rows('rex', 1, 4))
    const select = async (query: Parameters<typeof recorder.notifications>[0]) =>
      (await recorder.notifications(query)).map(({ id }) => id)
    t.strictSame(await select({ start: 7 }), [7, 8])
    t.strictSame(await select({ start: 9 }), [])
    t.strictSame(await select({ start: 0, limit: 2 }), [1, 2])
    t.strictSame(await select({ stop: 2 }), [1, 2])
    t.strictSame(await select({ limit: 3 }), [1, 2, 3])
    t.strictSame(await select({ limit: 0 }), [])
    t.strictSame(await select({ start: 3, stop: 6 }), [3, 4, 5, 6])
    t.strictSame(await select({ start: 3, limit: 2 }), [3, 4])
    t.strictSame(await select({ start: 3, stop: 3, limit: 2 }), [3])
    t.strictSame(await select({ topics: [registered] }), [1, 5])
    t.strictSame(await select({ topics: [registered], limit: 1 }), [1])
    t.strictSame(await select({ topics: [registered], start: 2, limit: 1 }), [5])
    t.strictSame(await select({ topics: [registered], stop: 4 }), [1])
    t.strictSame(await select({ topics: [registered, 'kennel:Dog.TrickAdded'], start: 4 }), [4, 5, 6, 7, 8])
    t.strictSame(await select({ topics: [] }), [])
  },

  'wakes all who watch when events are recorded, until they leave': async (t, recorder) => {
    let left = 0
    let heard = () => {}
    const leave = recorder.watch(() => {
      left++
      heard()
    })
    for (let version = 1; version <= 3; version++) {
      const woken = new Promise<void>((wake) => {
        const leave = recorder.watch(() => {
          leave()
          wake()
        })
      })
      const again = new Promise<void>((wake) => {
        heard = wake
      })
      await recorder.append([row('fido', version)])
      await t.happens(woken, 'it is woken')
      await t.happens(again, 'who watches on is woken again')
      t.equal((await recorder.notifications()).length, version, 'it finds what is new')
    }
    leave()
    leave()
    const before = left
    const woken = new Promise<void>((wake) => void recorder.watch(wake))
    await recorder.append([row('fido', 4)])
    await t.happens(woken, 'another one is woken')
    t.equal(left, before)
  },

  'wakes all who watch when it is closed': async (t, recorder) => {
    const woken = new Promise<void>((wake) => void recorder.watch(wake))
    await recorder.close()
    await t.happens(woken, 'it is woken')
    await t.rejects(recorder.maxNotificationId(), { code: 'CLOSED' })
  },

  'has one id for its log': async (t, recorder) => {
    const id = await recorder.logId()
    t.match(id, /^\S+$/)
    await recorder.append([row('fido', 1)])
    t.equal(await recorder.logId(), id)
  },

  'remembers the last notification of each application that follows': async (t, recorder) => {
    await recorder.append([row('fido', 1)], { tracking: { applicationName: 'kennel', notificationId: 3 } })
    await recorder.append([], { tracking: { applicationName: 'kennel', notificationId: 7 } })
    await recorder.append([row('rex', 1)], { tracking: { applicationName: 'vet', notificationId: 1 } })
    t.equal(await recorder.maxTrackingId('kennel'), 7)
    t.equal(await recorder.maxTrackingId('vet'), 1)
    t.equal(await recorder.maxTrackingId('nobody'), 0)
  },

  'refuses a notification that was already tracked, with the events that follow from it': async (t, recorder) => {
    await recorder.append([row('fido', 1)], { tracking: { applicationName: 'kennel', notificationId: 3 } })
    for (const notificationId of [3, 2])
      await t.rejects(recorder.append([row('fido', 2)], { tracking: { applicationName: 'kennel', notificationId } }), {
        code: 'TRACKING_CONFLICT',
      })
    t.equal((await recorder.select('fido')).length, 1)
    t.equal(await recorder.maxTrackingId('kennel'), 3)
  },

  'refuses to track what does not go on from the last notification, where that is asked for': async (t, recorder) => {
    let dogs = 0
    const track = (notificationId: number, after: number) =>
      recorder.append([row(`dog ${dogs++}`, 1)], {
        tracking: { applicationName: 'kennel', notificationId, after },
      })
    await t.rejects(track(5, 2), { code: 'TRACKING_CONFLICT' }, 'nothing was tracked')
    await track(5, 0)
    for (const after of [0, 4, 6]) await t.rejects(track(9, after), { code: 'TRACKING_CONFLICT' }, `after ${after}`)
    await t.rejects(track(5, 5), { code: 'TRACKING_CONFLICT' })
    await t.rejects(track(9, Number.NaN), TypeError, 'after NaN')
    const both = await Promise.allSettled([track(8, 5), track(9, 5)])
    t.strictSame(
      both.map(({ status }) => status).sort(),
      ['fulfilled', 'rejected'],
      'two that have processed different numbers of them',
    )
    t.equal(await recorder.maxNotificationId(), 2)
  },

  'refuses to track an id that is not a whole number, with the events that follow from it': async (t, recorder) => {
    for (const notificationId of [Number.NaN, Infinity, 1.5, '3' as unknown as number])
      await t.rejects(
        recorder.append([row('fido', 1)], { tracking: { applicationName: 'kennel', notificationId } }),
        TypeError,
        show(notificationId),
      )
    t.equal(await recorder.maxTrackingId('kennel'), 0)
    t.equal(await recorder.maxNotificationId(), 0)
    await recorder.append([row('fido', 1)], { tracking: { applicationName: 'kennel', notificationId: 1 } })
  },

  'tracks nothing when the events are refused': async (t, recorder) => {
    await recorder.append([row('fido', 1)])
    await t.rejects(recorder.append([row('fido', 1)], { tracking: { applicationName: 'kennel', notificationId: 5 } }), {
      code: 'VERSION_CONFLICT',
    })
    t.equal(await recorder.maxTrackingId('kennel'), 0)
  },

  'records only one of many that process the same notification at once': async (t, recorder) => {
    const all = Array.from({ length: 10 }, (_, i) =>
      recorder.append([row(`dog ${i}`, 1)], { tracking: { applicationName: 'kennel', notificationId: 1 } }),
    )
    const settled = await Promise.allSettled(all)
    t.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1)
    t.equal(await recorder.maxNotificationId(), 1)
  },
})
