/** The school works through its methods alone: it saves what it must, answers with what it loads, and keeps nothing else. */
import { Aggregate, Application, type MemoryRecorder } from 'dog-school'
import { judge } from '../../src/checkpoints/judging/judge'
import { throws } from '../../src/checkpoints/judging/likeness'
import {
  FullRecorder,
  givesLiveList,
  hintForUnsaved,
  hintForUntaught,
  isAggregate,
  isPending,
  SlowRecorder,
  slipsOf,
  usual,
} from './schools'

const begun = 'const school = new DogSchool(recorder)'
const registered = [begun, "const id = await school.registerDog('Fido')"]
const taught = [...registered, "await school.addTrick(id, 'roll over')", "await school.addTrick(id, 'play dead')"]
const log = '(await school.notificationLog.select()).map((event) => event.name)'

judge(__dirname, async ({ load, check, expect, refuse }) => {
  const exported = load('dog-school.ts', {
    'not-imported': /is not defined|is not a function|extends value undefined/,
    'event-on-school': /cannot be async|is not an aggregate/,
  })
  const Dog = exported.Dog as { readonly prototype: object }
  const DogSchool = exported.DogSchool as new (recorder?: MemoryRecorder) => Application
  /** Each example begins with an empty store. */
  const show = (...lines: string[]) => ({
    code: lines.join('\n'),
    names: { DogSchool, Dog, Application, isAggregate, recorder: new SlowRecorder() },
  })

  await check('school', () => {
    const came = `the exports are: ${Object.keys(exported).join(', ') || 'none'}`
    const did = "import { DogSchool } from './dog-school'"
    if (typeof DogSchool !== 'function') refuse(exported.default ? 'not-exported' : 'no-school', { did, came })
    if (typeof Dog !== 'function') refuse('not-exported', { did: "import { Dog } from './dog-school'", came })
  })

  await check('dog', async () => {
    const hint = 'dog-changed'
    if (!(Dog.prototype instanceof Aggregate)) refuse(hint, { did: 'class Dog', came: 'a class that is no aggregate' })
    const fido = ["const fido = new Dog('Fido')", "fido.addTrick('roll over')", "fido.addTrick('play dead')"]
    const facts = [
      ['Registered', 'Fido'],
      ['TrickAdded', 'roll over'],
      ['TrickAdded', 'play dead'],
    ]
    const told = 'fido.pendingEvents.map(({ name, payload }) => [name, payload.name ?? payload.trick])'
    await expect({ ...show(...fido, told), shows: facts, hint })
    await expect({ ...show(...fido, '[...fido.tricks]'), shows: ['roll over', 'play dead'], hint })
  })

  await check('application', async () => {
    if (!(DogSchool.prototype instanceof Application))
      refuse('not-an-application', { did: 'class DogSchool', came: 'a class that does not extend Application' })
    const slips = { super: throws(/super constructor/) }
    await expect({
      ...show('const school = new DogSchool(recorder)', 'school.recorder === recorder'),
      shows: true,
      hint: 'own-constructor',
      slips,
    })
  })

  await check('methods', async () => {
    const isStatic = ['registerDog', 'addTrick', 'getDog'].some((name) => name in DogSchool)
    const hint = isStatic ? 'static' : 'method-names'
    for (const name of ['registerDog', 'addTrick', 'getDog'])
      await expect({ ...show(`typeof new DogSchool().${name}`), shows: 'function', hint })
  })

  await check('registers', async () => {
    const unsaved = await hintForUnsaved(DogSchool)
    const collected = (_: unknown, error?: unknown) => error !== undefined && unsaved === 'collected'
    const slips = { 'returns-nothing': 'undefined', ...usual, collected }
    await expect({ ...show(...registered, 'typeof id'), shows: 'string', hint: 'returns-dog', slips })
    await expect({ ...show(...registered, log), shows: ['Registered'], hint: unsaved })
    const same = '(await school.notificationLog.select())[0].aggregateId === id'
    await expect({ ...show(...registered, same), shows: true, hint: 'returns-dog' })
    const buster = ["await school.registerDog('Buster')", '(await school.notificationLog.select())[1].payload']
    await expect({ ...show(...registered, ...buster), shows: { name: 'Buster' }, hint: 'facts' })
  })

  await check('answers', async () => {
    const asked = [...registered, 'const dog = await school.getDog(id)']
    const usual = await slipsOf(DogSchool, (school, id) => school.getDog(id))
    const slips = { ...usual, 'returns-nothing': throws(/of undefined|of null/) }
    const name = {
      ...slips,
      'await-inside': (value: unknown, error?: unknown) => isPending(value) || usual['await-inside'](value, error),
    }
    await expect({ ...show(...asked, 'dog.name'), shows: 'Fido', hint: 'answer', slips: name })
    await expect({ ...show(...asked, 'dog.tricks'), shows: [], hint: 'answer', slips })
  })

  await check('teaches', async () => {
    const hint = await hintForUntaught(DogSchool)
    const slips = await slipsOf(DogSchool, (school, id) => school.addTrick(id, 'roll over'))
    const names = ['Registered', 'TrickAdded', 'TrickAdded']
    await expect({ ...show(...taught, log), shows: names, hint, slips })
  })

  await check('facts', async () => {
    const shows = [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }]
    const payloads = '(await school.notificationLog.select()).map((event) => event.payload)'
    await expect({ ...show(...taught, payloads), shows, hint: 'facts' })
    const tricks = ['roll over', 'play dead']
    await expect({ ...show(...taught, '(await school.getDog(id)).tricks'), shows: tricks, hint: 'answer' })
    const spelled = [...registered, "await school.addTrick(id, '  High FIVE ')"]
    for (const last of [
      '(await school.getDog(id)).tricks[0]',
      '(await school.notificationLog.select())[1].payload.trick',
    ])
      await expect({ ...show(...spelled, last), shows: '  High FIVE ', hint: 'other-spelling' })
  })

  await check('only-loads', async () => {
    const asked = [...taught, 'await school.getDog(id)', 'await school.getDog(id)']
    await expect({
      ...show(...asked, '(await school.notificationLog.select()).length'),
      shows: 3,
      hint: 'question-records',
    })
    await expect({ ...show(...taught, 'isAggregate(await school.getDog(id))'), shows: false, hint: 'gives-the-dog' })
  })

  await check('copy', async () => {
    const changed = ['const dog = await school.getDog(id)', 'try { dog.tricks.push("bite") } catch {}']
    const shows = ['roll over', 'play dead']
    await expect({ ...show(...taught, ...changed, '(await school.getDog(id)).tricks'), shows, hint: 'no-copy' })
    if (await givesLiveList(DogSchool))
      refuse('no-copy', { did: 'await school.getDog(id)', came: 'the very list that the dog works with' })
  })

  await check('no-memory', async () => {
    const slips = { 'kept-in-memory': () => true }
    const another = 'const another = new DogSchool(recorder)'
    const there = [another, "await another.addTrick(id, 'fetch ball')", '(await school.getDog(id)).tricks']
    const shows = ['roll over', 'play dead', 'fetch ball']
    await expect({ ...show(...taught, ...there), shows, hint: 'kept-in-memory', slips })
    const two = ["const buster = await school.registerDog('Buster')", "await school.addTrick(buster, 'fetch ball')"]
    await expect({
      ...show(...taught, ...two, '(await school.getDog(id)).name'),
      shows: 'Fido',
      hint: 'kept-in-memory',
      slips,
    })
    const own = '(await school.getDog(buster)).tricks'
    await expect({ ...show(...taught, ...two, own), shows: ['fetch ball'], hint: 'kept-in-memory', slips })
    // Somebody who is no school of this class: nothing that is kept beside the events can know of it.
    const byHand = ['const other = new Application(recorder, { name: school.name })', 'await school.getDog(id)']
    const teaches = [
      'const dog = await other.repository.get(Dog, id)',
      "dog.addTrick('fetch ball')",
      'await other.save(dog)',
    ]
    const tricks = '(await school.getDog(id)).tricks'
    await expect({ ...show(...taught, ...byHand, ...teaches, tricks), shows, hint: 'kept-in-memory', slips })
    const rex = ["const rex = new Dog('Rex')", 'await other.save(rex)', "await school.addTrick(rex.id, 'sit')"]
    const asked = 'const { name, tricks } = await school.getDog(rex.id)'
    const all = [byHand[0] as string, ...rex, asked, '({ name, tricks })']
    const rexes = { name: 'Rex', tricks: ['sit'] }
    await expect({ ...show(begun, ...all), shows: rexes, hint: 'kept-in-memory', slips })
  })

  await check('unknown', async () => {
    const outcome = ".then(() => 'an answer', () => 'an error')"
    for (const call of ["school.getDog('nobody')", "school.addTrick('nobody', 'roll over')"])
      await expect({
        ...show(registered[0] as string, `await ${call}${outcome}`),
        shows: 'an error',
        hint: 'swallowed',
      })
    const names = { school: new DogSchool(new FullRecorder()) }
    await expect({ code: `await school.registerDog('Fido')${outcome}`, names, shows: 'an error', hint: 'save-failed' })
  })
})
