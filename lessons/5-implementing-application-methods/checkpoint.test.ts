/** The school works through its methods alone: it saves what it must, answers with what it loads, and keeps nothing else. */
import { Application } from 'dog-school'
import { isDeclaredIn, isThrownBelow, listed } from '../../src/checkpoints/judging/declared'
import { judge } from '../../src/checkpoints/judging/judge'
import { throws } from '../../src/checkpoints/judging/likeness'
import { dogAsHeWas, schoolAtWork } from '../../src/checkpoints/judging/school-at-work'
import { SlowRecorder } from '../../src/checkpoints/judging/slow-recorder'
import type { Schools } from '../../src/checkpoints/judging/watch-school'

judge(__dirname, async ({ folder, load, check, expect, refuse }) => {
  const exported = load('dog-school.ts', {
    'not-imported': /is not defined|is not a function|extends value undefined/,
    'event-on-school': (trouble) =>
      /cannot be async|class is not an aggregate/.test(trouble.message) && isThrownBelow(folder, trouble, 'DogSchool'),
    'async-dog': /cannot be async/,
    'dog-changed': /class is not an aggregate/,
  })
  const Dog = exported.Dog as { readonly prototype: object }
  const DogSchool = exported.DogSchool as Schools

  await check('school', () => {
    const came = listed(exported)
    for (const name of ['DogSchool', 'Dog']) {
      if (typeof exported[name] === 'function') continue
      const isThere = exported.default || isDeclaredIn(folder, 'dog-school.ts', name)
      const missing = name === 'Dog' ? 'no-dog' : 'no-school'
      refuse(isThere ? 'not-exported' : missing, { did: `import { ${name} } from './dog-school'`, came })
    }
  })

  await check('dog', () => dogAsHeWas({ expect, refuse, Dog }))

  await check('application', async () => {
    if (!(DogSchool.prototype instanceof Application)) {
      const parent = Object.getPrototypeOf(DogSchool).name
      refuse('not-an-application', {
        did: 'class DogSchool',
        came: parent ? `a class that extends ${parent}` : 'a class that extends nothing',
        expected: 'a class that extends Application',
      })
    }
    await expect({
      code: 'const school = new DogSchool(recorder)\nschool.recorder === recorder',
      names: { DogSchool, recorder: new SlowRecorder() },
      shows: true,
      hint: 'own-constructor',
      slips: { super: throws(/super constructor/) },
    })
  })

  for (const [id, run] of Object.entries(schoolAtWork({ expect, refuse, DogSchool, Dog }))) await check(id, run)
})
