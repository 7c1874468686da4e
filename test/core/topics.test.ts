/** How a stored name finds its class: never a class that only happens to have the name. */
import {
  Aggregate,
  Application,
  type ApplicationOptions,
  defineEvent,
  event,
  events,
  MemoryRecorder,
  Topics,
} from 'dog-school'
import t from 'tap'
import { decoratedClasses } from '../../src/aggregates/definition'

t.beforeEach(() => decoratedClasses.clear())

const open = (name: string, recorder: MemoryRecorder, aggregates: ApplicationOptions['aggregates'] = []) =>
  new Application(recorder, { name, aggregates, cacheSize: 0 })

/** Two parts of a program, each with its own Account. */
function contexts(billingTopic?: string) {
  const login = () => {
    class Account extends Aggregate {
      constructor(readonly name: string) {
        super()
      }
    }
    return events(Account, { constructor: 'Opened' })
  }
  const billing = () => {
    class Account extends Aggregate {
      constructor(readonly mail: string) {
        super()
      }
    }
    if (billingTopic) Object.defineProperty(Account, 'topic', { value: billingTopic })
    const Opened = defineEvent('Opened', ['mail'], [({ name }) => ({ mail: `${name}@billing` })])
    return events(Account, { constructor: Opened as never })
  }
  // The one that is meant is defined first where the last would win, and last where the first would.
  const Billing = billingTopic ? billing() : undefined
  return { Login: login(), Billing: Billing ?? billing() }
}

t.test('of two classes with one name, the log takes the one that its application has, or none', async (t) => {
  const { Login, Billing } = contexts()
  const recorder = new MemoryRecorder()
  const account = new Login('Ann')
  await open('login', recorder).save(account)
  const payloads = async (app: Application) => (await app.notificationLog.select()).map(({ payload }) => payload)

  const unsure = {
    code: 'UNKNOWN_TOPIC',
    message: /^2 classes may be meant by 'login:Account': .*static readonly topic.*aggregates: \[Account\]/,
  }
  await t.rejects(payloads(open('login', recorder)), unsure)
  await t.rejects(open('login', recorder).repository.history(account.id), unsure)
  t.match(await open('login', recorder).verify(), [{ problem: unsure }])
  await t.rejects(open('login', recorder).repository.get(Aggregate as never, account.id), unsure)

  const told = open('login', recorder, [Login])
  t.same(await payloads(told), [{ name: 'Ann' }])
  t.same([await told.repository.has(Login, account.id), await told.repository.has(Billing, account.id)], [true, false])
  await t.rejects(told.repository.get(Billing, account.id), {
    code: 'UNKNOWN_TOPIC',
    message: /belongs to a login:Account, for which this application has another class of that name/,
  })
  t.same(await told.verify(), [])

  for (const type of [Login, Billing]) {
    await t.rejects(open('login', recorder).repository.get<Aggregate>(type, account.id), unsure)
    await t.rejects(open('login', recorder).repository.has(type, account.id), unsure)
  }
  const used = open('login', recorder)
  await used.save(new Login('Bob'))
  t.same(await used.repository.has(Billing, account.id), false)
  t.same(await payloads(used), [{ name: 'Ann' }, { name: 'Bob' }])
  await t.rejects(used.save(new Billing('ann@example.org')), /Two classes have the topic 'login:Account' in one appl/)
})

t.test('a class with a topic of its own is not taken for one with its name', async (t) => {
  const { Login, Billing } = contexts('billing:Account')
  const recorder = new MemoryRecorder()
  const account = new Login('Ann')
  await open('login', recorder).save(account)
  const app = open('login', recorder)
  t.equal(await app.repository.has(Billing, account.id), false)
  await t.rejects(app.repository.get(Billing, account.id), { code: 'UNKNOWN_TOPIC' })
  t.same(
    (await app.notificationLog.select()).map(({ payload }) => payload),
    [{ name: 'Ann' }],
  )
})

t.test('an alias that two classes have is that of the class in use', async (t) => {
  const define = (topic: string, fields?: string) => {
    class Dog extends Aggregate {
      static override readonly topic: string = topic
      static override readonly aliases = ['old:Dog']
      constructor(readonly name: string) {
        super()
      }
    }
    const Born = defineEvent('Born', ['name'], fields ? [() => ({ name: fields })] : [])
    return events(Dog, { constructor: Born as never })
  }
  const recorder = new MemoryRecorder()
  await open('old', recorder).save(new (define('old:Dog'))('Fido'))
  decoratedClasses.clear()
  const [Mine, Other] = [define('new:Dog'), define('other:Dog', 'wrong')]
  const names = async (app: Application) => (await app.notificationLog.select()).map(({ payload }) => payload.name)
  t.same(await names(open('new', recorder, [Mine])), ['Fido'])
  t.same(await names(open('new', recorder, [Other])), ['wrong'])
  await t.rejects(names(open('new', recorder)), { code: 'UNKNOWN_TOPIC' })
})

t.test('a class without an @event of its own is recorded only where another process would find it', async (t) => {
  const recorder = new MemoryRecorder()
  @event('Born')
  class Dog extends Aggregate {
    names: string[] = []
    @event(defineEvent('Named', ['name'], [({ called }) => ({ name: called })]))
    rename(name: string) {
      this.names.push(name)
    }
  }
  class Puppy extends Dog {}
  class Hound extends Dog {}
  const app = open('topics', recorder, [Puppy])
  await t.rejects(app.save(new Hound()), /Hound has no @event above it.*aggregates: \[Hound\]/)
  t.equal(await recorder.maxNotificationId(), 0)
  const puppy = new Puppy()
  puppy.rename('Rex')
  await app.save(puppy)
  const next = open('topics', recorder, [Puppy])
  t.ok((await next.repository.get(Dog, puppy.id)) instanceof Puppy)
  const [, row] = await recorder.select(puppy.id)
  const old = { ...row, version: 3, state: String(row?.state).replace(/"name".*/, '"called":"Max"}') } as never
  await recorder.append([old])
  const log = await open('topics', recorder, [Puppy]).notificationLog.select()
  t.same(
    log.map(({ payload }) => payload),
    [{}, { name: 'Rex' }, { name: 'Max' }],
  )
})

t.test('aggregates takes nothing but classes of aggregates', (t) => {
  for (const [odd, named] of [
    [undefined, 'undefined'],
    [Date, 'Date'],
    [{ name: 'Dog' }, 'Dog'],
    ['Dog', 'Dog'],
  ] as const)
    t.throws(() => open('topics', new MemoryRecorder(), [odd as never]), {
      name: 'TypeError',
      message: `aggregates takes classes that extend Aggregate, not ${named}`,
    })
  t.end()
})

t.test('a class that is defined again is refused, or takes the place of the first', async (t) => {
  const define = () => {
    class Twin extends Aggregate {
      n = 0
    }
    return events(Twin, { constructor: 'TwinBorn' })
  }
  const [One, Two] = [define(), define()]
  const app = open('topics', new MemoryRecorder())
  const one = new One()
  await app.save(one)
  const refused = /Two classes have the topic 'topics:Twin' in one application.*Topics.redefinition = true/
  await t.rejects(app.save(new Two()), refused)
  Topics.redefinition = true
  t.teardown(() => {
    Topics.redefinition = false
  })
  await app.save(new Two())
  t.ok((await app.repository.get(Two, one.id)) instanceof Two)
})
