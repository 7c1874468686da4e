/**
 * Tests that read like the domain have teeth: the sentences pass for the right school, and for each one that is wrong in
 * one way, those that are meant for it fail, and say so.
 */
import {
  Aggregate,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  event,
  type NotificationLog,
  on,
  ProcessApplication,
  Projection,
} from 'dog-school'
import { given } from 'dog-school/testing'
import t from 'tap'

const Registered = defineEvent('Registered', ['name'])
const TrickAdded = defineEvent('TrickAdded', ['trick'])
const TrickLost = defineEvent('TrickLost', ['trick'])
const Praised = defineEvent('Praised', ['dog'])
const Named = defineEvent('Named', ['name'], { tags: ({ name }) => [`name:${name}`] })

/** Everything that can be wrong, one at a time. */
type Flaw =
  | 'another name'
  | 'another payload'
  | 'another order'
  | 'one is missing'
  | 'one too many'
  | 'another aggregate'
  | 'refuses what is right'
  | 'allows what is wrong'
  | 'refuses for another reason'
  | 'changes without an event'
  | 'half applied, then refused'
  | 'half saved, then refused'
  | 'shows too much'
  | 'shows it under another key'
  | 'reacts to everything'
  | 'reacts to nothing'
  | 'decides without its boundary'

function kit(flaw?: Flaw) {
  @event(Registered)
  class Dog extends Aggregate {
    static override readonly topic = `school${flaw ? `-${flaw.replaceAll(/\W/g, '-')}` : ''}:Dog`
    readonly tricks: string[] = []
    constructor(readonly name: unknown) {
      super()
    }
    addTrick(trick: string) {
      if (flaw === 'changes without an event') this.tricks.push('secret')
      if (flaw === 'half applied, then refused') this.tricks.push(trick)
      if (flaw === 'refuses what is right' && trick === 'beg') throw new RangeError('no begging')
      if (flaw === 'refuses for another reason' && this.tricks.includes(trick)) throw new TypeError('something else')
      if (
        flaw !== 'allows what is wrong' &&
        this.tricks.slice(0, flaw === 'half applied, then refused' ? -1 : undefined).includes(trick)
      )
        throw new RangeError(`can ${trick} already`)
      if (flaw === 'half applied, then refused') this.tricks.pop()
      if (flaw === 'another name') return this.trickLost(trick)
      this.trickAdded(flaw === 'another payload' ? trick.toUpperCase() : trick)
      if (flaw === 'one too many') this.trickAdded(`${trick} again`)
    }
    teach(...tricks: string[]) {
      if (flaw === 'another order') tricks.reverse()
      for (const trick of flaw === 'one is missing' ? tricks.slice(1) : tricks) this.addTrick(trick)
    }
    @event(TrickAdded)
    trickAdded(trick: unknown) {
      this.tricks.push(trick as string)
    }
    @event(TrickLost)
    trickLost(trick: unknown) {
      this.tricks.splice(this.tricks.indexOf(trick as string), 1)
    }
  }
  class School extends Application {
    constructor() {
      super(undefined, { name: 'school', aggregates: [Dog] })
    }
    async teach(ids: string[], trick: string) {
      if (flaw === 'another aggregate') ids.push(ids.shift() ?? '')
      const dogs = await Promise.all(ids.map((id) => this.repository.get(Dog, id)))
      for (const dog of dogs) {
        dog.addTrick(trick)
        if (flaw === 'half saved, then refused') await this.save(dog)
      }
      await this.save(...dogs)
    }
  }
  @event(Praised)
  class Praise extends Aggregate {
    static override readonly topic = `${Dog.topic}Praise`
    constructor(readonly dog: unknown) {
      super()
    }
  }
  class Praises extends ProcessApplication {
    constructor() {
      super(undefined, { name: 'praises' })
      if (flaw === 'reacts to nothing') return
      this.on(TrickAdded, ({ aggregateId }) => new Praise(aggregateId))
      if (flaw === 'reacts to everything') this.on(Registered, ({ aggregateId }) => new Praise(aggregateId))
    }
  }
  const tricks = (log: NotificationLog) =>
    new Projection(log, () => ({}) as Record<string, unknown[]>, [
      on(TrickAdded, (view, { aggregateId, payload }) => {
        const key = flaw === 'shows it under another key' ? 'all' : aggregateId
        view[key] = [...(view[key] ?? []), payload.trick]
      }),
      on(Registered, (view, { aggregateId }) => {
        if (flaw === 'shows too much') view[aggregateId] = []
      }),
    ])
  const name = defineSlice({
    boundary: ({ name }: { name: string }) => ({
      isTaken: boundary(false, `name:${flaw === 'decides without its boundary' ? '' : name}`).on(Named, () => true),
    }),
    decide({ isTaken }, params) {
      if (isTaken) throw new RangeError('taken')
      return Named.of(params)
    },
  })
  return { Dog, School, Praises, tricks, name }
}
type Kit = ReturnType<typeof kit>

const past = [Registered.of({ name: 'Fido' }, 'fido'), TrickAdded.of({ trick: 'sit' }, 'fido')] as const
const both = [...past, Registered.of({ name: 'Rex' }, 'rex')] as const
const trick = (trick: string, id?: string) => TrickAdded.of({ trick }, id)

const sentences: Readonly<Record<string, (kit: Kit) => Promise<void>>> = {
  'adds a trick': ({ Dog }) =>
    given(Dog, ...past)
      .when((dog) => dog.addTrick('beg'))
      .then(trick('beg')),
  'adds tricks in order': ({ Dog }) =>
    given(Dog, ...past)
      .when((dog) => dog.teach('roll over', 'play dead'))
      .then(trick('roll over'), trick('play dead')),
  'adds no trick twice': ({ Dog }) =>
    given(Dog, ...past)
      .when((dog) => dog.addTrick('sit'))
      .thenThrows(RangeError),
  'may add no tricks': ({ Dog }) =>
    given(Dog, ...past)
      .when((dog) => dog.teach())
      .thenNothing(),
  'teaches several dogs': ({ School }) =>
    given(new School(), ...both)
      .when((school) => school.teach(['fido', 'rex'], 'fetch'))
      .then(trick('fetch', 'fido'), trick('fetch', 'rex')),
  'teaches all or none': ({ School }) =>
    given(new School(), ...both)
      .when((school) => school.teach(['rex', 'fido'], 'sit'))
      .thenThrows('can sit already'),
  'praises tricks': ({ Praises }) =>
    given(new Praises())
      .when(...both)
      .then(Praised.of({ dog: 'fido' })),
  'shows the tricks of each': ({ tricks }) => given(tricks, ...both).then({ fido: ['sit'] }),
  'gives a name once': ({ name }) =>
    given(name, Named.of({ name: 'Fido' }))
      .when({ name: 'Fido' })
      .thenThrows(RangeError),
}

/** Which sentences must fail, and how. */
const noticed: Readonly<Record<Flaw, Readonly<Record<string, RegExp>>>> = {
  'another name': { 'adds a trick': /^TrickLost happened instead of TrickAdded$/ },
  'another payload': { 'adds a trick': /^TrickAdded has another payload$/ },
  'another order': { 'adds tricks in order': /^the events are in another order$/ },
  'one is missing': { 'adds tricks in order': /^TrickAdded is missing$/ },
  'one too many': { 'adds a trick': /^TrickAdded should not have happened$/ },
  'another aggregate': { 'teaches several dogs': /^the events are in another order$/ },
  'refuses what is right': { 'adds a trick': /^it was refused: no begging$/ },
  'allows what is wrong': { 'adds no trick twice': /^it was not refused$/ },
  'refuses for another reason': { 'adds no trick twice': /^it was refused for another reason$/ },
  'changes without an event': {
    'adds a trick': /^the command changed the state without an event$/,
    'adds no trick twice': /^the command changed the state without an event$/,
  },
  'half applied, then refused': { 'adds no trick twice': /^the command changed the state without an event$/ },
  'half saved, then refused': { 'teaches all or none': /^it was refused, but TrickAdded should not have happened$/ },
  'shows too much': { 'shows the tricks of each': /^the view differs$/ },
  'shows it under another key': { 'shows the tricks of each': /^the view differs$/ },
  'reacts to everything': { 'praises tricks': /^Praised should not have happened$/ },
  'reacts to nothing': { 'praises tricks': /^Praised is missing$/ },
  'decides without its boundary': { 'gives a name once': /^it was not refused$/ },
}

/** The headlines of those that fail. */
async function failures(kit: Kit): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [name, sentence] of Object.entries(sentences))
    await sentence(kit).catch(({ message }) => {
      found[name] = message.split('\n')[0]
    })
  return found
}

t.test('a right school passes all of them', async (t) => t.strictSame(await failures(kit()), {}))

for (const [flaw, headlines] of Object.entries(noticed))
  t.test(`noticed: ${flaw}`, async (t) => {
    const found = await failures(kit(flaw as Flaw))
    for (const [sentence, headline] of Object.entries(headlines)) t.match(found[sentence], headline, sentence)
  })
