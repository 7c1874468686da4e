/** Stored views: their rows, whoever else updates them, and code, keys and disks that change. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Application, type Cipher, MemoryRecorder, on, Projection, StoredProjection, type Table } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { failing } from '../recorders/crash/failing-disk'
import { gate, Learnt, Lost, learn, open, Pup } from './kennel'

const add = async (rows: Table<number>, trick: string): Promise<void> =>
  rows.set(trick, ((await rows.get(trick)) ?? 0) + 1)
const counts = (school: Application, more: Partial<ConstructorParameters<typeof StoredProjection<number>>[1]> = {}) =>
  new StoredProjection<number>(school, {
    name: 'counts',
    form: '1',
    handlers: [on(Learnt, (rows, { payload }) => add(rows, String(payload.trick)))],
    ...more,
  })
const all = async <T>(rows: AsyncIterable<readonly [string, T]>): Promise<[string, T][]> => {
  const found: [string, T][] = []
  for await (const [key, value] of rows) found.push([key, value])
  return found
}

t.test('views are shown by what they hold, not by what they are made of', async (t) => {
  const school = open()
  const view = counts(school)
  const inMemory = new Projection(school.notificationLog, () => new Map([['a', 1]]), {})
  await learn(school, 'a')
  t.equal(inspect(await view.catchUp()), 'Rows of counts { get(key), entries(query) }')
  t.match(inspect(view).replace(/\s+/g, ' '), "StoredProjection { name: 'counts', position: 2, view: Rows of counts {")
  await inMemory.catchUp()
  t.equal(inspect(inMemory), "Projection { position: 2, view: Map(1) { 'a' => 1 } }")
})

t.test('the next process goes on where this one was, and runs no handler again', async (t) => {
  const file = `${t.testdir()}/a.db`
  const runs: string[] = []
  const handlers = [
    on(Learnt, (rows: Table<number>, { payload }) => {
      runs.push(String(payload.trick))
      return add(rows, String(payload.trick))
    }),
  ]
  for (const tricks of [['a', 'b'], ['a'], ['c']]) {
    const school = open(sqlite(file))
    const view = counts(school, { handlers })
    await learn(school, ...tricks)
    await view.catchUp()
    await school.close()
  }
  t.strictSame(runs, ['a', 'b', 'a', 'c'])
  const school = open(sqlite(file, { readOnly: true }))
  const view = counts(school)
  t.strictSame(await all(view.view), [
    ['a', 2],
    ['b', 1],
    ['c', 1],
  ])
  await view.catchUp()
  t.equal(view.position, 7)
  t.strictSame(await all(await view.at(3)), [
    ['a', 1],
    ['b', 1],
  ])
  await t.rejects(view.rebuild(), { code: 'READ_ONLY' })
  await school.close()
})

t.test('handlers read and change rows as they are after the handlers before, in order and by pages', async (t) => {
  const school = open()
  const seen: unknown[] = []
  const view = new StoredProjection<number>(school, {
    name: 'rows',
    form: '1',
    handlers: [
      on(Learnt, async (rows, { payload }) => {
        const trick = String(payload.trick)
        if (trick === 'fill') for (let i = 100; i < 900; i++) rows.set(`row ${i}`, i)
        if (trick !== 'change') return
        for (let i = 100; i < 900; i += 2) rows.delete(`row ${i}`)
        rows.set('row 9', 9)
        rows.set('row 500a', 500)
        rows.set('a', 1)
        rows.set('b', 2)
        rows.delete('b')
        rows.set('row 901', 901)
        const keys = (await all(rows)).map(([key]) => key)
        seen.push(keys.length, keys.slice(0, 3), keys.slice(-3), keys.indexOf('row 501') - keys.indexOf('row 500a'))
        seen.push((await all(rows.entries({ after: 'row 498', limit: 3 }))).map(([key]) => key))
        seen.push((await all(rows.entries({ prefix: 'row 50' }))).map(([key]) => key))
        seen.push((await all(rows.entries({ prefix: 'row 9', after: 'a' }))).map(([key]) => key))
        seen.push((await all(rows.entries({ prefix: 'row 9', limit: 1 }))).map(([key]) => key))
        seen.push((await all(rows.entries({ prefix: 'row', after: 'row 899' }))).map(([key]) => key))
        seen.push(await all(rows.entries({ limit: 0 })))
        seen.push([await rows.get('row 500'), await rows.get('row 501'), await rows.get('b'), await rows.get('c')])
      }),
    ],
  })
  const check = (what: string): void => {
    t.strictSame(
      seen.splice(0),
      [
        404,
        ['a', 'row 101', 'row 103'],
        ['row 899', 'row 9', 'row 901'],
        1,
        ['row 499', 'row 500a', 'row 501'],
        ['row 500a', 'row 501', 'row 503', 'row 505', 'row 507', 'row 509'],
        ['row 9', 'row 901'],
        ['row 9'],
        ['row 899', 'row 9', 'row 901'].slice(1),
        [],
        [undefined, 501, undefined, undefined],
      ],
      what,
    )
  }
  await learn(school, 'fill', 'change')
  await view.catchUp()
  check('nothing of which is stored')
  await view.rebuild()
  check('built beside')
  await view.at(3)
  check('as of a past position')
  await learn(school, 'fill')
  await view.catchUp()
  await learn(school, 'change')
  await view.catchUp()
  check('most of which is stored')
  t.equal((await all(view.view)).length, 404)
  t.strictSame(await all(view.view.entries({ prefix: 'row 50', after: 'row 505', limit: 1 })), [['row 507', 507]])
  await t.rejects(all(view.view.entries({ limit: Number.NaN })), /limit must be a whole number/)
  t.strictSame(
    (await all(view.view.entries({ prefix: 'row 9' }))).map(([key]) => key),
    ['row 9', 'row 901'],
  )
})

t.test('values are what events can hold: kept as they were, frozen, or refused when they are set', async (t) => {
  const school = open(sqlite(':memory:'))
  const value = { when: new Date(0), tags: new Set(['a']), big: 2n ** 70n, list: [{ deep: [1] }], none: null }
  let odd: unknown
  const view = new StoredProjection<unknown>(school, {
    name: 'values',
    form: '1',
    handlers: [
      on(Learnt, async (rows, { payload }) => {
        const given = { ...value, list: [{ deep: [1] }] }
        rows.set('value', given)
        given.list[0]?.deep.push(2)
        t.strictSame(await rows.get('value'), value)
        t.ok(Object.isFrozen(await rows.get('value')))
        if (payload.trick === 'odd') rows.set('odd', odd)
      }),
    ],
  })
  await learn(school, 'a')
  await view.catchUp()
  const stored = (await view.view.get('value')) as typeof value
  t.strictSame(stored, value)
  t.ok(Object.isFrozen(stored) && Object.isFrozen(stored.list[0]?.deep))
  const position = await learn(school, 'odd')
  for (odd of [undefined, Number.NaN, () => 1, new (class Own {})(), Symbol('a')])
    await t.rejects(view.catchUp(), { position, cause: { code: 'INVALID_PAYLOAD', message: /row odd/ } })
  odd = 'good'
  await view.catchUp()
  t.equal(await view.view.get('odd'), 'good')
  for (const key of ['half \ud83d', '\ufeff', 7 as never]) {
    const bad = new StoredProjection<number>(school, {
      ...{ name: 'keys', form: '1' },
      handlers: { Learnt: (rows) => rows.set(key, 1) },
    })
    await t.rejects(bad.catchUp(), { cause: { name: 'TypeError', message: /The key of a row/ } })
  }
  await school.close()
})

t.test('rows that a handler uses after it has ended are refused', async (t) => {
  const school = open()
  const late: unknown[] = []
  const view = new StoredProjection<number>(school, {
    ...{ name: 'late', form: '1' },
    handlers: {
      Learnt: (rows) => {
        const uses = [() => rows.set('a', 1), () => rows.delete('a'), () => rows.get('a'), () => rows.entries()]
        void Promise.resolve().then(() => {
          for (const use of uses)
            try {
              use()
            } catch (error) {
              late.push(error)
            }
        })
      },
    },
  })
  await learn(school, 'a')
  await view.catchUp()
  t.match(late, Array(4).fill({ name: 'TypeError', message: /after it had ended/ }))
  t.strictSame(await all(view.view), [])
})

t.test('a read that nobody awaited does not hide what was stored since', async (t) => {
  const { passed, open: go } = gate()
  let isSlow = false
  class Slow extends MemoryRecorder {
    override viewRows = async (...of: Parameters<MemoryRecorder['viewRows']>) => {
      const wait = isSlow ? passed : undefined
      const rows = await super.viewRows(...of)
      await wait
      return rows
    }
  }
  const school = open(new Slow())
  const view = new StoredProjection<number>(school, {
    ...{ name: 'slow', form: '1' },
    handlers: [
      on(Learnt, (rows, { payload }) => {
        if (payload.trick === 'peek') {
          isSlow = true
          void rows.get('a')
          isSlow = false
        } else if (payload.trick === 'one') rows.set('a', 1)
        else return add(rows, 'a')
      }),
    ],
  })
  await learn(school, 'peek')
  await view.catchUp()
  await learn(school, 'one')
  await view.catchUp()
  go()
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  await learn(school, 'more')
  await view.catchUp()
  t.equal(await view.view.get('a'), 2)
})

t.test('two objects that update one view share it, and no event is in it twice', async (t) => {
  for (const recorder of [new MemoryRecorder(), sqlite(':memory:')]) {
    const school = open(recorder)
    let runs = 0
    const handlers = [
      on(Learnt, async (rows: Table<number>, { payload }) => {
        runs++
        await add(rows, String(payload.trick))
      }),
    ]
    const views = [counts(school, { handlers }), counts(school, { handlers }), counts(school, { handlers })]
    for (const view of views) view.start()
    let last = 0
    for (let i = 0; i < 10; i++) last = await learn(school, ...Array.from({ length: 70 }, (_, i) => `${i % 7}`))
    await Promise.all(views.map((view) => view.seen(last)))
    const other = counts(school)
    await Promise.all([other.catchUp(), ...views.map((view) => view.catchUp())])
    for (const view of [...views, other]) t.equal(view.position, last)
    t.strictSame(
      await all(other.view),
      Array.from({ length: 7 }, (_, i) => [`${i}`, 100]),
    )
    t.ok(runs >= 700)
    await Promise.all(views.map((view) => view.stop()))
    // One rebuilds while another goes on, or rebuilds too.
    const rebuilt = await Promise.allSettled([views[0]?.rebuild(), views[1]?.rebuild(), views[2]?.catchUp()])
    for (const each of rebuilt) if (each.status === 'rejected') t.equal(each.reason.code, 'VIEW_CONFLICT')
    t.ok(rebuilt.some(({ status }) => status === 'fulfilled'))
    await learn(school, '0')
    for (const view of views) await view.catchUp()
    t.strictSame((await all(other.view))[0], ['0', 101])
    await school.close()
  }
})

t.test('a view that others built again is read anew, and not gone on with from memory', async (t) => {
  const school = open()
  const [one, two] = [counts(school), counts(school)]
  await learn(school, 'a')
  await one.catchUp()
  await two.catchUp()
  const stored = await school.recorder.viewState('counts')
  if (!stored) throw new Error('it is stored')
  // Somebody has spoilt a row, and one object builds the view again, to the same position.
  await school.recorder.saveView({ ...stored, view: 'counts', after: 2, position: 2, rows: [['a', '100']] })
  await one.rebuild()
  await learn(school, 'a')
  await two.catchUp()
  t.equal(await one.view.get('a'), 2)
  await school.recorder.dropView('counts')
  await one.catchUp()
  t.equal(await two.view.get('a'), 2, 'one that was removed begins again')
})

t.test('what code of another form has stored is refused, and built again, at once if it is said so', async (t) => {
  const school = open()
  await learn(school, 'a', 'b')
  const old = counts(school)
  await old.catchUp()
  const handlers = [on(Learnt, (rows: Table<number>, { payload }) => rows.set(`new ${payload.trick}`, 1))]
  const newer = counts(school, { form: '2', handlers })
  const outdated = {
    code: 'VIEW_OUTDATED',
    message: /counts was built by code of the form '1', and this is form '2'.*rebuild\(\)/,
  }
  for (const ask of [() => newer.catchUp(), () => newer.step(), () => newer.seen(3)] as (() => Promise<unknown>)[])
    await t.rejects(ask(), outdated)
  t.strictSame((await all(newer.view)).length, 2, 'the old rows serve')
  await newer.rebuild()
  t.strictSame(await all(newer.view), [
    ['new a', 1],
    ['new b', 1],
  ])
  await t.rejects(old.catchUp(), { code: 'VIEW_OUTDATED', message: /form '2', and this is form '1'/ })
  const third = counts(school, { form: '3', rebuildOutdated: true })
  await third.seen(3)
  t.strictSame(await all(third.view), [
    ['a', 1],
    ['b', 1],
  ])
  await counts(school, { form: '4', rebuildOutdated: true }).catchUp()
  await t.rejects(third.catchUp(), { code: 'VIEW_OUTDATED' }, 'two forms do not take turns for ever')
})

t.test('a rebuild that the end of the process interrupted goes on, if it is of the same form and log', async (t) => {
  const file = `${t.testdir()}/a.db`
  const first = open(sqlite(file))
  for (let i = 0; i < 30; i++) await learn(first, ...Array.from({ length: 99 }, () => 'a'))
  await counts(first).catchUp()
  const left = new AbortController()
  const leave = { signal: left.signal, onProgress: () => left.abort(new Error('killed')) }
  await t.rejects(counts(first, { form: '2' }).rebuild(leave), { message: 'killed' })
  await first.close()
  const school = open(sqlite(file))
  let runs = 0
  const handlers = [
    on(Learnt, (rows: Table<number>, { payload }) => {
      runs++
      return add(rows, String(payload.trick))
    }),
  ]
  const view = counts(school, { form: '2', handlers })
  await view.rebuild()
  t.ok(runs > 0 && runs < 2970, `${runs} of 2970 were left`)
  t.equal(await view.view.get('a'), 2970)
  const again = new AbortController()
  await t.rejects(
    counts(school, { form: '3' }).rebuild({ signal: again.signal, onProgress: () => again.abort(new Error('killed')) }),
  )
  runs = 0
  await counts(school, { form: '4', handlers }).rebuild()
  t.equal(runs, 2970, 'what was begun in another form is not gone on with')
  t.equal(await school.recorder.viewState('counts~new'), undefined)
  await school.close()
})

/** AES-GCM, as the README has it. */
const aes = (key: Buffer): Cipher => ({
  encrypt(plain) {
    const cipher = createCipheriv('aes-256-gcm', key, key.subarray(0, 12))
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  decrypt(bytes) {
    const decipher = createDecipheriv('aes-256-gcm', key, key.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  },
})

t.test('rows are encrypted as events are, and say so if the key is another', async (t) => {
  const file = `${t.testdir()}/a.db`
  const secret = 'roll over in secret'
  const enter = (key: number) =>
    new Application(sqlite(file), { name: 'views', aggregates: [Pup], cipher: aes(Buffer.alloc(32, key)) })
  const view = (school: Application) =>
    new StoredProjection<string>(school, {
      ...{ name: 'tricks', form: '1' },
      handlers: [on(Learnt, (rows, { payload }) => rows.set('last', String(payload.trick)))],
    })
  const school = enter(1)
  await learn(school, secret)
  const shown = view(school)
  await shown.catchUp()
  t.equal(await shown.view.get('last'), secret)
  t.notOk(readFileSync(`${file}.dog-school-journal`).includes(secret))
  await school.close()
  t.notOk(readFileSync(file).includes(secret))
  const stranger = enter(2)
  await t.rejects(view(stranger).view.get('last'), { code: 'CORRUPT_VIEW', message: /Row "last" of the view tricks/ })
  await stranger.close()
})

t.test('a row that somebody has broken is named, and building again mends it', async (t) => {
  const recorder = sqlite(':memory:')
  const school = open(recorder)
  const view = counts(school)
  await learn(school, 'a')
  await view.catchUp()
  await recorder.query("UPDATE dog_school_view_rows SET value = '{'", { write: true })
  const again = counts(school)
  await t.rejects(again.view.get('a'), { code: 'CORRUPT_VIEW', message: /Row "a" of the view counts cannot be read/ })
  await t.rejects(all(again.view), { code: 'CORRUPT_VIEW' })
  await again.rebuild()
  t.equal(await again.view.get('a'), 1)
  await school.close()
})

t.test('what the disk refuses is not in the view, and is there when the disk is well again', async (t) => {
  const { disk, fail, repair } = failing()
  const school = open(sqlite(`${t.testdir()}/a.db`, { disk }))
  const view = counts(school)
  await learn(school, 'a')
  await view.catchUp()
  await learn(school, 'b')
  fail('sync', '-journal')
  for (let i = 0; i < 2; i++) {
    await t.rejects(view.catchUp(), { code: 'STORAGE' })
    t.strictSame(await all(view.view), [['a', 1]])
    t.equal(view.position, 2)
  }
  repair()
  await view.catchUp()
  t.strictSame(await all(view.view), [
    ['a', 1],
    ['b', 1],
  ])
  await school.close()
})

t.test('what it is told is checked, by the compiler as well', async (t) => {
  const school = open()
  const handlers = {}
  for (const name of ['', 'a~new', 7 as never])
    t.throws(() => new StoredProjection(school, { name, form: '1', handlers }), TypeError)
  t.throws(() => new StoredProjection(school, { name: 'a', form: 1 as never, handlers }), TypeError)
  t.throws(
    () => new StoredProjection(school, { name: 'a', form: '1', handlers: { Learnt: 'add' as never } }),
    TypeError,
  )
  for (const other of [school.recorder, school.notificationLog, undefined] as never[])
    t.throws(() => new StoredProjection(other, { name: 'a', form: '1', handlers }), /is kept by an application/)
  t.throws(() => new StoredProjection(school, undefined as never), TypeError)
  new StoredProjection<number>(school, {
    ...{ name: 'a', form: '1' },
    handlers: [
      // @ts-expect-error a value of another type
      on(Learnt, (rows, { payload }) => rows.set('a', String(payload.trick))),
    ],
  })
  const untold = new StoredProjection(school, {
    ...{ name: 'a', form: '1' },
    handlers: [on(Learnt, (rows, { payload }) => rows.set(payload.trick as string, 1))],
  })
  untold.view.get('a') satisfies Promise<unknown>
  // @ts-expect-error nothing says that it is a number
  untold.view.get('a') satisfies Promise<number | undefined>
  const told = new StoredProjection(school, {
    ...{ name: 'a', form: '1' },
    handlers: [on(Learnt, (rows: Table<number>) => rows.set('a', 1)), on(Lost, (rows) => rows.set('b', 2))],
  })
  told.view.get('a') satisfies Promise<number | undefined>
  // @ts-expect-error without a form
  t.throws(() => new StoredProjection(school, { name: 'a', handlers }), TypeError)
  const view = counts(school)
  // @ts-expect-error it is for reading
  t.throws(() => view.view.set('a', 1), TypeError)
})

// Others may be busy on the same machine.
t.setTimeout(300_000)
