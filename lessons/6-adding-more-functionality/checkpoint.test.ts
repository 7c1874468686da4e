/**
 * Two files, and one direction: the school knows the dog, and the dog knows no school. Each dog keeps his own past, also
 * when two people teach him at the same moment.
 */
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Aggregate,
  Application,
  MemoryRecorder,
  type StoredEvent,
  type Tracking,
  VersionConflictError,
} from 'dog-school'
import { judge } from '../../src/checkpoints/judging/judge'
import { throws } from '../../src/checkpoints/judging/likeness'
import { leadsTo, watchImports } from '../../src/checkpoints/judging/trace-imports'

/** Shows who does not wait until it has appended, who tries again, and who hides that it cannot append. */
class SlowRecorder extends MemoryRecorder {
  appends = 0
  isFull = false
  override async append(events: readonly StoredEvent[], tracking?: Tracking): Promise<number[]> {
    this.appends++
    await sleep(3)
    if (this.isFull) throw new Error('the disk is full')
    return super.append(events, tracking)
  }
}

type School = Application & {
  registerDog(name: string): Promise<string>
  addTrick(id: string, trick: string): Promise<unknown>
  getDog(id: string): Promise<{ tricks: unknown }>
}
type Schools = new (recorder?: MemoryRecorder) => School

const begun = ['const school = new DogSchool(recorder)', "const fido = await school.registerDog('Fido')"]
const taught = [...begun, "await school.addTrick(fido, 'roll over')", "await school.addTrick(fido, 'play dead')"]
const two = [...begun, "const buster = await school.registerDog('Buster')", "await school.addTrick(fido, 'roll over')"]
const both = [...two, "await school.addTrick(buster, 'fetch ball')", "await school.addTrick(fido, 'play dead')"]
const notLoaded = {
  'wrong-path': /^It imports '/,
  'not-imported': /is not defined|is not a function|extends value undefined/,
}
const notMade = throws(/is not a constructor/)
const notFound = throws(/^Cannot find module/)
const isAggregate = (value: unknown) => value instanceof Aggregate
const isSchool = (value: unknown) => typeof value === 'function' && value.prototype instanceof Application
const listed = (exported: object) => `the exports are: ${Object.keys(exported).join(', ') || 'none'}`

judge(__dirname, async ({ folder, load, check, expect, refuse }) => {
  await check('files', () => {
    for (const [file, hint] of [
      ['dog.ts', 'no-dog-file'],
      ['dog-school.ts', 'no-school-file'],
    ] as const)
      if (!existsSync(join(folder, file))) refuse(hint, { came: `there is no ${file}` })
  })

  const here = realpathSync(folder)
  const { imports, stop } = watchImports(here)
  try {
    const dog = load('dog.ts', notLoaded)
    const Dog = dog.Dog as { readonly prototype: object }
    const ofDog = [...imports]
    const mustNotKnow = () => {
      if (!leadsTo(imports, './dog', './dog-school')) return
      const came = imports.map(({ from, to }) => `${from} loads ${to}`).join(', ')
      refuse('dog-knows-school', { did: "import { Dog } from './dog'", came })
    }

    await check('direction', () => {
      const did = "import { DogSchool } from './dog'"
      const isSwapped = leadsTo(ofDog, './dog', './dog-school') && !load('dog-school.ts').DogSchool
      if (isSwapped && isSchool(dog.DogSchool)) refuse('school-in-dog-file', { did, came: listed(dog) })
      mustNotKnow()
    })

    await check('dog', async () => {
      const did = "import { Dog } from './dog'"
      if (Object.values(dog).some(isSchool) || dog.DogSchool)
        refuse('school-in-dog-file', { did: "import { DogSchool } from './dog'", came: listed(dog) })
      if (typeof Dog !== 'function') refuse('dog-not-exported', { did, came: listed(dog) })
      if (!(Dog.prototype instanceof Aggregate)) refuse('dog-changed', { did, came: 'a class that is no aggregate' })
      const fido = ["const fido = new Dog('Fido')", "fido.addTrick('roll over')"]
      const told = '[fido.name, ...fido.tricks, ...fido.pendingEvents.map(({ name, payload }) => [name, payload])]'
      const facts = [
        ['Registered', { name: 'Fido' }],
        ['TrickAdded', { trick: 'roll over' }],
      ]
      const shows = ['Fido', 'roll over', ...facts]
      await expect({ code: [...fido, told].join('\n'), names: { Dog }, shows, hint: 'dog-changed' })
    })

    const exported = load('dog-school.ts', notLoaded)
    const DogSchool = exported.DogSchool as Schools

    await check('school', async () => {
      const did = "import { DogSchool } from './dog-school'"
      if (typeof DogSchool !== 'function') refuse('no-school', { did, came: listed(exported) })
      if (!isSchool(DogSchool)) refuse('school-changed', { did, came: 'a class that does not extend Application' })
    })

    /** Each example begins with an empty store. */
    const show = (...lines: string[]) => ({
      code: lines.join('\n'),
      names: { DogSchool, Dog, Application, isAggregate, recorder: new SlowRecorder() },
    })

    await check('works', async () => {
      const hint = 'school-changed'
      const loadsDog = imports.some(({ from, to }) => from === './dog-school' && to === './dog')
      const slips = {
        'lost-this': throws(
          /^(retry|save|repository) is not defined|of undefined \(reading '(repository|save|retry)'\)/,
        ),
        'not-imported': throws(/is not defined/),
        'registers-otherwise': throws(/^An id must be/),
        'retry-what': throws(/^\w+ is not a function/),
        'calls-itself': throws(/call stack/),
        'school-changed': throws(/No Dog has the id/),
        braces: (_: unknown, error?: unknown) => loadsDog && notMade(_, error),
        'wrong-path': (_: unknown, error?: unknown) => notMade(_, error) || notFound(_, error),
      }
      await expect({
        ...show(...begun, '(await school.getDog(fido)).name'),
        shows: 'Fido',
        hint: 'answers-otherwise',
        slips,
      })
      const late = await comesLater(DogSchool)
      const log = '(await school.notificationLog.select()).map((event) => event.payload)'
      const facts = [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }]
      const told = (value: unknown) => (Array.isArray(value) ? value.length : 0)
      const recorded = { ...slips, 'not-awaited': () => late, 'recorded-twice': (value: unknown) => told(value) > 3 }
      await expect({ ...show(...taught, log), shows: facts, hint, slips: recorded })
      const tricks = '(await school.getDog(fido)).tricks'
      const others = { 'mixed-up': (value: unknown) => told(value) > 2, 'answers-otherwise': () => true }
      await expect({ ...show(...taught, tricks), shows: ['roll over', 'play dead'], hint, slips: others })
      await expect({
        ...show(...taught, 'isAggregate(await school.getDog(fido))'),
        shows: false,
        hint: 'answers-otherwise',
      })
      const spelled = [...begun, "await school.addTrick(fido, '  High FIVE ')", `${tricks}[0]`]
      await expect({ ...show(...spelled), shows: '  High FIVE ', hint: 'other-spelling' })
    })

    await check('one-dog', async () => {
      const { classes, dogs, answer } = await workOf(DogSchool)
      const did = 'await school.getDog(fido)'
      if ((exported.Dog ?? Dog) !== Dog || classes.some((each) => each !== Dog))
        refuse('two-dogs', { did, came: 'the school loads another class than the Dog of ./dog' })
      if (dogs.some(({ tricks }) => Array.isArray(tricks) && tricks === answer.tricks))
        refuse('answers-otherwise', { did, came: 'the very list that the dog works with' })
    })

    await check('several', async () => {
      const hint = 'mixed-up'
      const slips = { 'mixed-up': () => true }
      const of = (dog: string, what: string) => `(await school.getDog(${dog})).${what}`
      await expect({ ...show(...two, of('buster', 'tricks')), shows: [], hint, slips })
      await expect({ ...show(...both, of('buster', 'tricks')), shows: ['fetch ball'], hint, slips })
      await expect({ ...show(...both, of('fido', 'tricks')), shows: ['roll over', 'play dead'], hint, slips })
      await expect({ ...show(...both, of('fido', 'name')), shows: 'Fido', hint, slips })
      const another = ['const another = new DogSchool(recorder)', of('buster', 'tricks').replace('school', 'another')]
      await expect({ ...show(...both, ...another), shows: ['fetch ball'], hint, slips })
      const namesake = ["const namesake = await school.registerDog('Fido')", of('namesake', 'tricks')]
      await expect({ ...show(...both, ...namesake), shows: [], hint, slips })
      // Somebody who is no school of this class: nothing that is kept beside the events can know of it.
      const other = ['const other = new Application(recorder, { name: school.name })', "const rex = new Dog('Rex')"]
      const rex = [...other, 'await other.save(rex)', of('rex.id', 'name')]
      await expect({ ...show(...both, ...rex), shows: 'Rex', hint, slips })
      mustNotKnow()
    })

    await check('race', async () => {
      const isConflict = (error: unknown) => error instanceof VersionConflictError
      const lines = [
        ...begun,
        'const other = new DogSchool(recorder)',
        "await Promise.all([school.addTrick(fido, 'sit'), other.addTrick(fido, 'beg')])",
        '(await school.getDog(fido)).tricks.sort()',
      ]
      const race = show(...lines)
      // One append registers him, and each of the two tries at least once.
      const triedAgain = () => race.names.recorder.appends > 3
      const slips = {
        'loads-once': (_: unknown, error?: unknown) => isConflict(error) && triedAgain(),
        // Alone it worked: whatever is thrown here comes of the conflict, also in other words.
        'no-retry': (_: unknown, error?: unknown) => error !== undefined,
        'trick-lost': (value: unknown) => Array.isArray(value) && value.length < 2,
        'trick-twice': (value: unknown) => Array.isArray(value) && value.length > 2,
      }
      await expect({ ...race, shows: ['beg', 'sit'], hint: 'no-retry', slips })
      const outcome = "await school.addTrick(fido, 'sit').then(() => 'no error', () => 'an error')"
      const full = show(...begun, 'recorder.isFull = true', outcome)
      await expect({ ...full, shows: 'an error', hint: 'hides-errors' })
      const nobody = show('const school = new DogSchool(recorder)', "const fido = 'nobody'", outcome)
      await expect({ ...nobody, shows: 'an error', hint: 'hides-errors' })
    })
  } finally {
    stop()
  }
})

/** Whether a trick is in the log only some time after `addTrick` is over. */
async function comesLater(DogSchool: Schools): Promise<boolean> {
  const school = new DogSchool(new SlowRecorder())
  try {
    const id = await school.registerDog('Fido')
    await school.addTrick(id, 'roll over')
    const before = await school.notificationLog.max()
    await sleep(20)
    return (await school.notificationLog.max()) > before
  } catch {
    return false
  }
}

/** How a school answers: the classes that it asks its repository for, the dogs that it gets, what it makes of them. */
async function workOf(DogSchool: Schools) {
  const school = new DogSchool(new MemoryRecorder())
  const id = await school.registerDog('Fido')
  await school.addTrick(id, 'roll over')
  const classes: unknown[] = []
  const dogs: { tricks?: unknown }[] = []
  const get = school.repository.get.bind(school.repository)
  Object.defineProperty(school.repository, 'get', {
    value: async (...args: Parameters<typeof get>) => {
      classes.push(args[0])
      const dog = await get(...args)
      dogs.push(dog as { tricks?: unknown })
      return dog
    },
  })
  return { classes, dogs, answer: await school.getDog(id) }
}
