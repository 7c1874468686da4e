/** What the repository remembers: how much, what it drops first, and never a history with a gap. */
import t from 'tap'
import type { AggregateClass } from '../../src/aggregates/definition'
import { versionOf } from '../../src/aggregates/life'
import { DomainEvent } from '../../src/events/event'
import { continued, Histories, pastOf } from '../../src/loading/histories'

const type = { name: 'Dog', prototype: {} } as AggregateClass
const events = (id: string, from: number, to: number): DomainEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => new DomainEvent('Barked', {}, id, from + i, 'now'))
const versions = (histories: Histories, id: string) => {
  const past = histories.get(id)
  return past?.events.slice(0, past.length).map(({ version }) => version)
}

t.test('as many events as the limit, and the least recently used go first', async (t) => {
  const histories = new Histories(6)
  histories.keep('a', pastOf(type, events('a', 1, 3)))
  histories.keep('b', pastOf(type, events('b', 1, 3)))
  t.strictSame(
    [versions(histories, 'a'), versions(histories, 'b')],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    'the limit itself fits',
  )
  const a = histories.get('a')
  if (a) histories.keep('a', a)
  histories.keep('c', pastOf(type, events('c', 1, 1)))
  t.strictSame(
    [versions(histories, 'a'), versions(histories, 'b'), versions(histories, 'c')],
    [[1, 2, 3], undefined, [1]],
  )
  histories.keep('d', pastOf(type, events('d', 1, 7)))
  t.strictSame(
    [versions(histories, 'd'), versions(histories, 'a')],
    [undefined, [1, 2, 3]],
    'what is too long is not kept',
  )
  histories.keep('e', pastOf(type, events('e', 1, 6)))
  t.strictSame([versions(histories, 'e'), versions(histories, 'a')], [[1, 2, 3, 4, 5, 6], undefined])
})

t.test('a save extends a history, and drops one with a gap', async (t) => {
  const histories = new Histories(100)
  histories.add('a', type, events('a', 1, 2))
  histories.add('a', type, events('a', 3, 4))
  t.strictSame(versions(histories, 'a'), [1, 2, 3, 4])
  histories.add('a', type, events('a', 4, 5))
  t.strictSame(versions(histories, 'a'), [1, 2, 3, 4, 5], 'what it has already is left out')
  histories.add('a', type, events('a', 7, 7))
  t.equal(versions(histories, 'a'), undefined, 'version 6 is somebody else’s: it is read again')
  histories.add('b', type, events('b', 2, 2))
  t.equal(versions(histories, 'b'), undefined)
  histories.add('c', type, events('c', 1, 1))
  histories.add('c', { ...type, name: 'Cat' } as AggregateClass, events('c', 2, 2))
  t.equal(versions(histories, 'c'), undefined, 'nor does another class go on with it')
})

t.test('a past remains valid when its history continues', async (t) => {
  const first = pastOf(type, events('a', 1, 2))
  const one = continued(first, events('a', 3, 3))
  const other = continued(first, [...events('a', 3, 3), ...events('a', 4, 4)])
  t.strictSame([first, one, other].map(versionOf), [2, 3, 4])
  t.strictSame(
    other.events.slice(0, other.length).map(({ version }) => version),
    [1, 2, 3, 4],
  )
  t.strictSame(
    one.events.slice(0, one.length).map(({ version }) => version),
    [1, 2, 3],
  )
})

t.test('a state replaces the events up to its version', async (t) => {
  const histories = new Histories(100)
  histories.add('a', type, events('a', 1, 5))
  const state = { id: 'a', version: 3, createdOn: 'now', modifiedOn: 'now', fields: {} }
  histories.fold('a', state)
  t.strictSame([histories.get('a')?.state, versions(histories, 'a')], [state, [4, 5]])
  histories.fold('a', { ...state, version: 9 })
  t.equal(histories.get('a')?.state, state, 'one from the future is none of this past')
  histories.fold('a', { ...state, version: 5 })
  t.strictSame([histories.get('a')?.state?.version, versions(histories, 'a')], [5, []])
  const none = new Histories(0)
  none.keep('a', pastOf(type, [], state))
  t.equal(none.get('a'), undefined, 'a state counts as one event')
})
