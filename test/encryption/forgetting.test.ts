/** A key a person: who is forgotten reads as forgotten everywhere, and nobody else does. */
import {
  Aggregate,
  defineEvent,
  events,
  MemoryRecorder,
  on,
  Projection,
  type Recorder,
  type StoredEvent,
} from 'dog-school'
import { aesGcm, createKey, MemoryKeyStore, SubjectKeys, zlib } from 'dog-school/encryption'
import t from 'tap'
import { z } from 'zod'
import { hosts, inHost } from './hosts'
import { born, Dog, kennel, Registered, Sold, subjectOf } from './people'

async function recorded(keys = new SubjectKeys(), recorder: Recorder = new MemoryRecorder()) {
  const school = kennel(recorder, { keys })
  const fido = new Dog('Fido', 'Ann Abbott', born, ['0123 456'])
  fido.addTrick('sit')
  fido.sell('Anne Abbott')
  const rex = new Dog('Rex', 'Bob Brown', born)
  await school.save(fido, rex)
  return { school, keys, recorder, fido, rex }
}
const rows = (recorder: Recorder) => recorder.notifications()
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing',
    (error) => error.code ?? error.name,
  )

t.test('whoever is forgotten reads as forgotten: in aggregates, histories, the log and views', async (t) => {
  const { school, keys, recorder, fido, rex } = await recorded()
  const before = await rows(recorder)
  const owners = async () => {
    const { view } = await (async () => {
      const projection = new Projection(school.notificationLog, () => [] as string[], [
        on(Registered, (view: string[], { payload }) => view.push(payload.owner, payload.born.toISOString())),
        on(Sold, (view: string[], { payload }) => view.push(String(payload.owner))),
      ])
      return { view: await projection.catchUp() }
    })()
    return view
  }
  t.strictSame(await owners(), ['Ann Abbott', born.toISOString(), 'Anne Abbott', 'Bob Brown', born.toISOString()])
  t.equal((await school.repository.get(Dog, fido.id)).owner, 'Anne Abbott')
  const { generation } = keys

  t.equal(keys.forget(subjectOf(fido.id)), true)
  t.equal(keys.forget(subjectOf(fido.id)), false, 'once')
  t.not(keys.generation, generation)
  const { name, owner, label, year, phones, tricks } = await school.repository.get(Dog, fido.id)
  t.strictSame(
    { name, owner, label, year, phones, tricks },
    { name: 'Fido', owner: 'forgotten', label: 'Fido of FORGOTTEN', year: 1970, phones: [], tricks: ['sit'] },
  )
  t.equal((await school.repository.get(Dog, fido.id, { version: 1 })).owner, 'forgotten')
  t.strictSame(
    (await school.repository.history(fido.id)).map(({ payload }) => payload),
    [{ name: 'Fido', owner: 'forgotten', born: new Date(0), phones: [] }, { trick: 'sit' }, { owner: 'forgotten' }],
  )
  t.strictSame(await owners(), ['forgotten', new Date(0).toISOString(), 'forgotten', 'Bob Brown', born.toISOString()])
  t.equal((await school.repository.get(Dog, rex.id)).owner, 'Bob Brown', 'and nobody else')
  t.strictSame(await rows(recorder), before, 'no row was touched')
  t.strictSame(await school.verify(), [], 'what a field reads as fits its schema')
})

t.test('a copy of the log forgets with it, and without the keys everybody is forgotten', async (t) => {
  const { keys, recorder, fido, rex } = await recorded()
  const copy = new MemoryRecorder()
  await copy.append(await rows(recorder))
  const [there, elsewhere] = [kennel(copy, { keys }), kennel(copy)]
  t.equal((await there.repository.get(Dog, fido.id)).owner, 'Anne Abbott')
  t.equal((await elsewhere.repository.get(Dog, rex.id)).owner, 'forgotten')
  keys.forget(subjectOf(fido.id))
  t.equal((await there.repository.get(Dog, fido.id)).owner, 'forgotten')
})

t.test('a row is JSON that reads as forgotten, also to Python, and its person has no name in it', async (t) => {
  const { recorder, fido } = await recorded()
  const [first, second, third] = await rows(recorder)
  const { _personal_: personal, timestamp, ...fields } = JSON.parse(String(first?.state))
  t.strictSame(fields, {
    originator_topic: 'kennel:Dog',
    name: 'Fido',
    owner: 'forgotten',
    born: { _type_: 'datetime_iso', _data_: '1970-01-01T00:00:00+00:00' },
    phones: [],
  })
  t.match(personal, /^[0-9a-f]{12}\.1\.[A-Za-z0-9+/]+=*$/)
  t.notMatch(String(second?.state), /_personal_/)
  t.match(String(third?.state), /"owner":"forgotten","_personal_":"[0-9a-f]{12}\.1\./)
  t.notMatch(rowsText(await rows(recorder)), /Ann|Abbott|0123|1984|owner of/)
  t.equal(fido.owner, 'Anne Abbott')
})
const rowsText = (all: readonly StoredEvent[]) => all.map(({ state, topic }) => `${topic} ${state}`).join('\n')

t.test('about whom was forgotten nothing is recorded, until readmitted', async (t) => {
  const { school, keys, fido, rex } = await recorded()
  const held = await school.repository.get(Dog, fido.id)
  keys.forget(subjectOf(fido.id))
  held.sell('Ann again')
  t.equal(await code(school.save(held)), 'FORGOTTEN')
  t.equal((await school.repository.get(Dog, fido.id)).version, 3, 'nothing was recorded')
  const dog = await school.repository.get(Dog, fido.id)
  dog.addTrick('beg')
  await school.save(dog)
  t.strictSame((await school.repository.get(Dog, fido.id)).tricks, ['sit', 'beg'], 'what is not personal is recorded')

  t.equal(keys.readmit(subjectOf(rex.id)), false, 'was not forgotten')
  t.equal(keys.readmit(subjectOf(fido.id)), true)
  t.equal(keys.has(subjectOf(fido.id)), true)
  dog.sell('Ann Newname')
  await school.save(dog)
  const history = await school.repository.history(fido.id)
  t.strictSame(
    history.flatMap(({ payload }) => payload.owner ?? []),
    ['forgotten', 'forgotten', 'Ann Newname'],
    'and what was forgotten remains so',
  )
  keys.add('ann', 'bob', 'cleo')
  const { generation } = keys
  t.equal(keys.forget('ann', 'bob', 'nobody'), true)
  const after = keys.generation
  t.not(after, generation)
  t.strictSame(
    ['ann', 'bob', 'cleo'].map((person) => keys.has(person)),
    [false, false, true],
  )
  t.throws(() => keys.hide({}, 'nobody', ''), { code: 'FORGOTTEN' })
  t.equal(keys.forget('ann', 'nobody'), false, 'all were')
  t.equal(keys.generation, after)
  t.equal(keys.forget('ann', 'cleo'), true, 'one of them was not')

  keys.forget('somebody who was never there')
  t.equal(keys.forget('somebody else'), false)
  t.equal(keys.has('somebody else'), false)
  t.throws(() => keys.hide({}, 'somebody else', ''), { code: 'FORGOTTEN' })
})

t.test(
  'keys that should be here and are not, and rows that were changed, are told from what is forgotten',
  async (t) => {
    const store = new MemoryKeyStore()
    const { recorder, fido, rex } = await recorded(new SubjectKeys(store))
    const all = await rows(recorder)
    const older = { ...store.read(), people: store.read().people.slice(0, 1) }
    const olderStore = new MemoryKeyStore()
    olderStore.replace(older)
    const said = async (keys: SubjectKeys, change = (row: StoredEvent): StoredEvent => row, id = fido.id) => {
      const copy = new MemoryRecorder()
      await copy.append(all.map(change))
      const error = await kennel(copy, { keys })
        .repository.get(Dog, id)
        .catch((error) => error)
      t.equal(error.code, 'CORRUPT_EVENT')
      return error.message
    }
    const same = new SubjectKeys(store)
    t.match(await said(new SubjectKeys()), /Version 1 of .* these are the keys [0-9a-f]{12}: open the others/)
    t.match(
      await said(new SubjectKeys(olderStore), undefined, rex.id),
      /with key 2, of only 1 that are here: .* use the newest/,
    )
    const edited = (edit: (text: string) => string) => (row: StoredEvent) => ({
      ...row,
      state: edit(String(row.state)),
    })
    const changed = /personal fields were changed, or come from another row/
    t.match(
      await said(
        same,
        edited((text) => text.replace(/(\.1\..{20})./, '$1!')),
      ),
      changed,
    )
    t.match(
      await said(
        same,
        edited((text) => text.replace(/(\.1\..{50})(.)/, (_, a, b) => a + (b === 'A' ? 'B' : 'A'))),
      ),
      changed,
    )
    for (const bad of [
      '7',
      'null',
      '{}',
      '""',
      '"a"',
      '"a.1.b"',
      `"${store.read().id}.0.AAAA"`,
      `"${store.read().id}.x"`,
    ])
      t.match(
        await said(
          same,
          edited((text) => text.replace(/"_personal_":"[^"]*"/, `"_personal_":${bad}`)),
        ),
        changed,
        bad,
      )
    const hiddenOf = (row: StoredEvent | undefined) => /"_personal_":"([^"]*)"/.exec(String(row?.state))?.[1] ?? ''
    const moved = edited((text) => text.replace(hiddenOf(all[3]), hiddenOf(all[0])))
    t.match(await said(same, moved, rex.id), changed, "somebody else's")
  },
)

t.test('nothing that was remembered brings back what is forgotten', async (t) => {
  for (const more of [{}, { cipher: aesGcm(createKey()), compressor: zlib() }]) {
    const keys = new SubjectKeys()
    const recorder = new MemoryRecorder()
    const school = kennel(recorder, { keys, ...more, snapshotEvery: [[Dog, 5]] })
    const dog = new Dog('Fido', 'Ann Abbott', born)
    for (let i = 0; i < 24; i++) dog.addTrick(`trick ${i}`)
    await school.save(dog)
    t.equal((await school.repository.get(Dog, dog.id)).owner, 'Ann Abbott')
    t.equal((await recorder.snapshot(dog.id, undefined, school.mapper.form))?.version, 25)
    t.notMatch(String((await recorder.snapshot(dog.id, undefined, 'text').catch(() => undefined))?.state), /Abbott/)
    const fresh = kennel(recorder, { keys, ...more })
    const seen: string[] = []
    const { snapshot } = recorder
    recorder.snapshot = async (...args) => {
      const found = await snapshot.apply(recorder, args)
      seen.push(`from ${found?.version}`)
      return found
    }
    t.equal((await fresh.repository.get(Dog, dog.id)).owner, 'Ann Abbott')
    keys.forget(subjectOf(dog.id))
    t.equal((await fresh.repository.get(Dog, dog.id)).owner, 'forgotten', 'the cache')
    t.equal((await kennel(recorder, { keys, ...more }).repository.get(Dog, dog.id)).owner, 'forgotten', 'the snapshot')
    t.equal((await school.repository.get(Dog, dog.id)).owner, 'forgotten')
    await school.takeSnapshot(Dog, dog.id)
    t.equal(
      (await kennel(recorder, { keys, ...more }).repository.get(Dog, dog.id)).owner,
      'forgotten',
      'a new snapshot',
    )
    t.ok(seen.length > 3)
  }
})

t.test('nor does what was under way, however far it was', async (t) => {
  const ticks = async (count: number) => {
    for (let i = 0; i < count; i++) await undefined
  }
  for (const what of ['get', 'snapshot', 'save', 'create'] as const)
    for (let moment = 0; moment < 40; moment++) {
      const { school, keys, recorder, fido } = await recorded()
      const held = await school.repository.get(Dog, fido.id)
      for (let i = 0; i < 20; i++) held.addTrick(`trick ${i}`)
      await school.save(held)
      const other = kennel(recorder, { keys })
      held.sell('Ann Last')
      const dog = what === 'create' ? new Dog('Lassie', 'Ann', born) : fido
      const work = {
        get: () => other.repository.get(Dog, dog.id),
        snapshot: () => other.takeSnapshot(Dog, dog.id),
        save: () => other.save(held),
        create: () => other.save(dog),
      }[what]()
      if (moment > 0) await ticks(moment)
      keys.forget(subjectOf(dog.id))
      const next = what === 'create' ? undefined : other.repository.get(Dog, dog.id)
      await Promise.all([work, next])
      for (const each of [school, other, kennel(recorder, { keys })]) {
        const { owner } = await each.repository.get(Dog, dog.id)
        if (owner !== 'forgotten') t.fail(`${what}: ${owner} after ${moment} ticks`)
      }
      if (moment === 39) t.pass(what)
    }
})

t.test('nor does a slow load that ends after a later one', async (t) => {
  const { school, keys, recorder, fido } = await recorded()
  const held = await school.repository.get(Dog, fido.id)
  for (let i = 0; i < 20; i++) held.addTrick(`trick ${i}`)
  await school.save(held)
  const other = kennel(recorder, { keys })
  const { select } = recorder
  // A state is made only after a look at the first event, which the first load must wait for.
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let looks = 0
  const looking = new Promise<void>((resolve) => {
    recorder.select = async (...args) => {
      if (args[1]?.limit === 1 && ++looks === 1) {
        resolve()
        await released
      }
      return select.apply(recorder, args)
    }
  })
  const slow = other.repository.get(Dog, fido.id)
  await looking
  keys.forget(subjectOf(fido.id))
  await other.repository.get(Dog, fido.id)
  release()
  t.equal((await slow).owner, 'Anne Abbott', 'it was read before')
  t.equal((await other.repository.get(Dog, fido.id)).owner, 'forgotten')
})

t.test('the key of kept states is thrown away with that of the person', async (t) => {
  const store = new MemoryKeyStore()
  const keys = new SubjectKeys(store)
  const [sealed, { sealing, generation }] = [keys.seal('Ann', keys.generation), store.read()]
  const key = sealing.slice()
  keys.add('ann')
  const own = store.read().people[0]?.key
  t.equal(keys.unseal(sealed), 'Ann')
  keys.forget('ann')
  t.ok(own?.every((byte) => byte === 0))
  t.throws(() => keys.unseal(sealed), { code: 'FORGOTTEN' })
  store.replace({ ...store.read(), generation })
  t.throws(() => keys.unseal(sealed), { code: 'FORGOTTEN' }, 'not only its name')
  t.ok(key.some((byte) => byte > 0) && sealing.every((byte) => byte === 0), 'nor is it left in memory')
})

t.test('what is declared wrongly, or could record a person in the open, is refused', async (t) => {
  const dog = new Dog('Fido', 'Ann', born)
  const school = kennel()
  await t.rejects(school.save(dog), {
    name: 'TypeError',
    message: /Registered has personal fields \(owner,born\).*SubjectKeys/,
  })
  t.equal(dog.pendingEvents.length, 1)
  const email = z.object({ mail: z.email(), age: z.number() })
  t.throws(() => defineEvent('Joined', email, { personal: { subject: () => 'a', fields: ['mail'] } }), {
    name: 'TypeError',
    message: /'mail' is to read as "forgotten", which the schema refuses \(.*\): say what/,
  })
  t.doesNotThrow(() =>
    defineEvent('Joined', email, { personal: { subject: () => 'a', fields: { mail: 'nobody@example.org', age: 0 } } }),
  )
  t.throws(() => defineEvent('Joined', ['f'], { personal: { subject: () => 'a', fields: { f: () => 1 } } }), {
    code: 'INVALID_PAYLOAD',
  })
  // @ts-expect-error: a number cannot read as 'forgotten'
  t.throws(() => defineEvent('Joined', email, { personal: { subject: () => 'a', fields: ['age'] } }))
  // @ts-expect-error: nor as another text
  t.throws(() => defineEvent('Joined', email, { personal: { subject: () => 'a', fields: { age: 'none' } } }))
  const personal = (fields: unknown, subject: unknown = () => 'a') => ({ personal: { subject, fields } }) as never
  const unknown = /personal.fields of Joined: 'nail' is none of its fields \(.*mail.*\), .*: correct the name/
  t.throws(() => defineEvent('Joined', ['mail'], personal(['nail'])), { name: 'TypeError', message: unknown })
  t.throws(() => defineEvent('Joined', z.object({ mail: z.string() }), personal({ nail: '' })), { message: unknown })
  const Joined = defineEvent('Joined', undefined, personal(['mail', 'nail']))
  t.throws(
    () =>
      events(
        class extends Aggregate {
          join(mail: string) {
            return mail
          }
        },
        { join: Joined },
      ),
    {
      message: unknown,
    },
  )
  for (const wrong of [personal([]), personal({}), personal('mail'), personal(['mail'], 'a'), { personal: true }])
    t.throws(() => defineEvent('Joined', ['mail'], wrong as never), {
      name: 'TypeError',
      message: /says whose fields, and which/,
    })
  const types = () => {
    // @ts-expect-error: it has no such field
    defineEvent('Joined', email, { personal: { subject: () => 'a', fields: ['nail'] } })
    // @ts-expect-error: nor here
    defineEvent('Joined', email, { personal: { subject: ({ nail }) => nail, fields: ['mail'] } })
    const { fields } = defineEvent('Joined', email, { personal: { subject: ({ mail }) => mail, fields: ['mail'] } })
    return fields
  }
  t.type(types, 'function')
  for (const subject of [() => '', () => undefined as never, () => 7 as never]) {
    const Joined = defineEvent('Joined', ['name'], { personal: { subject, fields: ['name'] } })
    t.throws(() => Joined.hide?.({ name: 'Ann' }, 'a', 'b', new SubjectKeys()), {
      message: /returned no id of a person/,
    })
  }
  const keys = new SubjectKeys()
  t.throws(() => keys.forget(''), TypeError)
})

for (const host of hosts)
  t.test(`keys work in ${host}, and read what was written in the other`, async (t) => {
    const store = new MemoryKeyStore()
    const [here, there] = [inHost(host, () => new SubjectKeys(store)), new SubjectKeys(store)]
    here.add('ann', 'bob', 'ann')
    t.strictSame(here.show(there.hide({ a: 'ä' }, 'ann', 'x'), 'x'), { a: 'ä' })
    t.strictSame(there.show(here.hide({ a: 1n << 70n }, 'bob', 'x'), 'x'), { a: 1n << 70n })
    t.equal(there.unseal(here.seal('ö', here.generation)), 'ö')
    t.equal(store.read().people.length, 2)
    here.forget('ann')
    t.equal(there.has('ann'), false)
  })
