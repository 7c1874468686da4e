/** What the notebook shows of each position of the log, and its view, in a session without a browser. */
import { inspect } from 'node:util'
import { Aggregate, type Application } from 'dog-school'
import type { SqliteRecorder } from 'dog-school/sqlite'
import t from 'tap'
import { courseOnDisk } from '../../src/checkpoints/course-on-disk'
import { hasClasses, keptSights } from '../../src/notebook/page/play/kept-sights'
import type { Field, Sights, StateAt, ViewMove } from '../../src/notebook/sights'
import { Logs } from '../../src/notebook/worker/logs'
import { sentence } from '../../src/notebook/worker/sentence'
import { sightsOf } from '../../src/notebook/worker/sights'
import { fieldsIn } from '../../src/notebook/worker/state'
import { changesBetween, fieldsOf, stepAt } from '../../src/repl/session/changes'
import { stepsOf } from '../../src/repl/session/lesson-cells'
import { kitSchool } from '../../src/repl/start/current-school'
import { sit } from '../repl/sitting'

process.env.DOG_SCHOOL_HOME = t.testdir()

/** A value, or a list of values, as the prompt shows it, at the version, or at the one before. */
const text = ({ open, items, close }: Field, without: 'added' | 'removed'): string => {
  const parts = items.filter(({ change }) => change !== without).map((item) => item.text)
  return parts.length > 0 ? `${open} ${parts.join(', ')} ${close}`.trim() : open + close
}
const changed = ({ fields }: { fields: readonly Field[] }) =>
  fields.filter(({ change }) => change !== 'none').map(({ name }) => name)

/** A session that has read the cells of a lesson, and what can be seen of it. */
async function reading(number: number) {
  const { shell, end } = await sit()
  const { session } = shell
  for (const { cell } of session.world.course.notebook(number).pieces)
    if (cell) await stepsOf(cell, (code) => session.evaluate(code))
  const logs = new Logs(session)
  return { session, logs, sights: sightsOf(session, logs), log: await logs.fresh(), end }
}

let positions = 0
for (const { number } of courseOnDisk(process.cwd()).lessons)
  t.test(
    `lesson ${number}: at each position, the state is that of the repository, and its difference that of .diff`,
    async (t) => {
      const { session, logs, sights, log, end } = await reading(number)
      t.teardown(end)
      for (const { event, who, store } of log) {
        positions++
        const { id: position, aggregateId, version } = event
        const state = (await sights.stateAt({ position, who, store })) as StateAt
        const { Dog } = kitSchool()
        const school = logs.schoolOf(store) as Application
        const [dog, former] = await Promise.all(
          [version, version - 1].map((version) =>
            version > 0 ? school.repository.get(Dog, aggregateId, { version }) : undefined,
          ),
        )
        const now = state.fields.filter(({ change }) => change !== 'gone')
        t.strictSame(
          now.map((field) => [field.name, text(field, 'removed')]),
          Object.entries(fieldsOf(dog)).map(([name, value]) => [name, inspect(value)]),
          `the state at ${position}`,
        )
        const changes = changesBetween(former, dog as Aggregate)
        if (!store)
          t.strictSame(
            (await stepAt(session, await session.one(aggregateId), version)).changes,
            changes,
            'as .step has it',
          )
        t.strictSame(changed(state).sort(), changes.map(({ field }) => field).sort(), `the difference at ${position}`)
        for (const { field, before } of changes)
          if (former)
            t.equal(text(now.find(({ name }) => name === field) as Field, 'added'), inspect(before), `${field} before`)
      }
      const last = await session.recorder.maxNotificationId()
      for (const position of [0, last + 1]) t.equal(await sights.stateAt({ position, who: '' }), undefined)
    },
  )
t.test('there were positions to look at', async (t) => t.ok(positions >= 12))

t.test('it says what happened, and that nothing did', async (t) => {
  const { session, sights, logs, log, end } = await reading(6)
  t.teardown(end)
  const lines = [
    '@event("Called") class Cat extends Aggregate { mood = "calm"; lives = 9; constructor(readonly nickname: string) { super() } @event("Ignored") ignore() {} @event("Fell") fall(where: string) { this.lives--; this.mood = "cross" } @event("Spoke") say(word: string) { this.mood = word } }',
    'const tom = new Cat("Tom"); tom.ignore(); tom.fall("stairs"); tom.say("x".repeat(90)); await school.save(tom)',
    '@event("Built") class Kennel extends Aggregate {}; await school.save(new Kennel())',
    'const Rained = defineEvent("Rained", ["mm"])',
    'await defineSlice({ boundary: () => ({}), decide: () => Rained.of({ mm: 3 }) }).run(school)',
    'const lost = new (events(class Lost extends Aggregate { static override readonly topic = "away:Lost"; go() {} }, { constructor: defineEvent("Began", []), go: defineEvent("Went", []) }))(); lost.go(); await school.save(lost)', // Its class has no name here.
  ]
  for (const line of lines) t.not((await session.evaluate(line)).kind, 'problem', line)
  const members = await session.members()
  const all = await Promise.all(
    [...log, ...(await logs.fresh())].map(({ event, who }) => sights.stateAt({ position: event.id, who })),
  )
  const labelOf = (kind: string) => members.label(members.all.find(({ topic }) => topic.endsWith(kind))?.id ?? '')
  const [cat, lost] = [labelOf('Cat'), labelOf('Lost')]
  t.strictSame(
    all.map((state) => state?.says),
    [
      'Fido is here',
      'Buster is here',
      'Fido now knows 1 trick',
      'Buster now knows 1 trick',
      'Fido now knows 2 tricks',
      'Fido now knows 3 tricks',
      `${cat} is here`,
      `it changed nothing in the state of ${cat}`,
      `${cat}: mood is now 'cross'; ${cat}: lives is now 8`,
      `${cat}: mood changed`,
      `${labelOf('Kennel')} is here`,
      'it belongs to no aggregate',
      lost,
      lost,
    ],
  )
  t.strictSame(
    all.map((state) => state?.note?.split(':')[0]),
    [
      ...Array(7).fill(undefined),
      'It changed nothing in the state.',
      undefined,
      undefined,
      'Its state has no fields.',
      'A slice recorded it',
      'Its state cannot be shown',
      'Its state cannot be shown',
    ],
  )
  t.strictSame(
    all.map((state) => state?.fields.length),
    [2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 0, 0, 0, 0],
  )
  t.ok(all[7]?.fields.every(({ change }) => change === 'none'))
})

/** Not an aggregate that could be recorded: only its fields matter. */
const having = (fields: object) => Object.assign(Object.create(Aggregate.prototype), fields) as Aggregate
const between = (before: object, after: object) => {
  const [old, now] = [having(before), having(after)]
  const changes = changesBetween(old, now)
  return { fields: fieldsIn(old, now, changes), says: sentence('dcba', old, now, changes) }
}
const marked = ({ fields }: { fields: readonly Field[] }) =>
  fields.map(({ name, change, open, items, close }) => {
    const signs = { added: '+', removed: '-', none: '', 'left out': '' }
    return `${{ none: '', new: '+', gone: '-', changed: '~' }[change]}${name} ${open}${items.map((item) => signs[item.change] + item.text).join(', ')}${close}`
  })

t.test('every kind of value is compared by its items', async (t) => {
  const cases: [before: object, after: object, shows: string[], says: string][] = [
    [{ a: [1, 2, 3] }, { a: [1, 9, 3] }, ['~a [1, -2, +9, 3]'], 'dcba: a changed'],
    [{ toys: [1, 2] }, { toys: [] }, ['~toys [-1, -2]'], 'dcba now has no toys'],
    [{ a: [1, 1] }, { a: [1] }, ['~a [1, -1]'], 'dcba now has 1 a'],
    [{ a: new Set(['x']) }, { a: new Set(['x', 'y']) }, ["~a Set {'x', +'y'}"], 'dcba now has 2 a'],
    [{ a: new Map([['x', 1]]) }, { a: new Map([['x', 2]]) }, ["~a Map {-'x' => 1, +'x' => 2}"], 'dcba: a changed'],
    [{ a: { 'b-c': 1, d: { e: [] } } }, { a: { 'b-c': 1 } }, ["~a {'b-c': 1, -d: { e: [] }}"], 'dcba: a changed'],
    [{ a: [1] }, { a: 'none' }, ["~a -[ 1 ], +'none'"], "dcba: a is now 'none'"],
    [{ name: 'Rex' }, { name: 'Max' }, ["~name -'Rex', +'Max'"], "Max: name is now 'Max'"],
    [{ a: 1, b: 2 }, { a: 1 }, ['a 1', '-b 2'], 'dcba has no b any more'],
    [{ a: 1 }, { a: 2, b: undefined }, ['~a -1, +2', 'b undefined'], 'dcba: a is now 2'],
    [{ a: 1, f: () => 1 }, { a: 2, f: () => 1 }, ['~a -1, +2', 'f [Function: f]'], 'dcba: a is now 2'],
    [
      { a: 0, b: 0, c: 0 },
      { a: 1, b: 1, c: 1 },
      ['~a -0, +1', '~b -0, +1', '~c -0, +1'],
      '3 fields of dcba changed: a, b, c',
    ],
    [
      { a: [[[[[[1]]]]]] },
      { a: [[[[[[2]]]]]] },
      ['~a [-[ [ [ [ [ 1 ] ] ] ] ], +[ [ [ [ [ 2 ] ] ] ] ]]'],
      'dcba: a changed',
    ],
  ]
  for (const [before, after, shows, says] of cases) {
    const found = between(before, after)
    t.strictSame([marked(found), found.says], [shows, says], inspect([before, after], { depth: 9 }))
  }
})

t.test('of a long list, the ends and what changed are shown', async (t) => {
  const long = Array.from({ length: 10_000 }, (_, at) => at)
  t.strictSame(marked(between({ a: long }, { a: [...long, 'new'] })), [
    "~a [0, 1, 2, … 9,995 more, 9998, 9999, +'new']",
  ])
  t.strictSame(marked(between({ a: long }, { a: long.toSpliced(5000, 1, -1) })), [
    '~a [0, 1, 2, … 4,997 more, -5000, +-1, … 4,996 more, 9997, 9998, 9999]',
  ])
  const all = marked(between({ a: long }, { a: long.map((each) => each + 0.5) }))[0] as string
  t.ok(all.length < 300, `${all.length}`)
})

t.test(
  'a view stops, lags behind, catches up and is built again; at an earlier position, it is what it was',
  async (t) => {
    const { session, logs, sights, end } = await reading(6)
    t.teardown(end)
    let stopped: number | undefined
    const move = async (how: ViewMove) => {
      stopped = (await sights.moveView(how, { stopped })).stopped
    }
    const shown = async (position: number) => {
      const { rows, more, ...rest } = await sights.viewAt(position, { stopped })
      t.equal(more, 0)
      return { rows: rows.map((row) => row.join(' ')).join(', '), ...rest }
    }
    const now = { follows: true, behind: 0 }
    t.strictSame(await shown(6), { rows: 'Fido 3, Buster 1', position: 6, ...now })
    t.strictSame(await shown(3), { rows: 'Fido 1, Buster 0', position: 3, ...now })
    t.strictSame(await shown(0), { rows: '', position: 0, ...now })

    await move('stop')
    await session.evaluate("await school.addTrick(idOf('buster'), 'beg'); await school.addTrick(idOf('fido'), 'beg')")
    t.strictSame(await shown(8), { rows: 'Fido 3, Buster 1', position: 6, behind: 2, follows: false })
    t.strictSame(await shown(2), { rows: 'Fido 0, Buster 0', position: 2, behind: 0, follows: false })
    await move('step')
    t.strictSame(await shown(8), { rows: 'Fido 3, Buster 2', position: 7, behind: 1, follows: false })
    await move('catchUp')
    t.strictSame(await shown(8), { rows: 'Fido 4, Buster 2', position: 8, behind: 0, follows: false })
    await session.evaluate("await school.addTrick(idOf('buster'), 'sit')")
    await move('rebuild')
    t.strictSame(await shown(9), { rows: 'Fido 4, Buster 3', position: 9, behind: 0, follows: false })
    await move('start')
    await session.evaluate("await school.addTrick(idOf('buster'), 'roll')")
    t.strictSame(await shown(10), { rows: 'Fido 4, Buster 4', position: 10, ...now })
    stopped = 7
    t.strictSame(
      await shown(10),
      { rows: 'Fido 3, Buster 2', position: 7, behind: 3, follows: false },
      'who knows where it was stopped finds it there, also if it has read more since',
    )
    t.match(
      await sightsOf(session, logs).viewAt(10, { stopped }),
      { position: 7, behind: 3, follows: false },
      'and so does another worker',
    )
    t.strictSame(await sightsOf(session, logs).moveView('step', { stopped }), { stopped: 8 })
    await move('step')
    t.equal(stopped, 8)
  },
)

t.test('what was kept says the same to a session in which no cell has run', async (t) => {
  const before = await reading(6)
  await before.session.evaluate("await school.addTrick(idOf('fido'), 'beg')")
  const { shell, end } = await sit()
  const { session } = shell
  t.teardown(() => Promise.all([end(), before.end()]))
  const bytes = await (before.session.recorder as SqliteRecorder).bytes()
  const school = session.world.schoolOn(session.world.inMemory(bytes))
  const { stateAt, viewAt, moveView } = sightsOf(session, new Logs(session), async (folder) => {
    t.equal(folder, 'kept')
    return school
  })
  const folder = 'kept'
  const log = [...before.log, ...(await before.logs.fresh())]
  t.equal(log.length, 7)
  for (const { event, who } of log) {
    const place = { position: event.id, who }
    t.strictSame(await stateAt({ ...place, folder }), await before.sights.stateAt(place), `the state at ${event.id}`)
    t.strictSame(await viewAt(event.id, { folder }), await before.sights.viewAt(event.id, {}), `the view`)
  }
  t.match(await viewAt(7, { folder, stopped: 6 }), { position: 6, behind: 1 })
  t.strictSame(await moveView('step', { folder, stopped: 6 }), { stopped: 7 })
  t.equal(await stateAt({ position: 1, who: 'fido' }), undefined, 'the log of the session has nothing of it')
  t.equal(await session.recorder.maxNotificationId(), 0, 'nor has it now')
  await t.rejects(stateAt({ position: 1, who: 'fido', store: 'morning', folder }), { message: /the store of morning/ })
})

t.test('the state is not said from what was kept, where a cell may have changed what an event means', async (t) => {
  const pieces = (code: string) => [
    { prose: '', cell: { text: code, steps: [], isPrediction: false } },
    { prose: '', cell: undefined },
  ]
  const ran = (code?: string) => ({
    name: '1',
    runs: [{ piece: 0, seed: 1, time: 1, ...(code !== undefined && { code }) }],
  })
  t.notOk(hasClasses(ran(), pieces("await school.registerDog('Fido')")))
  t.ok(hasClasses(ran(), pieces('class Dog extends Aggregate {}')), 'in the code of the lesson')
  t.ok(hasClasses(ran('class Dog extends Aggregate {}'), pieces('1')), 'in what it was edited to')
  t.ok(hasClasses(ran('Dog.prototype.addTrick = () => {}'), pieces('1')))
  t.notOk(hasClasses(ran('classes'), pieces('class Dog {}')), 'what did not run counts not')

  const asked: object[] = []
  const calls: Sights = {
    stateAt: async (event) => void asked.push(event),
    viewAt: async (_, view) => asked.push(view) as never,
    moveView: async (_, view) => asked.push(view) as never,
  }
  const all = async (hasClasses: boolean) => {
    const { stateAt, viewAt, moveView } = keptSights(calls, { folder: 'kept', hasClasses })
    await stateAt({ position: 1, who: 'fido' })
    await viewAt(1, {})
    await moveView('stop', {})
    return asked.splice(0)
  }
  t.strictSame(await all(false), [{ position: 1, who: 'fido', folder: 'kept' }, { folder: 'kept' }, { folder: 'kept' }])
  t.strictSame(await all(true), [{ folder: 'kept' }, { folder: 'kept' }], 'what a view counts has no class')
})

t.test('what happened on a store that a cell has made is seen there', async (t) => {
  const { session, sights, end } = await reading(7)
  t.teardown(end)
  const store = 'monday and tuesday'
  t.strictSame((await sights.viewAt(2, { store })).rows, [['Buster', '1']])
  t.strictSame((await sights.viewAt(1, { store: 'morning' })).rows, [['Fido', '0']])
  t.match(await sights.stateAt({ position: 2, who: 'buster', store }), { says: 'Buster now knows 1 trick' })
  t.match(await sights.stateAt({ position: 1, who: 'fido', store: 'morning' }), { says: 'Fido is here' })
  t.equal(await sights.stateAt({ position: 2, who: 'fido', store: 'morning' }), undefined)
  await t.rejects(sights.stateAt({ position: 1, who: 'fido', store: 'noon' }), {
    message: 'No school stands on the store of noon.',
  })
  await session.evaluate('await recorder.close()')
  t.match(await sights.stateAt({ position: 2, who: 'buster', store }), {
    fields: [],
    says: 'buster',
    note: /^Its state cannot be shown: /,
  })
})
