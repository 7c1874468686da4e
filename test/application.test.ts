/** Commands: loading, saving, losing a race, at any moment of the past. On each store. */
import { join } from 'node:path'
import { Aggregate, Application, event, MemoryRecorder, type Recorder, VersionConflictError } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

/** Refuses to record as long as it is told to. */
class FailingRecorder extends MemoryRecorder {
  failing = true
  override async append(...given: Parameters<Recorder['append']>) {
    if (this.failing) throw new Error('the disk is full')
    return super.append(...given)
  }
}

const stores: Readonly<Record<string, (t: Test) => Recorder>> = {
  memory: () => new MemoryRecorder(),
  file: (t) => sqlite(join(t.testdir(), 'kennel.db')),
}

/** The same test on each store, with the cache and without. */
function onEach(name: string, check: (t: Test, school: Application, recorder: Recorder) => Promise<void>): void {
  for (const [store, open] of Object.entries(stores))
    for (const cacheSize of [1000, 1, 0])
      t.test(`${name} (${store}, cache of ${cacheSize})`, async (t) => {
        const recorder = open(t)
        const school = new Application(recorder, { cacheSize })
        await check(t, school, recorder)
        await school.close()
      })
}

onEach('what was saved is loaded, and each loads a dog of their own', async (t, school) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  t.strictSame(await school.save(fido), [1, 2])
  t.strictSame(fido.pendingEvents, [])
  const [one, two] = [await school.repository.get(Dog, fido.id), await school.repository.get(Dog, fido.id)]
  t.ok(one.equals(fido) && two.equals(fido))
  one.addTrick('play dead')
  one.tricks.push('not an event')
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['roll over'], 'an aborted command spoils nothing')
  fido.addTrick('fetch ball')
  await school.save(fido)
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['roll over', 'fetch ball'])
  t.equal(two.version, 2)
  t.ok(await school.repository.has(Dog, fido.id))
  t.notOk(await school.repository.has(Dog, 'nobody'))
  t.strictSame(await school.save(), [])
  t.strictSame(await school.save(fido), [], 'nothing is pending')
})

onEach('any moment of the past', async (t, school) => {
  const fido = new Dog('Fido')
  for (const trick of ['a', 'b', 'c']) fido.addTrick(trick)
  await school.save(fido)
  await school.repository.get(Dog, fido.id)
  for (const version of [1, 2, 3, 4])
    t.equal((await school.repository.get(Dog, fido.id, { version })).tricks.length, version - 1)
  await t.rejects(school.repository.get(Dog, fido.id, { version: 5 }), {
    code: 'VERSION_NOT_FOUND',
    message: /newest is 4/,
  })
  await t.rejects(school.repository.get(Dog, fido.id, { version: 99 }), { code: 'VERSION_NOT_FOUND' })
  for (const version of [0, -1, 1.5, Number.NaN])
    await t.rejects(school.repository.get(Dog, fido.id, { version }), {
      name: 'TypeError',
      message: `A version is a whole number from 1 up, not ${version}`,
    })
  await t.rejects(school.repository.get(Dog, 'nobody', { version: 1 }), { code: 'AGGREGATE_NOT_FOUND' })
  await t.rejects(school.repository.get(Dog, 'nobody'), {
    code: 'AGGREGATE_NOT_FOUND',
    message: /No Dog has the id nobody/,
  })
  await t.rejects(school.repository.get(Dog, undefined as never), /An id must be a non-empty string, not undefined/)
  const later = Promise.resolve('fido')
  await t.rejects(school.repository.get(Dog, later as never), /not a promise: an await is missing$/)
  const past = await school.repository.get(Dog, fido.id, { version: 2 })
  past.addTrick('x')
  await t.rejects(school.save(past), { code: 'VERSION_CONFLICT' })
})

onEach('of fifty commands at once each succeeds, if it tries again', async (t, school) => {
  const fido = new Dog('Fido')
  await school.save(fido)
  const command = (i: number) => async () => {
    const dog = await school.repository.get(Dog, fido.id)
    dog.addTrick(`trick ${i}`)
    await school.save(dog)
  }
  const alone = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => command(i)()))
  const won = alone.filter(({ status }) => status === 'fulfilled').length
  t.ok(won >= 1)
  t.ok(alone.every((each) => each.status === 'fulfilled' || each.reason.code === 'VERSION_CONFLICT'))
  t.equal((await school.repository.get(Dog, fido.id)).tricks.length, won)
  await Promise.all(Array.from({ length: 20 }, (_, i) => school.retry(command(i), 50)))
  const dog = await school.repository.get(Dog, fido.id)
  t.equal(dog.tricks.length, won + 20)
  t.equal(new Set(dog.tricks.slice(won)).size, 20)
})

onEach('several aggregates are saved together or not at all', async (t, school, recorder) => {
  const [fido, rex] = [new Dog('Fido'), new Dog('Rex')]
  await school.save(fido, rex, fido)
  const stale = await school.repository.get(Dog, rex.id)
  rex.addTrick('sit')
  await school.save(rex)
  const before = await recorder.maxNotificationId()
  fido.addTrick('roll over')
  stale.addTrick('too late')
  await t.rejects(school.save(fido, stale), { code: 'VERSION_CONFLICT' })
  t.equal(await recorder.maxNotificationId(), before)
  t.strictSame([fido.pendingEvents.length, stale.pendingEvents.length], [1, 1], 'the events stay pending')
  await school.save(fido)
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['roll over'])
})

onEach('another writer is noticed, and what it wrote is loaded', async (t, school, recorder) => {
  const fido = new Dog('Fido')
  await school.save(fido)
  const other = new Application(recorder, { name: school.name })
  const dog = await other.repository.get(Dog, fido.id)
  dog.addTrick('from elsewhere')
  await other.save(dog)
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['from elsewhere'])
  fido.addTrick('stale')
  await t.rejects(school.save(fido), { code: 'VERSION_CONFLICT' })
  t.equal(fido.pendingEvents.length, 1)
})

onEach('an object that is changed while it is saved keeps what is new', async (t, school) => {
  const fido = new Dog('Fido')
  const saving = school.save(fido)
  fido.addTrick('meanwhile')
  await saving
  t.strictSame(
    fido.pendingEvents.map(({ name }) => name),
    ['TrickAdded'],
  )
  await school.save(fido)
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['meanwhile'])
  fido.addTrick('one')
  const twice = await Promise.allSettled([school.save(fido), school.save(fido)])
  t.strictSame(
    twice.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  t.strictSame(fido.pendingEvents, [])
  t.equal((await school.repository.get(Dog, fido.id)).version, 3)
})

t.test('pending events survive a save that fails', async (t) => {
  const recorder = new FailingRecorder()
  const school = new Application(recorder)
  const fido = new Dog('Fido')
  await t.rejects(school.save(fido), { message: 'the disk is full' })
  t.equal(fido.pendingEvents.length, 1)
  recorder.failing = false
  await school.save(fido)
  t.equal(fido.pendingEvents.length, 0)
  t.equal((await school.repository.get(Dog, fido.id)).name, 'Fido')
})

t.test('an aggregate loaded as another class is refused', async (t) => {
  @event('Registered')
  class Cat extends Aggregate {
    constructor(readonly name: string) {
      super()
    }
  }
  const school = new Application()
  const fido = new Dog('Fido')
  await school.save(fido)
  await t.rejects(school.repository.get(Cat, fido.id), {
    code: 'UNKNOWN_TOPIC',
    message: /belongs to a application:Dog, not a Cat: import that class/,
  })
  await school.repository.get(Dog, fido.id)
  await t.rejects(school.repository.get(Cat, fido.id), { code: 'UNKNOWN_TOPIC' })
})

t.test('a class whose state cannot be copied works all the same', async (t) => {
  @event('Opened')
  class Account extends Aggregate {
    #balance = 0
    readonly format = (amount: number) => `${amount} coins`
    @event('Paid') pay(amount: number) {
      this.#balance += amount
    }
    get balance() {
      return this.format(this.#balance)
    }
  }
  const school = new Application()
  const account = new Account()
  account.pay(5)
  await school.save(account)
  account.pay(2)
  await school.save(account)
  t.equal((await school.repository.get(Account, account.id)).balance, '7 coins')
  await t.rejects(school.takeSnapshot(Account, account.id), /Account has no snapshots: add static snapshotVersion/)
})

t.test('save() takes aggregates', async (t) => {
  const school = new Application()
  for (const wrong of [undefined, null, 'Fido', new Dog('Fido').id])
    await t.rejects(school.save(new Dog('Fido'), wrong as never), {
      name: 'TypeError',
      message: `save() takes aggregates, not ${wrong}: load one with repository.get() first`,
    })
  for (const wrong of [{ metdata: {} }, { tracking: 7 }])
    await t.rejects(school.save(new Dog('Fido'), wrong as never), {
      name: 'TypeError',
      message: `save() takes as options { metadata: { … }, tracking, failIfEventsMatch, after }, not { ${Object.keys(wrong)} }`,
    })
  t.same(await school.save({}), [], 'no options are none')
  t.same(await school.save(new Dog('Fido'), {}), [1])
})

t.test('what follows from a notification is recorded once', async (t) => {
  const school = new Application()
  const policy = (notificationId: number) =>
    school.saveTracked({ applicationName: 'kennel', notificationId }, new Dog('Fido'))
  await policy(1)
  await t.rejects(policy(1), { code: 'TRACKING_CONFLICT' })
  await policy(2)
  t.equal(await school.notificationLog.max(), 2)
  t.equal(await school.recorder.maxTrackingId('kennel'), 2)
})

t.test('a closed application says so', async (t) => {
  const school = new Application()
  await school.close()
  await school.close()
  await t.rejects(school.save(new Dog('Fido')), { code: 'CLOSED' })
})

t.test('a save has one tracking, and a tracking is complete', async (t) => {
  const app = new Application(new MemoryRecorder(), { name: 'kennel' })
  const dog = new Dog('Fido')
  const tracking = { applicationName: 'a', notificationId: 1 }
  const wrong = [undefined, null, {}, { applicationName: 'a' }, { application: 'a', notificationId: 1 }]
  for (const each of wrong)
    await t.rejects(app.saveTracked(each as never, dog), { name: 'TypeError', message: /A tracking is \{ appl/ })
  await t.rejects(app.saveTracked(tracking, dog, { tracking: { ...tracking, applicationName: 'b' } }), {
    name: 'TypeError',
    message: /one tracking/,
  })
  t.equal(dog.pendingEvents.length, 1)
  await app.saveTracked(tracking, dog)
  t.equal(await app.recorder.maxTrackingId('a'), 1)
})

t.test('retry() waits as long as it was told', async (t) => {
  const waits: number[] = []
  const { setTimeout: real } = globalThis
  const { random } = Math
  t.teardown(() => Object.assign(globalThis, { setTimeout: real }) && Object.assign(Math, { random }))
  Object.assign(Math, { random: () => 1 })
  const soon = (call: () => void, wait: number) => {
    waits.push(wait)
    return real(call, 0)
  }
  Object.assign(globalThis, { setTimeout: soon })
  const lost = async () => {
    throw new VersionConflictError('lost')
  }
  const app = new Application()
  await t.rejects(app.retry(lost, { attempts: 3, delay: 3000 }))
  await t.rejects(app.retry(lost, { attempts: 4, delay: 400 }))
  t.same(waits, [3000, 3000, 400, 800, 1000])
})
