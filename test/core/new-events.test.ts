/** New events that belong to no aggregate yet, and the tags under which decisions find events. */
import assert from 'node:assert/strict'
import {
  Aggregate,
  Application,
  type DomainEvent,
  defineEvent,
  event,
  events,
  Mapper,
  NewEvent,
  type StoredEvent,
  setSources,
} from 'dog-school'
import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'

const Registered = defineEvent('Registered', z.object({ name: z.string().min(1), born: z.date().optional() }))
const TrickAdded = defineEvent('TrickAdded', ['trick', 'level'])

t.test('a new event is checked, copied, frozen and typed', async (t) => {
  const born = new Date(0)
  const given = { name: 'Fido', born }
  const registered = Registered.of(given)
  t.ok(registered instanceof NewEvent)
  t.strictSame({ ...registered }, { name: 'Registered', payload: { name: 'Fido', born } })
  born.setTime(5)
  t.equal(registered.payload.born?.getTime(), 0)
  t.ok(Object.isFrozen(registered) && Object.isFrozen(registered.payload))
  t.equal(registered.payload.name.toUpperCase(), 'FIDO')
  t.equal(registered.name satisfies 'Registered', 'Registered')
  t.equal(registered.aggregateId, undefined)

  const id = '0B9F6CC0-1F7B-4C3E-8A51-7B0F2F9E6F11'
  t.equal(TrickAdded.of({ level: 1, trick: 'sit' }, id).aggregateId, '0b9f6cc01f7b4c3e8a517b0f2f9e6f11')
  t.strictSame(Object.keys(TrickAdded.of({ level: 1, trick: 'sit' }).payload), ['trick', 'level'], 'in stored order')
  t.ok(Registered.is(registered))
  t.notOk(TrickAdded.is(registered))
  t.strictSame(defineEvent('Barked').of({ loud: [true] }).payload, { loud: [true] })
})

t.test('what cannot be recorded is refused when the event is made', async (t) => {
  const code = 'INVALID_PAYLOAD'
  t.throws(() => Registered.of({ name: '' }), { code, message: /^Registered\.of\(\) refuses this: name: / })
  // @ts-expect-error the name is a string
  t.throws(() => Registered.of({ name: 1 }), { code })
  // @ts-expect-error there is no such field
  t.throws(() => Registered.of({ name: 'Fido', nmae: 'Fido' }), { code, message: /'nmae' is not one of its fields/ })
  // @ts-expect-error there are fields
  t.throws(() => Registered.of(), { code })
  t.throws(() => TrickAdded.of({ trick: 'sit' }), { code, message: /needs 'level'/ })
  t.throws(() => TrickAdded.of({ trick: 'sit', level: 1, more: 2 }), { code, message: /'more'/ })
  t.throws(() => TrickAdded.of({ trick: () => 0, level: 1 }), { code, message: /TrickAdded\.of\(\)\.trick/ })
  t.throws(() => defineEvent('Barked').of({ timestamp: 1 }), { name: 'TypeError', message: /reserved/ })
  t.throws(() => TrickAdded.of({ trick: 'sit', level: 1 }, ''), { name: 'TypeError', message: /An id/ })
  // @ts-expect-error a number is no id
  t.throws(() => TrickAdded.of({ trick: 'sit', level: 1 }, 7), { name: 'TypeError' })
})

t.test('its payload is the one that an aggregate records, whatever it holds', async (t) => {
  const Filled = defineEvent('Filled', z.object({ a: z.any(), b: z.any().optional(), c: z.string().default('none') }))
  @event('PotMade')
  class Pot extends Aggregate {
    @event(Filled)
    fill(_a: unknown, _b?: unknown, _c?: string) {}
  }
  class NamedPot extends Aggregate {
    fill(a: unknown, b: unknown) {
      return [a, b]
    }
  }
  const Named = events(NamedPot, { constructor: 'PotMade', fill: defineEvent('Filled', ['a', 'b']) })
  void Pot
  const value = fc.oneof(fc.jsonValue(), fc.date({ noInvalidDate: true }), fc.bigInt())
  fc.assert(
    fc.property(value, value, (a, b) => {
      const pot = new Named()
      pot.fill(a, b)
      const recorded = (pot.pendingEvents.at(-1) as DomainEvent).payload
      const made = defineEvent('Filled', ['a', 'b']).of({ b, a }).payload
      assert.deepStrictEqual(made, recorded)
      assert.deepStrictEqual(Object.keys(made), Object.keys(recorded))
    }),
    { numRuns: 100 },
  )
  t.strictSame(Filled.of({ a: 1 }).payload, { a: 1, c: 'none' }, 'completed by the schema, as at a call')
})

t.test('tags are recorded with the events of aggregates', async (t) => {
  const restore = setSources({ newId: () => 'fido' })
  t.teardown(restore)
  const Named = defineEvent('Named', z.object({ name: z.string() }), {
    tags: ({ name }, { aggregateId }) => [`name:${name.toLowerCase()}`, `dog:${aggregateId}`],
  })
  const Barked = defineEvent('Barked', ['loud'], { tags: () => [] })
  @event(Named)
  class Dog extends Aggregate {
    constructor(readonly name: string) {
      super()
    }
    @event('Sat') sit() {}
    @event(Barked)
    bark(loud: boolean) {
      return loud
    }
  }
  const dog = new Dog('Fido')
  dog.sit()
  dog.bark(true)
  const mapper = new Mapper({ module: 'school' })
  const rows = dog.pendingEvents.map((each) => mapper.toStored(each, Dog))
  t.strictSame(
    rows.map(({ tags }) => tags),
    [['name:fido', 'dog:fido'], undefined, []],
  )
  t.notOk('tags' in (rows[1] as StoredEvent))
})

t.test('what is no list of tags is refused by the save, and nothing is recorded', async (t) => {
  for (const wrong of [['dog:fido'], 'dog:fido', null, false])
    t.throws(() => defineEvent('CupMade', [], { tags: wrong as never }), {
      name: 'TypeError',
      message: /^The tags of CupMade are a function: /,
    })
  for (const wrong of ['dog:1', [1], [''], null, [undefined]]) {
    const Made = defineEvent('CupMade', [], { tags: () => wrong as never })
    const Cup = events(class Cup extends Aggregate {}, { constructor: Made })
    const app = new Application(undefined, { name: 'cups', aggregates: [Cup] })
    await t.rejects(app.save(new Cup()), { name: 'TypeError', message: /The tags of CupMade are not a list/ })
    t.equal(await app.notificationLog.max(), 0)
  }
})

t.test('what is no schema is refused, with fields too', async (t) => {
  const refusal = { name: 'TypeError', message: /must be a schema/ }
  // @ts-expect-error a text is no schema
  t.throws(() => defineEvent('Named', 'name'), refusal)
  // @ts-expect-error with fields, it is none either
  t.throws(() => defineEvent('Named', 'name', { fields: ['name'] }), refusal)
})

t.test('the payload of tags is typed', async () => {
  const schema = z.object({ name: z.string() })
  defineEvent('Named', schema, { tags: ({ name }) => [name.toLowerCase()] })
  // @ts-expect-error a misspelt field
  defineEvent('Named', schema, { tags: ({ nmae }) => [nmae] })
  // @ts-expect-error a tag is a string
  defineEvent('Named', schema, { tags: ({ name }) => [name.length] })
  // @ts-expect-error of another event
  defineEvent('Named', schema, { tags: ({ trick }: { trick: string }) => [trick] })
  // What the schema returns is recorded.
  const size = z.object({ size: z.string().transform(Number) })
  defineEvent('Sized', size, { tags: (payload) => [payload.size.toFixed(1)] })
})
