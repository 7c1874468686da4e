/** Appends that record nothing if an event has come that a query selects. */
import type { EventQuery } from '../../port/query'
import { cases } from './cases'
import { about, conflict, fido, joined, learned, log, positions } from './courses'
import { row, rows } from './rows'

export const boundaries = cases({
  'gives an event of version 0 the next version of its aggregate': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 2))
    await recorder.append([row('fido', 0), row('rex', 0), row('fido', 0), row('fido', 5), row('rex', 2)])
    await Promise.all([recorder.append([row('fido', 0)]), recorder.append([row('fido', 0), row('rex', 0)])])
    const versionsOf = async (id: string) => (await recorder.select(id)).map(({ version }) => version)
    t.strictSame(await versionsOf('fido'), [1, 2, 3, 4, 5, 6, 7])
    t.strictSame(await versionsOf('rex'), [1, 2, 3])
    await t.rejects(recorder.append([row('fido', 0), row('fido', 8), row('fido', 8)]), { code: 'VERSION_CONFLICT' })
    await t.rejects(recorder.append([row('fido', -1)]), { code: 'VERSION_CONFLICT' })
    t.strictSame(await versionsOf('fido'), [1, 2, 3, 4, 5, 6, 7])
  },

  'records nothing if an event matches that the writer has not seen': async (t, recorder) => {
    await recorder.append(log)
    const append = (after: number | undefined, ...failIfEventsMatch: EventQuery) =>
      recorder.append([about(joined, 'dog:fido'), row('rex', 1)], {
        failIfEventsMatch,
        after,
        tracking: { applicationName: 'kennel', notificationId: 1 },
      })
    for (const after of [undefined, 0, 1, 2, 3]) await t.rejects(append(after, { tags: fido }), conflict, `${after}`)
    await t.rejects(append(4, { topics: [learned] }), conflict)
    await t.rejects(append(5, { topics: [learned] }), conflict)
    await t.rejects(append(3, { tags: fido, topics: [joined, learned] }), conflict)
    await t.rejects(append(4, { tags: ['dog:rex', 'course:sit'] }), conflict)
    await t.rejects(append(4, { tags: ['dog:luna'] }, { topics: [learned], tags: ['dog:rex'] }), conflict)
    await t.rejects(append(5, {}), conflict)
    await t.rejects(recorder.append([], { failIfEventsMatch: [{}] }), conflict)
    t.equal(await recorder.maxNotificationId(), 6)
    t.equal(await recorder.maxTrackingId('kennel'), 0)
    t.strictSame(await recorder.append([], { failIfEventsMatch: [{}], after: 6 }), [])
    t.equal((await append(4, { tags: fido })).length, 2)
    t.equal(await recorder.maxTrackingId('kennel'), 1)
  },

  'records if what matches was seen, or nothing matches': async (t, recorder) => {
    await recorder.append(log)
    const append = (after: number | undefined, ...failIfEventsMatch: EventQuery) =>
      recorder.append([row('luna', 0)], { failIfEventsMatch, after })
    await append(undefined)
    await append(undefined, { topics: [] })
    await append(undefined, { tags: ['dog:luna'] })
    await append(undefined, { tags: ['dog:rex', 'course:swim'] })
    await append(undefined, { topics: [learned], tags: ['course:swim'] })
    await append(4, { tags: fido })
    await append(5, { tags: fido })
    await append(99, { tags: fido })
    await append(Infinity, {})
    await append(2, { topics: [joined], tags: ['course:sit'] })
    t.equal(await recorder.maxNotificationId(), 16)
  },

  'does not count the events of the append itself': async (t, recorder) => {
    const failIfEventsMatch = [{ tags: ['name:fido'] }]
    await recorder.append([about(joined, 'name:fido'), about(learned, 'name:fido')], { failIfEventsMatch })
    await t.rejects(recorder.append([about(joined, 'name:fido')], { failIfEventsMatch }), conflict)
    t.equal(await recorder.maxNotificationId(), 2)
  },

  'lets exactly one of fifty writers of one boundary win': async (t, recorder) => {
    await recorder.append(log)
    const writers = Array.from({ length: 50 }, (_, at) =>
      recorder.append([about(joined, 'dog:fido', `try:${at}`)], {
        failIfEventsMatch: [{ topics: [joined], tags: fido }],
        after: 4,
      }),
    )
    const settled = await Promise.allSettled(writers)
    const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    t.strictSame(lost, Array(49).fill('BOUNDARY_CONFLICT'))
    t.strictSame(await positions(recorder, [{ topics: [joined], tags: fido }]), [1, 4, 7])
  },

  'lets fifty writers of fifty boundaries all win, whoever else writes': async (t, recorder) => {
    await recorder.append(log)
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) => [
        recorder.append([about(joined, `dog:${at}`)], {
          failIfEventsMatch: [{ topics: [joined], tags: [`dog:${at}`] }],
          after: 6,
        }),
        recorder.append([about(learned, `dog:${at}`), row(`dog ${at}`, 1)]),
      ]).flat(),
    )
    t.strictSame(
      settled.filter(({ status }) => status === 'rejected'),
      [],
    )
    t.equal(await recorder.maxNotificationId(), 156)
  },

  'refuses tags and queries that are none, and records nothing then': async (t, recorder) => {
    const half = 'dog:\ud83d'
    for (const tags of [
      [''],
      ['dog:fido', ''],
      [half],
      ['\ufeffdog'],
      [1],
      [undefined],
      'dog:fido',
      { dog: 'fido' },
      null,
      '',
    ])
      await t.rejects(recorder.append([{ ...row('fido', 1), tags: tags as string[] }]), TypeError, JSON.stringify(tags))
    const wrong: unknown[] = [
      null,
      '',
      false,
      'dog:fido',
      { tags: fido },
      1,
      [null],
      ['dog:fido'],
      [fido],
      [{ types: [joined] }],
    ]
    for (const tags of ['dog:fido', [''], [half], [1], [null], {}, null, ''])
      wrong.push([{ tags }], [{}, { topics: [joined], tags }])
    for (const topics of [joined, [half], [1], {}, null, '']) wrong.push([{ topics }], [{ topics, tags: fido }])
    for (const query of wrong) {
      const failIfEventsMatch = query as EventQuery
      await t.rejects(recorder.read(failIfEventsMatch), TypeError, `read ${JSON.stringify(query)}`)
      await t.rejects(recorder.append([row('fido', 1)], { failIfEventsMatch }), TypeError, JSON.stringify(query))
    }
    for (const after of [Number.NaN, 1.5])
      await t.rejects(recorder.append([row('fido', 1)], { failIfEventsMatch: [{}], after }), TypeError, `${after}`)
    await t.rejects(recorder.append([row('fido', 1)], { after: 1 }), TypeError, 'after, and no query')
    t.equal(await recorder.maxNotificationId(), 0)
    const far = recorder.append([row('fido', 1)], { failIfEventsMatch: [{}], after: 1e30 })
    await recorder.append([row('rex', 1)])
    await far
    for (const after of [Infinity, Number.MAX_SAFE_INTEGER])
      await recorder.append([row('luna', 0)], { failIfEventsMatch: [{}], after })
    const conflict = { code: 'BOUNDARY_CONFLICT' }
    await t.rejects(recorder.append([row('luna', 0)], { failIfEventsMatch: [{}], after: -Infinity }), conflict)
  },

  'is not changed when tags or queries are changed afterwards': async (t, recorder) => {
    const tags = ['dog:fido']
    const topics = ['kennel:Course.Closed']
    const recorded = recorder.append([{ ...row('fido', 1), tags }], { failIfEventsMatch: [{ topics }] })
    const checked = recorder.append([row('rex', 1)], { failIfEventsMatch: [{ topics }] })
    tags[0] = 'dog:rex'
    topics[0] = row('fido', 1).topic
    await recorded
    await checked
    const [event] = await recorder.read([{ tags: fido }], { tagged: true })
    Object.assign(event?.tags ?? [], ['dog:luna'])
    t.strictSame((await recorder.notifications({ tagged: true }))[0]?.tags, fido)
  },
})
