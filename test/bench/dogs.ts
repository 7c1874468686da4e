/** The dog of the benchmarks, and the same thing written by hand: what the ratios are taken against. */
import { Aggregate, event, type StoredEvent } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

/** The same dog, whose commands are to cost the same however much he has learnt. */
@event('Registered')
export class CountingDog extends Aggregate {
  static override readonly snapshotVersion = 1
  static override readonly topic = 'kennel:Dog'
  tricks = 0
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks += trick === '' ? 0 : 1
  }
}

/** Triggering by hand: keep the trick, keep a frozen fact. */
export class PlainDog {
  readonly tricks: string[] = []
  readonly events: object[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
    const payload = Object.freeze({ trick })
    const [version, timestamp] = [this.events.length + 2, Date.now()]
    this.events.push(Object.freeze({ name: 'TrickAdded', payload, aggregateId: 'fido', version, timestamp }))
  }
}

/** Replaying by hand: parse each state, and switch by topic. */
export function replayByHand(rows: readonly Pick<StoredEvent, 'topic' | 'state'>[]) {
  const dog = { name: '', tricks: [] as string[], modifiedOn: '' }
  for (const { topic, state } of rows) {
    const { timestamp, ...fields } = JSON.parse(String(state))
    dog.modifiedOn = timestamp._data_
    switch (topic) {
      case 'kennel:Dog.Registered':
        dog.name = fields.name
        break
      case 'kennel:Dog.TrickAdded':
        dog.tricks.push(fields.trick)
    }
  }
  return dog
}

/** The rows of one dog: its registration and its tricks, in the form in which they are stored. */
export function* rowsOf(aggregateId: string, events: number): Generator<StoredEvent> {
  const stamp = '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"}'
  const registered = `${stamp},"originator_topic":"kennel:Dog","name":"Fido"}`
  yield { aggregateId, version: 1, topic: 'kennel:Dog.Registered', state: registered }
  for (let version = 2; version <= events; version++)
    yield { aggregateId, version, topic: 'kennel:Dog.TrickAdded', state: `${stamp},"trick":"trick ${version}"}` }
}
