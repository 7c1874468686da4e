/** Deciding, saving and replaying in memory: what the processor does, without a disk. */
import { type Aggregate, type AggregateClass, Application, MemoryRecorder } from 'dog-school'
import { CountingDog, Dog, PlainDog, replayByHand, rowsOf } from './dogs'
import { type Figure, memory, rate } from './measure'

const count = 10_000
const id = 'fido'

async function kennel(events: number, cacheSize?: number, dog: AggregateClass<Aggregate> = Dog): Promise<Application> {
  const recorder = new MemoryRecorder()
  await recorder.append([...rowsOf(id, events)])
  return new Application(recorder, {
    name: 'kennel',
    aggregates: [dog],
    ...(cacheSize !== undefined && { cacheSize }),
  })
}

export async function* core(): AsyncGenerator<Figure> {
  yield await rate({
    what: 'trigger: dog.addTrick()',
    count,
    ours: () => () => {
      const dog = new Dog('Fido')
      for (let i = 0; i < count; i++) dog.addTrick('roll over')
    },
    floor: {
      what: 'push a frozen object',
      work: () => () => {
        const dog = new PlainDog('Fido')
        for (let i = 0; i < count; i++) dog.addTrick('roll over')
      },
    },
    turns: 21,
  })

  yield await rate({
    what: 'replay one dog of 10,000, memory',
    count,
    ours: async () => {
      const school = await kennel(count, 0)
      return () => school.repository.get(Dog, id)
    },
    floor: {
      what: 'select, JSON.parse, switch',
      work: async () => {
        const { recorder } = await kennel(count, 0)
        return async () => replayByHand(await recorder.select(id))
      },
    },
    turns: 15,
  })

  yield await rate({
    what: 'save one event, memory',
    count,
    ours: () => {
      const school = new Application()
      const dogs = Array.from({ length: count }, () => new Dog('Fido'))
      return async () => {
        for (const dog of dogs) await school.save(dog)
      }
    },
    floor: {
      what: 'JSON.stringify, push, await',
      work: () => {
        const dogs = Array.from({ length: count }, (_, i) => ({ id: `dog ${i}`, name: 'Fido' }))
        const streams = new Map<string, string[]>()
        return async () => {
          for (const dog of dogs) await streams.set(dog.id, [JSON.stringify(dog)])
        }
      },
    },
  })

  for (const [kind, type, lengths] of [
    ['replayed each time', Dog, [10, 1_000, 10_000]],
    ['with static snapshotVersion', CountingDog, [10, 1_000, 10_000, 100_000]],
  ] as const)
    for (const length of lengths)
      yield await rate({
        what: `command on ${length.toLocaleString('en')} events, ${kind}`,
        unit: 'commands/s',
        count: 200,
        ours: async () => {
          const learner: AggregateClass<Dog | CountingDog> = type
          const school = await kennel(length, undefined, learner)
          await school.repository.get(learner, id)
          return async () => {
            for (let i = 0; i < 200; i++) {
              const dog = await school.repository.get(learner, id)
              dog.addTrick('roll over')
              await school.save(dog)
            }
          }
        },
        turns: 5,
      })

  yield await rate({
    what: '100 loads of a dog of 10,000 at once, memory',
    unit: 'loads/s',
    count: 100,
    ours: async () => {
      const school = await kennel(count)
      return () => Promise.all(Array.from({ length: 100 }, () => school.repository.get(Dog, id)))
    },
    turns: 5,
  })

  yield await rate({
    what: 'save batches of 100, memory',
    count: 10_000,
    ours: () => {
      const school = new Application()
      const dog = new Dog('Fido')
      return async () => {
        for (let i = 0; i < 100; i++) {
          for (let j = 0; j < 100; j++) dog.addTrick('roll over')
          await school.save(dog)
        }
      }
    },
    turns: 5,
  })

  yield await rate({
    what: '10,000 dogs, 4 commands each, memory',
    count: 40_000,
    ours: () => {
      const school = new Application()
      return async () => {
        for (let i = 0; i < 10_000; i++) {
          const made = new Dog('Fido')
          await school.save(made)
          for (const trick of ['roll over', 'play dead', 'fetch ball']) {
            const dog = await school.repository.get(Dog, made.id)
            dog.addTrick(trick)
            await school.save(dog)
          }
        }
      }
    },
    turns: 3,
  })

  yield await rate({
    what: 'notification log of 100,000, memory',
    count: 100_000,
    ours: async () => {
      const { notificationLog } = await kennel(100_000)
      return () => notificationLog.select()
    },
    turns: 5,
  })

  yield await memory('memory for an event, memory', 100_000, () => kennel(100_000, 0), {
    what: 'rows in an array',
    held: () => [...rowsOf(id, 100_000)],
  })
}
