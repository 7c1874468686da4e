/** What queries over topics and tags select. */
import type { EventQuery } from '../../port/query'
import type { ReadOptions } from '../../port/recorder'
import { cases } from './cases'
import { about, conflict, fido, joined, learned, log, positions } from './courses'
import { row, rows } from './rows'

export const querying = cases({
  'returns the events that a query selects, as the log does': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 2))
    await recorder.append(log)
    t.strictSame(await recorder.read([{}]), await recorder.notifications())
    t.strictSame(await recorder.read([{ tags: ['dog:rex'] }], { limit: 1 }), [
      { id: 4, ...row('course', 2), topic: joined, state: '{"n":0}' },
    ])
    t.strictSame(await recorder.read([]), [])
  },

  'joins topics by or, tags by and, and items by or': async (t, recorder) => {
    await recorder.append(log)
    const select = (...query: EventQuery) => positions(recorder, query)
    t.strictSame(await select({ topics: [joined] }), [1, 2, 4])
    t.strictSame(await select({ topics: [joined, learned] }), [1, 2, 3, 4, 5, 6])
    t.strictSame(await select({ topics: ['kennel:Course.Closed'] }), [])
    t.strictSame(await select({ topics: [] }), [])
    t.strictSame(await select({ tags: fido }), [1, 3, 4])
    t.strictSame(await select({ tags: ['dog:rex', 'course:sit'] }), [2, 5])
    t.strictSame(await select({ tags: ['course:sit', 'dog:rex'] }), [2, 5])
    t.strictSame(await select({ tags: ['dog:rex', 'course:swim'] }), [])
    t.strictSame(await select({ tags: ['dog:luna'] }), [])
    t.strictSame(await select({ tags: [] }), [1, 2, 3, 4, 5, 6])
    t.strictSame(await select({ topics: [learned], tags: fido }), [3])
    t.strictSame(await select({ topics: [joined], tags: ['dog:rex', 'course:sit'] }), [2])
    t.strictSame(await select({ topics: [learned], tags: ['course:swim'] }), [])
    t.strictSame(await select({ topics: [learned] }, { tags: ['course:swim'] }), [3, 4, 5, 6])
    t.strictSame(await select({ tags: fido }, { topics: [joined], tags: ['course:sit'] }), [1, 2, 3, 4])
    t.strictSame(await select({ tags: ['dog:luna'] }, { topics: [joined] }, {}), [1, 2, 3, 4, 5, 6])
  },

  'reads a part of what a query selects: after, upTo, limit, newest first, and all of them together': async (
    t,
    recorder,
  ) => {
    await recorder.append(log)
    const select = (options: ReadOptions, query: EventQuery = [{ tags: fido }]) => positions(recorder, query, options)
    t.strictSame(await select({ after: 1 }), [3, 4])
    t.strictSame(await select({ after: 2 }), [3, 4])
    t.strictSame(await select({ after: 4 }), [])
    t.strictSame(await select({ after: 99 }), [])
    t.strictSame(await select({ upTo: 3 }), [1, 3])
    t.strictSame(await select({ after: 1, upTo: 3 }), [3])
    t.strictSame(await select({ limit: 2 }), [1, 3])
    t.strictSame(await select({ limit: 0 }), [])
    t.strictSame(await select({ after: -1, upTo: Infinity, limit: Infinity }), [1, 3, 4])
    t.strictSame(await select({ upTo: -1 }), [])
    t.strictSame(await select({ limit: -1 }), [])
    t.strictSame(await select({ descending: true }), [4, 3, 1])
    t.strictSame(await select({ descending: true, limit: 1 }), [4])
    t.strictSame(await select({ descending: true, upTo: 3, limit: 1 }), [3])
    t.strictSame(await select({ descending: true, after: 1, limit: 9 }), [4, 3])
    const both = [{ topics: [learned] }, { topics: [joined], tags: ['course:sit', 'dog:fido'] }]
    t.strictSame(await select({}, both), [1, 3, 5, 6])
    t.strictSame(await select({ limit: 2 }, both), [1, 3])
    t.strictSame(await select({ descending: true, limit: 2 }, both), [6, 5])
    t.strictSame(await select({ after: 1, upTo: 5, descending: true }, both), [5, 3])
    t.strictSame(await select({ after: 2, limit: 2, descending: true }, [{}]), [6, 5])
    for (const number of [Number.NaN, 0.5])
      for (const option of ['after', 'upTo', 'limit'])
        await t.rejects(recorder.read([{}], { [option]: number }), TypeError, `${option}: ${number}`)
  },

  'returns tags only when asked, each once and in order': async (t, recorder) => {
    await recorder.append([about(joined, 'dog:rex', 'course:sit', 'dog:rex', '🐕', 'Über', '\uffee'), about(learned)])
    const tags = ['course:sit', 'dog:rex', 'Über', '🐕', '\uffee']
    const kept = async (tagged: boolean) => ({
      read: (await recorder.read([{}], { tagged })).map((event) => [Object.keys(event).includes('tags'), event.tags]),
      log: (await recorder.notifications({ tagged })).map((event) => event.tags),
      own: (await recorder.select('course')).map((event) => event.tags),
    })
    const none = [undefined, undefined]
    t.strictSame(await kept(true), {
      read: [
        [true, tags],
        [false, undefined],
      ],
      log: [tags, undefined],
      own: none,
    })
    t.strictSame(await kept(false), {
      read: [
        [false, undefined],
        [false, undefined],
      ],
      log: none,
      own: none,
    })
    t.strictSame(await positions(recorder, [{ tags: ['dog:rex', 'dog:rex'], topics: [joined, joined] }]), [1])
  },

  'finds events by any tag, one in 1,500 too, and with 1,500 tags or items': async (t, recorder) => {
    const odd = [
      "dog's",
      '"',
      'a,b',
      '%',
      '*',
      'dog:fido ',
      'Dog:Fido',
      '犬 🐕‍🦺',
      'e\u0301',
      '\u00e9',
      'x'.repeat(999),
    ]
    const many = Array.from({ length: 1500 }, (_, at) => `dog:${at}`)
    await recorder.append([about(joined, ...many, ...many), ...odd.map((tag) => about(learned, tag))])
    await recorder.append(many.map((tag) => about(learned, tag)))
    for (const [at, tag] of odd.entries())
      t.strictSame(await positions(recorder, [{ tags: [tag] }]), [at + 2], JSON.stringify(tag).slice(0, 40))
    t.strictSame(await positions(recorder, [{ tags: ['dog:fido'] }]), [])
    t.strictSame(await positions(recorder, [{ tags: ['dog:1321'] }]), [1, 13 + 1321])
    t.strictSame(await positions(recorder, [{ tags: many }]), [1])
    const items = many.map((tag) => ({ topics: [learned], tags: [tag] }))
    t.equal((await positions(recorder, items)).length, 1500)
    t.strictSame(await positions(recorder, [{ topics: [...many, joined] }]), [1])
    await t.rejects(recorder.append([row('fido', 1)], { failIfEventsMatch: items, after: 13 + 1498 }), conflict)
    await recorder.append([row('fido', 1)], { failIfEventsMatch: items, after: 13 + 1499 })
    t.equal((await recorder.read([{}], { tagged: true, limit: 1 }))[0]?.tags?.length, 1500)
  },
})
