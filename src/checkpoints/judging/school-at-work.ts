/**
 * What a school does that registers, teaches and answers, check by check. The lesson in which it is written has them one by
 * one; in those after it they are a single check: it does what it did before.
 */
import { Aggregate, Application } from 'dog-school'
import type { Checkpoint } from './judge'
import { fieldOfDogs } from './kept-dogs'
import { failed, failsWith, isList, isNothing } from './likeness'
import { SlowRecorder } from './slow-recorder'
import { isAggregate, type Schools, type Seen, watch } from './watch-school'
import { type Slips, slipsOf, whyUnsaved, whyUntaught } from './why-not'

const begun = 'const school = new DogSchool(recorder)'
const registered = [begun, "const id = await school.registerDog('Fido')"]
const taught = [...registered, "await school.addTrick(id, 'roll over')", "await school.addTrick(id, 'play dead')"]
const log = '(await school.notificationLog.select()).map((event) => event.name)'
const id = '0a1b…'

export interface AtWork extends Pick<Checkpoint, 'check' | 'expect' | 'refuse'> {
  readonly DogSchool: Schools
  readonly Dog: object
  /** What the lesson knows of ways to be wrong, before those that are known here. */
  readonly slips?: Slips
}

type Checks = Readonly<Record<string, () => Promise<void>>>

export function schoolAtWork({ expect, refuse, DogSchool, Dog, slips: own = {} }: Omit<AtWork, 'check'>): Checks {
  /** Each example begins with an empty store. */
  const show = (...lines: string[]) => ({
    code: lines.join('\n'),
    names: { DogSchool, Dog, Application, isAggregate, recorder: new SlowRecorder() },
  })

  return {
    async methods() {
      const names = ['registerDog', 'addTrick', 'getDog'] as const
      const school = new DogSchool()
      if (names.every((name) => typeof school[name] === 'function')) return
      const own = [...Object.getOwnPropertyNames(DogSchool.prototype), ...Object.keys(school)]
      const isMethod = (name: string) => typeof Reflect.get(school, name) === 'function'
      const its = own.filter((name) => name !== 'constructor' && !(name in new Application()) && isMethod(name))
      refuse(names.some((name) => name in DogSchool) ? 'static' : 'method-names', {
        did: 'new DogSchool()',
        expected: `it has ${names.join(', ')}`,
        came: `it has ${its.join(', ') || 'no methods of its own'}`,
      })
    },

    async registers() {
      const { hint, seen } = await whyUnsaved(DogSchool)
      const slips: Slips = {
        ...own,
        'returns-nothing': isNothing,
        ...slipsOf(seen),
        collected: (_: unknown, error?: unknown) => failed(_, error) && hint === 'collected',
      }
      const { steps } = seen
      const isText = (value: unknown) => typeof value === 'string'
      await expect({ ...show(...registered, 'id'), shows: id, accepts: isText, hint: 'returns-dog', slips, steps })
      await expect({ ...show(...registered, log), shows: ['Registered'], hint, slips: { threw: closed }, steps })
      const both = '{ returned: id, inTheLog: (await school.notificationLog.select())[0].aggregateId }'
      const isSame = (value: unknown) => {
        const { returned, inTheLog } = value as { readonly returned: unknown; readonly inTheLog: unknown }
        return returned === inTheLog
      }
      const shows = { returned: id, inTheLog: id }
      await expect({ ...show(...registered, `(${both})`), shows, accepts: isSame, hint: 'returns-dog', steps })
      const buster = ["await school.registerDog('Buster')", '(await school.notificationLog.select())[1].payload']
      await expect({ ...show(...registered, ...buster), shows: { name: 'Buster' }, hint: 'facts' })
      const namesake = [...registered, "(await school.registerDog('Fido')) === id"]
      await expect({ ...show(...namesake), shows: false, hint: 'kept-in-memory', slips: { 'kept-in-memory': failed } })
    },

    async answers() {
      const school = new DogSchool(new SlowRecorder())
      const seen = await watch(school, 'getDog', await school.registerDog('Fido'))
      const slips: Slips = {
        ...own,
        'question-records': () => seen.saves.length > 0,
        'not-his-tricks': (value: unknown) => isList(Object(value).tricks) && Object(value).tricks.flat().length > 0,
        'returns-nothing': isNothing,
        ...slipsOf(seen),
      }
      const promised = (value: unknown) => value instanceof Object && 'name' in value && value.name instanceof Promise
      const inside = (value: unknown, error?: unknown) =>
        promised(value) || slips['await-inside']?.(value, error) === true
      const shows = { name: 'Fido', tricks: [] }
      const accepts = (value: unknown) => {
        const { name, tricks } = Object(value)
        return name === 'Fido' && isList(tricks) && tricks.length === 0
      }
      const code = show(...registered, 'await school.getDog(id)')
      const { steps } = seen
      const hint = unanswered(seen)
      await expect({ ...code, shows, accepts, hint, slips: { ...slips, 'await-inside': inside }, steps })
    },

    async teaches() {
      const { hint, seen } = await whyUntaught(DogSchool)
      const names = ['Registered', 'TrickAdded', 'TrickAdded']
      const slips = { ...own, ...slipsOf(seen) }
      await expect({ ...show(...taught, log), shows: names, hint, slips, steps: seen.steps })
    },

    async facts() {
      const shows = [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }]
      const payloads = '(await school.notificationLog.select()).map((event) => event.payload)'
      await expect({ ...show(...taught, payloads), shows, hint: 'facts' })
      const tricks = ['roll over', 'play dead']
      const school = new DogSchool(new SlowRecorder())
      const seen = await watch(school, 'getDog', await school.registerDog('Fido'))
      const { steps } = seen
      const code = show(...taught, '(await school.getDog(id)).tricks')
      await expect({ ...code, shows: tricks, hint: unanswered(seen), steps })
      const spelled = [...registered, "await school.addTrick(id, '  High FIVE ')"]
      for (const last of [
        '(await school.getDog(id)).tricks[0]',
        '(await school.notificationLog.select())[1].payload.trick',
      ])
        await expect({ ...show(...spelled, last), shows: '  High FIVE ', hint: 'other-spelling' })
    },

    async 'only-loads'() {
      const asked = [...taught, 'await school.getDog(id)', 'await school.getDog(id)']
      const count = '(await school.notificationLog.select()).length'
      await expect({ ...show(...asked, count), shows: 3, hint: 'question-records' })
      const is = 'isAggregate(await school.getDog(id))'
      await expect({ ...show(...taught, is), shows: false, hint: 'gives-the-dog' })
    },

    async copy() {
      const changed = ['const dog = await school.getDog(id)', 'try { dog.tricks.push("bite") } catch {}']
      const shows = ['roll over', 'play dead']
      await expect({ ...show(...taught, ...changed, '(await school.getDog(id)).tricks'), shows, hint: 'no-copy' })
      if (await givesLiveList(DogSchool))
        refuse('no-copy', { did: 'await school.getDog(id)', came: 'the very list that the dog works with' })
    },

    async 'no-memory'() {
      const hint = 'kept-in-memory'
      const slips = { [hint]: failed }
      const another = 'const another = new DogSchool(recorder)'
      const there = [another, "await another.addTrick(id, 'fetch ball')", '(await school.getDog(id)).tricks']
      const shows = ['roll over', 'play dead', 'fetch ball']
      await expect({ ...show(...taught, ...there), shows, hint, slips })
      const two = ["const buster = await school.registerDog('Buster')", "await school.addTrick(buster, 'fetch ball')"]
      await expect({ ...show(...taught, ...two, '(await school.getDog(id)).name'), shows: 'Fido', hint, slips })
      const tricks = '(await school.getDog(buster)).tricks'
      await expect({ ...show(...taught, ...two, tricks), shows: ['fetch ball'], hint, slips })
      // Somebody who is no school of this class: nothing that is kept beside the events can know of it.
      const byHand = ['const other = new Application(recorder, { name: school.name })', 'await school.getDog(id)']
      const teaches = [
        'const dog = await other.repository.get(Dog, id)',
        "dog.addTrick('fetch ball')",
        'await other.save(dog)',
      ]
      await expect({
        ...show(...taught, ...byHand, ...teaches, '(await school.getDog(id)).tricks'),
        shows,
        hint,
        slips,
      })
      const rex = ["const rex = new Dog('Rex')", 'await other.save(rex)', "await school.addTrick(rex.id, 'sit')"]
      const asked = 'const { name, tricks } = await school.getDog(rex.id)'
      const all = [byHand[0] as string, ...rex, asked, '({ name, tricks })']
      await expect({ ...show(begun, ...all), shows: { name: 'Rex', tricks: ['sit'] }, hint, slips })
      const school = new DogSchool(new SlowRecorder())
      const kept = await school.registerDog('Fido')
      await school.addTrick(kept, 'roll over')
      await school.getDog(kept)
      const field = fieldOfDogs(school, DogSchool)
      const did = [...registered, "await school.addTrick(id, 'roll over')", 'await school.getDog(id)'].join('\n')
      if (field !== undefined) refuse('dogs-in-a-field', { did, came: `its field '${field}' has kept a dog` })
    },

    async unknown() {
      const outcome = ".then(() => 'an answer', () => 'an error')"
      for (const call of ["school.getDog('nobody')", "school.addTrick('nobody', 'roll over')"])
        await expect({ ...show(begun, `await ${call}${outcome}`), shows: 'an error', hint: 'swallowed' })
      const full = ['recorder.isFull = true', `await school.registerDog('Fido')${outcome}`]
      await expect({ ...show(begun, ...full), shows: 'an error', hint: 'save-failed' })
    },
  }
}

/** A wrong answer: it was made without the dog, or with him. */
const unanswered = ({ ended, loads }: Seen) => (ended && loads === 0 ? 'not-loaded' : 'answer')

const closed = failsWith('CLOSED')

/** Whether what `getDog` answers holds the list of the dog that it has loaded. */
async function givesLiveList(DogSchool: Schools): Promise<boolean> {
  const school = new DogSchool(new SlowRecorder())
  const id = await school.registerDog('Fido')
  await school.addTrick(id, 'roll over')
  const { answer, loaded } = await watch(school, 'getDog', id)
  const { tricks } = Object(answer)
  return isList(tricks) && loaded.some((dog) => Reflect.get(dog, 'tricks') === tricks)
}

const fido = ["const fido = new Dog('Fido')", "fido.addTrick('roll over')", "fido.addTrick('play dead')"]
const facts = [
  ['Registered', { name: 'Fido' }],
  ['TrickAdded', { trick: 'roll over' }],
  ['TrickAdded', { trick: 'play dead' }],
]

/** The dog is still the one that he was. */
export async function dogAsHeWas({ expect, refuse, Dog }: Pick<AtWork, 'expect' | 'refuse' | 'Dog'>): Promise<void> {
  const hint = 'dog-changed'
  const slips = { [hint]: failed }
  if (!((Dog as { readonly prototype: object }).prototype instanceof Aggregate))
    refuse(hint, { did: 'class Dog', came: 'a class that does not extend Aggregate' })
  const told = 'fido.pendingEvents.map(({ name, payload }) => [name, payload])'
  // One dog: whether two of them share a list is another question.
  const code = [...fido, `({ name: fido.name, tricks: [...fido.tricks], events: ${told} })`].join('\n')
  const shows = { name: 'Fido', tricks: ['roll over', 'play dead'], events: facts }
  await expect({ code, names: { Dog }, shows, hint, slips })
}
