/** The learner's test is the answer here: right dogs must pass it, and each wrong one must fail. */
import { type Checkpoint, judge } from '../../src/checkpoints/judging/judge'
import { runTests } from '../../src/checkpoints/judging/run-learner-tests'

/** How often the dogs were taught something: a test that teaches nothing has nothing to compare. */
let lessons = 0

class Plain {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string): unknown {
    lessons++
    this.tricks.push(trick)
    return undefined
  }
}

/** Dogs as others write them: each of them is right. */
const right: readonly object[] = [
  Plain,
  class {
    #tricks: string[] = []
    #name: string
    constructor(name: string) {
      this.#name = name
    }
    get name() {
      return this.#name
    }
    get tricks() {
      return [...this.#tricks]
    }
    addTrick(trick: string) {
      this.#tricks = [...this.#tricks, trick]
      return this
    }
  },
]

/** Dogs that are wrong in one way each, with the hint for a test that lets them pass. */
const wrong: Readonly<Record<string, readonly [hint: string, dog: object]>> = {
  lazy: [
    'only-name',
    class extends Plain {
      override addTrick() {}
    },
  ],
  unteachable: [
    'only-name',
    class {
      tricks: string[] = []
      constructor(readonly name: string) {}
    },
  ],
  nameless: [
    'no-name',
    class extends Plain {
      constructor() {
        super('')
      }
    },
  ],
  'all-fidos': [
    'no-name',
    class extends Plain {
      constructor(name: string) {
        super(`${name} the dog`)
      }
    },
  ],
  'first-only': [
    'one-trick',
    class extends Plain {
      override addTrick(trick: string) {
        if (this.tricks.length === 0) this.tricks.push(trick)
      }
    },
  ],
  'last-only': [
    'one-trick',
    class extends Plain {
      override addTrick(trick: string) {
        this.tricks.splice(0, 9, trick)
      }
    },
  ],
  backwards: [
    'order',
    class extends Plain {
      override addTrick(trick: string) {
        this.tricks.unshift(trick)
      }
    },
  ],
  twice: [
    'whole-list',
    class extends Plain {
      override addTrick(trick: string) {
        this.tricks.push(trick, trick)
      }
    },
  ],
  'one-more': [
    'whole-list',
    class extends Plain {
      override addTrick(trick: string) {
        if (this.tricks.push(trick) === 2) this.tricks.push('bite')
      }
    },
  ],
  counter: [
    'whole-list',
    class extends Plain {
      override addTrick() {
        this.tricks.push('')
      }
    },
  ],
  talker: [
    'whole-list',
    class {
      tricks = ''
      constructor(readonly name: string) {}
      addTrick(trick: string) {
        this.tricks += `${trick} `
      }
    },
  ],
}

judge(__dirname, async ({ folder, check, refuse }: Checkpoint) => {
  const test = (Dog: object | undefined) => runTests(folder, 'dog.test.ts', Dog && { Dog })

  await check('right', async () => {
    lessons = 0
    for (const Dog of right) {
      const { passed, ended, failure, asserts, problem } = await test(Dog)
      if (problem) throw problem
      const { place } = failure ?? {}
      const where = place ? { place } : {}
      if (!ended) refuse('never-ends', { did: 'a right dog at ./dog', came: 'a test that does not end' })
      if (passed && asserts > 0) continue
      const came = failure ? `${failure.name}${failure.diff ? `\n${failure.diff}` : ''}` : 'no assertion at all'
      const hint = !failure
        ? 'no-assertion'
        : failure.isIdentity
          ? 'same-list'
          : failure.isThrown
            ? 'throws'
            : 'refuses-right'
      refuse(hint, { did: 'a right dog at ./dog', came, ...where, ...(failure?.isThrown && { unforeseen: true }) })
    }
  })

  await check('no-dog', async () => {
    const away = (await test(undefined)).passed
      ? 'nobody'
      : (await runTests(folder, 'dog.test.ts', {})).passed
        ? 'no-class'
        : ''
    if (away) refuse('own-dog', { dog: away, did: 'no Dog at ./dog', came: 'the test passes' })
  })

  await check('wrong-dogs', async () => {
    for (const [id, [hint, Dog]] of Object.entries(wrong)) {
      if (!(await test(Dog)).passed) continue
      const given = hint === 'only-name' && lessons > 0 ? 'not-compared' : hint
      refuse(given, { dog: id, did: 'this dog at ./dog', came: 'the test passes' })
    }
  })
})
