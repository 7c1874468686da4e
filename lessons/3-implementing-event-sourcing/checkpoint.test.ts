/** What happens to a dog is recorded, under the right names, with the right facts; and the events alone are the dog. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { Aggregate, EventSourcingError } from 'dog-school'
import { listed, speaksIn } from '../../src/checkpoints/judging/declared'
import { timers } from '../../src/checkpoints/judging/idle'
import { judge } from '../../src/checkpoints/judging/judge'
import { failed, failsWith, isList, isNothing, throws } from '../../src/checkpoints/judging/likeness'
import { mustPassItsOwnTest } from '../../src/checkpoints/judging/right-dogs'
import { shown } from '../../src/course/example'

type Recorded = Aggregate & { readonly name: string; readonly tricks: string[]; addTrick(trick: string): unknown }
type DogClass = (new (name: string) => Recorded) & { replay(events: readonly unknown[]): Recorded }

const taught = ["const fido = new Dog('Fido')", "fido.addTrick('roll over')", "fido.addTrick('play dead')"]
const unregistered = throws(/is an event too|constructor of its own/)
/** What keeps a dog from being made at all. */
const birthIn = (speaksOf: (what: RegExp) => boolean) => ({
  super: throws(/super constructor/),
  ts1206: (_: unknown, error?: unknown) =>
    unregistered(undefined, error) &&
    speaksOf(/^\s*@event\(.*\)\s*(\/\/.*\s*)?((public|private|protected)\s+)?constructor\b/m),
  'no-sign': (_: unknown, error?: unknown) => unregistered(undefined, error) && speaksOf(/^\s*event\(/m),
  'no-registered': unregistered,
  'no-trick-added': throws(/overrides .* without an @event/),
  'two-decorators': throws(/Two methods record/),
  facts: failsWith('INVALID_PAYLOAD'),
})

judge(__dirname, async (answer) => {
  const { folder, load, check, expect, refuse } = answer
  const speaksOf = speaksIn(folder, 'dog.ts')
  const birth = birthIn(speaksOf)
  const exported = load('dog.ts', {
    'event-name': /@event takes the name|(Registered|TrickAdded|addTrick) is not defined/,
    async: /cannot be async/,
    'wrong-place': /belongs on a class or on a method/,
    'not-extended': /'super' keyword unexpected|is not an aggregate/,
    'two-decorators': /are both on/,
    'no-plain-name': /cannot name what it records/,
    facts: /write the same names in the same order/,
    capital: ({ message }) =>
      !message.startsWith('It imports') &&
      (/\b(Event|aggregate)\b/.test(message) ||
        speaksOf(/import\s*\{[^}]*\b(Event|aggregate)\b[^}]*\}\s*from ['"]dog-school/)),
    'not-imported':
      /is not defined|is not a function|extends value undefined|invoked without 'new'|Cannot destructure|^It imports/,
  })
  const Dog = exported.Dog as DogClass
  const names = { Dog }
  const show = (code: string) => ({ code: [...taught, code].join('\n'), names })

  await check('class', () => {
    if (typeof Dog === 'function') return
    refuse('not-exported', { did: "import { Dog } from './dog'", came: listed(exported) })
  })

  await check('plain', async () => {
    const slips = {
      ...birth,
      'no-aggregate-call': throws(/is not an aggregate/),
      async: (value: unknown, error?: unknown) => throws(/returned a promise/)(value, error) || isLate(Dog),
      'recorded-twice': () => eventsOfOneTrick(Dog) > 1,
      'no-list': throws(/undefined \(reading '(push|concat|includes|length)'\)|tricks is not iterable/),
      endless: throws(/call stack/),
      refuses: isOwn,
      'applied-twice': (value: unknown) => isList(value) && count(value, 'roll over') > 1,
      'another-trick': (value: unknown) => isList(value) && value.length === 2 && count(value, 'roll over') === 0,
    }
    await expect({ code: "new Dog('Fido').name", names, shows: 'Fido', hint: 'name', slips })
    const isFull = (value: unknown) => isList(value) && value.length > 0
    const born = { ...slips, 'no-list': isNothing, 'born-with-tricks': isFull }
    if (Dog.prototype instanceof Aggregate)
      await expect({ code: "new Dog('Fido').tricks", names, shows: [], hint: 'plain', slips: born })
    const afterwards = { ...slips, 'not-kept': [], 'in-front': ['play dead', 'roll over'], replaced: ['play dead'] }
    await expect({ ...show('fido.tricks'), shows: ['roll over', 'play dead'], hint: 'plain', slips: afterwards })
    const more = show("fido.addTrick('beg')\nfido.tricks")
    const shows = ['roll over', 'play dead', 'beg']
    const isMore = (value: unknown) => isList(value) && value.length > 3 && isDeepStrictEqual(value.slice(-3), shows)
    await expect({ ...more, shows, hint: 'plain', slips: { 'outside-state': isMore, ...slips } })
  })

  await check('aggregate', () => {
    if (!(Dog.prototype instanceof Aggregate))
      refuse('not-an-aggregate', { did: "new Dog('Fido').pendingEvents", came: 'undefined: this dog keeps no events' })
  })

  await check('registered', () => {
    const code = "new Dog('Fido').pendingEvents.map((event) => event.name)"
    const isNone = (value: unknown) => isList(value) && value.length === 0
    const slips = { ...birth, 'no-registered': isNone, 'one-name': () => hasOneName(Dog) }
    return expect({ code, names, shows: ['Registered'], hint: 'event-names', slips })
  })

  await check('name-fact', () => {
    const code = "new Dog('Fido').pendingEvents[0].payload"
    return expect({ code, names, shows: { name: 'Fido' }, hint: 'facts' })
  })

  await check('trick-added', () => {
    const slips = {
      'no-trick-added': ['Registered'],
      'one-name': () => hasOneName(Dog),
      'recorded-twice': (value: unknown) => isList(value) && value.length > 3 && count(value, 'TrickAdded') > 1,
      'some-not-recorded': (value: unknown) =>
        isList(value) && value.length < 3 && count(value, 'Registered') + count(value, 'TrickAdded') === value.length,
    }
    const shows = ['Registered', 'TrickAdded', 'TrickAdded']
    return expect({ ...show('fido.pendingEvents.map((event) => event.name)'), shows, hint: 'event-names', slips })
  })

  await check('trick-fact', () => {
    const shows = [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }]
    return expect({ ...show('fido.pendingEvents.map((event) => event.payload)'), shows, hint: 'facts' })
  })

  await check('spelling', async () => {
    const hint = 'another-trick'
    const spelled = "fido.addTrick('  High FIVE ')"
    await expect({ ...show(`${spelled}\nfido.tricks.at(-1)`), shows: '  High FIVE ', hint })
    await expect({ ...show(`${spelled}\nfido.pendingEvents[3].payload`), shows: { trick: '  High FIVE ' }, hint })
  })

  await check('known', () => {
    const again = "try { fido.addTrick('play dead') } catch {}\nfido.pendingEvents.length - fido.tricks.length"
    return expect({ ...show(again), shows: 1, hint: 'event-without-effect' })
  })

  await check('versions', async () => {
    await expect({ ...show('fido.pendingEvents.map((event) => event.version)'), shows: [1, 2, 3], hint: 'event-names' })
    for (const name of ['version', 'id'])
      await expect({ ...show(`Object.hasOwn(fido, '${name}')`), shows: false, hint: 'id-and-version' })
  })

  await check('saved', async () => {
    const hint = 'only-while-pending'
    const code = (last: string) => show(`fido.collectEvents()\n${last}`)
    await expect({ ...code('fido.name'), shows: 'Fido', hint })
    const slips = { [hint]: failed }
    const more = ['roll over', 'play dead', 'beg']
    await expect({ ...code("fido.addTrick('beg')\nfido.tricks"), shows: more, hint, slips })
  })

  await check('replay', async () => {
    const code = (last: string, count = '') =>
      show(`const events = fido.collectEvents()${count}\nconst again = Dog.replay(events)\n${last}`)
    const hint = 'behind-the-event'
    const slips = {
      'outside-state': (value: unknown, error?: unknown) => failed(value, error) || (isList(value) && value.length > 2),
    }
    await expect({ ...code('again.tricks'), shows: ['roll over', 'play dead'], hint, slips })
    await expect({ ...code('again.name'), shows: 'Fido', hint })
    await expect({ ...code('again.pendingEvents.length'), shows: 0, hint: 'recorded-again' })
    await expect({ ...code('again.version'), shows: 3, hint: 'id-and-version' })
    await expect({ ...code('again.id === fido.id'), shows: true, hint: 'id-and-version' })
    await expect({ ...code('again.tricks', '.slice(0, 2)'), shows: ['roll over'], hint: 'outside-state' })
  })

  await check('every-time', async () => {
    const fido = new Dog('Fido')
    fido.addTrick('roll over')
    fido.addTrick('play dead')
    const events = fido.collectEvents()
    await sleep(3)
    const [was, is] = [fieldsOf(fido), fieldsOf(Dog.replay(events))]
    if (isDeepStrictEqual(was, is)) return
    refuse('another-each-time', { did: [...taught, 'Dog.replay(fido.collectEvents())'].join('\n'), ...both(was, is) })
  })

  await check('own-past', async () => {
    const code = [...taught, "new Dog('Buster').tricks"].join('\n')
    await expect({ code, names, shows: [], hint: 'outside-state' })
    await expect({ code: "new Dog('Fido').id === new Dog('Fido').id", names, shows: false, hint: 'same-id' })
  })

  await check('test', () => mustPassItsOwnTest(answer, exported))
})

const count = (names: readonly unknown[], name: string) => names.filter((each) => each === name).length

/** What the learner's own code refuses, and not the language or the library. */
const isOwn = (_: unknown, error?: unknown) =>
  error instanceof Error &&
  !(error instanceof EventSourcingError) &&
  !/^(Type|Reference)Error|call stack/.test(`${error}`)

/** Whether what is taught comes to pass only when the call is over. */
function isLate(Dog: DogClass): boolean {
  try {
    const fido = new Dog('Fido')
    const before = timers()
    const said = fido.addTrick('roll over')
    return fido.tricks.length === 0 && (said instanceof Promise || timers() > before)
  } catch {
    return false
  }
}

function eventsOfOneTrick(Dog: DogClass): number {
  try {
    const fido = new Dog('Fido')
    const before = fido.pendingEvents.length
    fido.addTrick('roll over')
    return fido.pendingEvents.length - before
  } catch {
    return 0
  }
}

/** Whether to be made and to be taught are events of the same name. */
function hasOneName(Dog: DogClass): boolean {
  try {
    const fido = new Dog('Fido')
    fido.addTrick('roll over')
    fido.addTrick('play dead')
    return fido.pendingEvents.length === 3 && new Set(fido.pendingEvents.map(({ name }) => name)).size === 1
  } catch {
    return false
  }
}

/** What can be seen of a dog from outside: his fields, without those that are functions. */
const fieldsOf = (dog: object) => Object.fromEntries(Object.entries(dog).filter(([, it]) => typeof it !== 'function'))

const both = (was: object, is: object) => ({ expected: shown(was), came: shown(is) })
