/** Whatever happens in whatever order: everybody reads as a model says, which knows who was forgotten when. */
import { MemoryRecorder } from 'dog-school'
import { MemoryKeyStore, SubjectKeys } from 'dog-school/encryption'
import * as fc from 'fast-check'
import t from 'tap'
import { born, Dog, kennel, subjectOf } from './people'

interface Model {
  readonly owners: string[]
  readonly tricks: string[]
  isForgotten: boolean
}
const steps = ['register', 'sell', 'teach', 'forget', 'readmit', 'snapshot', 'restart', 'read', 'held'] as const
const step = fc.record({ what: fc.constantFrom(...steps), which: fc.nat(3), word: fc.string({ minLength: 1 }) })

t.test('aggregates, histories and the log read as the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const [recorder, store] = [new MemoryRecorder(), new MemoryKeyStore()]
      const open = () => kennel(recorder, { keys: new SubjectKeys(store), snapshotEvery: [[Dog, 3]] })
      // Two processes would have caches of their own.
      const schools = [open(), open()]
      const keys = new SubjectKeys(store)
      const models: (Model & { id: string; held: Dog })[] = []
      for (const [i, { what, which, word }] of steps.entries()) {
        const school = schools[i % 2] as ReturnType<typeof kennel>
        if (what === 'register' || models.length === 0) {
          const dog = new Dog('Fido', word, born)
          await school.save(dog)
          models.push({ id: dog.id, owners: [word], tricks: [], isForgotten: false, held: dog })
          continue
        }
        const model = models[which % models.length] as (typeof models)[number]
        const { id } = model
        if (what === 'restart') schools[i % 2] = open()
        if (what === 'forget' && keys.forget(subjectOf(id)) === model.isForgotten) return false
        if (what === 'forget') {
          model.isForgotten = true
          model.owners.fill('forgotten')
        }
        if (what === 'readmit') {
          if (keys.readmit(subjectOf(id)) !== model.isForgotten) return false
          model.isForgotten = false
        }
        if (what === 'snapshot') await school.takeSnapshot(Dog, id)
        if (what === 'read') model.held = await school.repository.get(Dog, id)
        if (what === 'sell' || what === 'teach') {
          const dog = await school.repository.get(Dog, id)
          if (what === 'sell') dog.sell(word)
          else dog.addTrick(word)
          const code = await school.save(dog).then(
            () => 'saved',
            (error) => error.code,
          )
          const isRefused = what === 'sell' && model.isForgotten
          if (code !== (isRefused ? 'FORGOTTEN' : 'saved')) return false
          if (what === 'sell' && !isRefused) model.owners.push(word)
          if (what === 'teach') model.tricks.push(word)
        }
        if (what === 'held') {
          // An object that somebody holds knows what it has read; what it records is what counts.
          model.held.addTrick(word)
          const saved = await school.save(model.held).catch(() => undefined)
          if (saved) model.tricks.push(word)
          model.held = await school.repository.get(Dog, id)
        }
        for (const { id, owners, tricks } of models)
          for (const each of schools) {
            const dog = await each.repository.get(Dog, id)
            if (dog.owner !== owners.at(-1) || String(dog.tricks) !== String(tricks)) return false
            const history = await each.repository.history(id)
            if (String(history.flatMap(({ payload }) => payload.owner ?? [])) !== String(owners)) return false
          }
      }
      const log = await schools[0]?.notificationLog.select()
      const all = log?.flatMap(({ payload }) => payload.owner ?? []).sort()
      return String(all) === String(models.flatMap(({ owners }) => owners).sort())
    }),
    { numRuns: 60 },
  )
})
