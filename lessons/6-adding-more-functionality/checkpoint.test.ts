/**
 * Two files, and one direction: the school knows the dog, and the dog knows no school. Each dog keeps his own past, also
 * when two people teach him at the same moment.
 */
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Application, MemoryRecorder, VersionConflictError } from 'dog-school'
import { isDeclaredIn, listed } from '../../src/checkpoints/judging/declared'
import { judge } from '../../src/checkpoints/judging/judge'
import { failed, throws } from '../../src/checkpoints/judging/likeness'
import { dogAsHeWas, schoolAtWork } from '../../src/checkpoints/judging/school-at-work'
import { SlowRecorder } from '../../src/checkpoints/judging/slow-recorder'
import { type Import, leadsTo, watchImports, writtenImports } from '../../src/checkpoints/judging/trace-imports'
import { type Schools, watch } from '../../src/checkpoints/judging/watch-school'
import { sourcesIn } from '../../src/checkpoints/sources'

const begun = ['const school = new DogSchool(recorder)', "const fido = await school.registerDog('Fido')"]
const two = [...begun, "const buster = await school.registerDog('Buster')", "await school.addTrick(fido, 'roll over')"]
const both = [...two, "await school.addTrick(buster, 'fetch ball')", "await school.addTrick(fido, 'play dead')"]
const notLoaded = {
  'wrong-path': /^It imports '/,
  'not-imported': /is not defined|is not a function|extends value undefined/,
  'async-dog': /cannot be async/,
  'dog-changed': /the class is not an aggregate/,
}
const notMade = throws(/is not a constructor/)
const notFound = throws(/^Cannot find module/)
const isSchool = (value: unknown) => typeof value === 'function' && value.prototype instanceof Application
const told = (imports: readonly Import[], how: string) =>
  [...new Set(imports.map(({ from, to }) => `${from} ${how} ${to}`))].join(', ')

judge(__dirname, async ({ folder, load, check, expect, refuse }) => {
  await check('files', () => {
    const files = sourcesIn(folder)
    const came = (file: string) => `there is no ${file}; the files are: ${files.join(', ') || 'none'}`
    if (!files.includes('dog.ts')) {
      const isElsewhere = files.some((name) => name !== 'dog-school.ts' && isDeclaredIn(folder, name, 'Dog'))
      refuse(isElsewhere ? 'file-name' : 'no-dog-file', { came: came('dog.ts') })
    }
    if (!existsSync(join(folder, 'dog-school.ts'))) refuse('no-school-file', { came: came('dog-school.ts') })
  })

  const here = realpathSync(folder)
  const { imports, stop } = watchImports(here)
  try {
    const dog = load('dog.ts', notLoaded)
    const Dog = dog.Dog as { readonly prototype: object }
    const ofDog = [...imports]
    const mustNotKnow = () => {
      if (!leadsTo(imports, './dog', './dog-school')) return
      refuse('dog-knows-school', { did: "import { Dog } from './dog'", came: told(imports, 'loads') })
    }

    await check('direction', () => {
      const did = "import { DogSchool } from './dog'"
      const isSwapped = leadsTo(ofDog, './dog', './dog-school') && !load('dog-school.ts').DogSchool
      if (isSwapped && isSchool(dog.DogSchool)) refuse('school-in-dog-file', { did, came: listed(dog) })
      mustNotKnow()
      // Of a type nothing is left when the code runs; whoever reads or compiles the dog needs the school all the same.
      const written = writtenImports(here)
      if (leadsTo(written, './dog', './dog-school')) {
        const ofOthers = written.filter(({ from }) => from !== './dog-school')
        refuse('only-a-type', { did: 'dog.ts', came: told(ofOthers, 'imports') })
      }
    })

    await check('dog', async () => {
      const did = "import { Dog } from './dog'"
      if (Object.values(dog).some(isSchool) || dog.DogSchool)
        refuse('school-in-dog-file', { did: "import { DogSchool } from './dog'", came: listed(dog) })
      if (typeof Dog !== 'function') refuse('dog-not-exported', { did, came: listed(dog) })
      await dogAsHeWas({ expect, refuse, Dog })
    })

    const exported = load('dog-school.ts', notLoaded)
    const DogSchool = exported.DogSchool as Schools

    await check('school', async () => {
      const did = "import { DogSchool } from './dog-school'"
      if (typeof DogSchool !== 'function') refuse('no-school', { did, came: listed(exported) })
      if (!isSchool(DogSchool)) refuse('not-an-application', { did, came: 'a class that does not extend Application' })
    })

    await check('works', async () => {
      const loadsDog = imports.some(({ from, to }) => from === './dog-school' && to === './dog')
      const slips = {
        'lost-this': throws(
          /^(retry|save|repository|school) is not defined|of undefined \(reading '(repository|save|retry)'\)/,
        ),
        'not-imported': throws(/^[A-Z]\w* is not defined/),
        'retry-what': throws(/^command is not a function/),
        braces: (_: unknown, error?: unknown) => loadsDog && notMade(_, error),
        'wrong-path': (_: unknown, error?: unknown) => notMade(_, error) || notFound(_, error),
      }
      const { unknown, 'no-memory': memory, ...basics } = schoolAtWork({ expect, refuse, DogSchool, Dog, slips })
      for (const run of Object.values(basics)) await run()
    })

    /** Each example begins with an empty store. */
    const show = (...lines: string[]) => ({
      code: lines.join('\n'),
      names: { DogSchool, Dog, Application, recorder: new SlowRecorder() },
    })

    await check('one-dog', async () => {
      if ((exported.Dog ?? Dog) !== Dog || (await classesLoadedBy(DogSchool)).some((each) => each !== Dog))
        refuse('two-dogs', {
          did: 'await school.getDog(fido)',
          came: 'the school loads another class than the Dog of ./dog',
        })
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
      const lines = [
        ...begun,
        'const other = new DogSchool(recorder)',
        "await Promise.all([school.addTrick(fido, 'sit'), other.addTrick(fido, 'beg')])",
        '(await school.getDog(fido)).tricks.sort()',
      ]
      // Whoever waits a little first does not come too late for the conflict.
      const race = { ...show(...lines), names: { DogSchool, recorder: new SlowRecorder(20) } }
      const { steps, outside } = await stepsOf(DogSchool)
      const alone = steps.map((step, at) => (at === 0 ? `with nobody else there: ${step}` : step))
      const oneSchool = await queuesItself(DogSchool)
      const elsewhere = !steps.includes('retry begins') && (await retriesElsewhere(DogSchool))
      const isConflict = (error: unknown) => error instanceof VersionConflictError
      // One append registers him, and each of the two tries at least once.
      const triedAgain = () => race.names.recorder.appends > 3
      const slips = {
        'loads-once': (_: unknown, error?: unknown) => isConflict(error) && triedAgain(),
        'save-outside': (_: unknown, error?: unknown) => isConflict(error) && outside,
        'one-school': (_: unknown, error?: unknown) => isConflict(error) && oneSchool,
        'retry-elsewhere': (_: unknown, error?: unknown) => isConflict(error) && elsewhere,
        // Alone it worked: whatever is thrown here comes of the conflict, also in other words.
        'no-retry': failed,
        'trick-lost': (value: unknown) => Array.isArray(value) && value.length < 2,
        'trick-twice': (value: unknown) => Array.isArray(value) && value.length > 2,
      }
      await expect({ ...race, shows: ['beg', 'sit'], hint: 'no-retry', slips, steps: alone })
      const outcome = "await school.addTrick(fido, 'sit').then(() => 'no error', () => 'an error')"
      const full = [...begun, 'recorder.isFull = true']
      const nobody = ['const school = new DogSchool(recorder)', "const fido = 'nobody'"]
      for (const lines of [full, nobody]) {
        const example = { ...show(...lines, outcome), shows: 'an error', hint: 'hides-errors' }
        const { givenUp } = example.names.recorder
        const goesOn = () =>
          refuse('hides-errors', { did: example.code, came: 'it tries again and again, without end' })
        await Promise.race([expect(example), givenUp.then(goesOn)])
      }
    })
  } finally {
    stop()
  }
})

/** The classes that a school asks its repository for. */
async function classesLoadedBy(DogSchool: Schools): Promise<unknown[]> {
  const school = new DogSchool(new MemoryRecorder())
  return (await watch(school, 'getDog', await school.registerDog('Fido'))).classes
}

/** Whether two calls of one school wait for each other, so that they meet no conflict which they could try again after. */
async function queuesItself(DogSchool: Schools): Promise<boolean> {
  const recorder = new SlowRecorder(20)
  const school = new DogSchool(recorder)
  const id = await school.registerDog('Fido')
  const both = await Promise.allSettled([school.addTrick(id, 'sit'), school.addTrick(id, 'beg')])
  return both.every(({ status }) => status === 'fulfilled') && recorder.appends === 3
}

/** How a school teaches a dog when nobody else is there, and whether it saves him after `retry`, which then hears of nothing. */
async function stepsOf(DogSchool: Schools) {
  const school = new DogSchool(new MemoryRecorder())
  const { steps } = await watch(school, 'addTrick', await school.registerDog('Fido'), 'sit')
  const over = steps.indexOf('retry is over')
  return { steps, outside: over >= 0 && steps.findIndex((step) => step.startsWith('saves ')) > over }
}

/** Whether `retry` is around something that cannot end in a conflict: a dog who is new, or a question. */
async function retriesElsewhere(DogSchool: Schools): Promise<boolean> {
  const school = new DogSchool(new MemoryRecorder())
  const { steps, answer } = await watch(school, 'registerDog', 'Fido')
  const asked = await watch(school, 'getDog', String(answer))
  return [...steps, ...asked.steps].includes('retry begins')
}
