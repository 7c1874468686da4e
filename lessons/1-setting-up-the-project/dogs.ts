/** The dogs that the learner's test meets: right ones, wrong ones, and those that only find out why a test is wrong. */

/** What the test did with the dogs, since it was forgotten. */
const nothing = () => ({
  /** How often a dog was taught something: a test that teaches nothing has nothing to compare. */
  lessons: 0,
  /** Of the dog that was taught most. */
  most: 0,
  /** How often the tricks of a dog who was taught were read. */
  reads: 0,
  /** Tricks were read of a dog who was taught nothing. */
  untaught: false,
  /** A dog was made without a name. */
  nameless: false,
  /** Something else than one trick was handed over. */
  crowd: false,
  /** What was taught, in its order. */
  tricks: [] as string[],
})

export const seen = nothing()

export function forget(): void {
  Object.assign(seen, nothing())
}

export class Plain {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string): unknown {
    this.tricks.push(trick)
    return undefined
  }
}

/** Right, and tells what is done with it. */
export class Watched {
  #tricks: string[] = []
  #lessons = 0
  constructor(readonly name: string) {
    seen.nameless ||= typeof name !== 'string'
  }
  get tricks() {
    if (this.#lessons > 0) seen.reads++
    else seen.untaught = true
    return this.#tricks
  }
  addTrick(...tricks: string[]) {
    const [trick = ''] = tricks
    this.#tricks.push(trick)
    seen.lessons++
    seen.most = Math.max(seen.most, ++this.#lessons)
    seen.crowd ||= tricks.length !== 1 || typeof trick !== 'string'
    seen.tricks.push(trick)
  }
}

/** Right, too: others write their dogs like this. */
export class Hidden {
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
}

// What a learner reads speaks of a dog.
for (const each of [Plain, Watched, Hidden]) Object.defineProperty(each, 'name', { value: 'Dog' })

/** A dog like `Plain` who does something else when he is taught. */
const taught = (addTrick: (this: Plain, trick: string) => unknown): object => {
  const Dog = class extends Plain {}
  Dog.prototype.addTrick = addTrick
  return Dog
}

/** A dog who shows something else when he is asked for his tricks. */
const showing = (tricks: () => unknown): object =>
  class {
    constructor(readonly name: string) {}
    addTrick() {}
    get tricks() {
      return tricks()
    }
  }

/** Dogs that are wrong in one way each, with the hint for a test that lets them pass. */
export const wrong = {
  lazy: ['only-name', taught(() => undefined)],
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
    taught(function (trick) {
      if (this.tricks.length === 0) this.tricks.push(trick)
    }),
  ],
  'last-only': [
    'one-trick',
    taught(function (trick) {
      this.tricks.splice(0, 9, trick)
    }),
  ],
  'first-again': [
    'not-all',
    taught(function (trick) {
      this.tricks.push(this.tricks[0] ?? trick)
    }),
  ],
  'last-again': [
    'not-all',
    taught(function (trick) {
      this.tricks.push(trick)
      this.tricks.fill(trick)
    }),
  ],
  backwards: [
    'order',
    taught(function (trick) {
      this.tricks.unshift(trick)
    }),
  ],
  twice: [
    'whole-list',
    taught(function (trick) {
      this.tricks.push(trick, trick)
    }),
  ],
  'one-more': [
    'whole-list',
    taught(function (trick) {
      if (this.tricks.push(trick) === 2) this.tricks.push('bite')
    }),
  ],
  counter: [
    'only-length',
    taught(function () {
      this.tricks.push('')
    }),
  ],
  talker: [
    'no-list',
    class {
      tricks = ''
      constructor(readonly name: string) {}
      addTrick(trick: string) {
        this.tricks += `${trick} `
      }
    },
  ],
} as const satisfies Record<string, readonly [hint: string, dog: object]>

/** Dogs that nobody has to catch: how a test fares with them tells what is wrong with it. */
export const probes = {
  /** Everything goes wrong with him: who passes him has caught the error. */
  throwing: class extends Plain {
    override addTrick(): never {
      throw new Error('This dog cannot be taught')
    }
  },
  unreadable: showing(() => {
    throw new Error('This dog tells nothing')
  }),
  /** Other tricks at each look: who passes him compares nothing, or fails him by comparing his tricks with themselves. */
  fickle: () => {
    let looks = 0
    return showing(() => Array.from({ length: ++looks }, () => `trick ${looks}`))
  },
  /** His tricks are as many and as long as those that he was taught. */
  mumbling: taught(function (trick) {
    this.tricks.push(`${this.tricks.length}`.padEnd(trick.length, '?'))
  }),
  /** Always the same tricks, whatever he is taught: who passes him expects nothing of his own. */
  bluffing: showing(() => ['sit', 'beg']),
  /** Who works on his list meets an error. */
  frozen: class extends Hidden {
    override get tricks() {
      return Object.freeze(super.tricks) as string[]
    }
  },
  /** He can do everything before he is taught. */
  gifted: () => {
    const tricks = seen.tricks.length > 0 ? [...seen.tricks] : ['roll over', 'play dead']
    return showing(() => [...tricks])
  },
  /** Dogs whose addTrick returns something: a test that likes one of them counts on it. */
  answering: [
    taught(function (trick) {
      this.tricks.push(trick)
      return [...this.tricks]
    }),
    taught(function (trick) {
      this.tricks.push(trick)
      return this
    }),
    taught(function (trick) {
      this.tricks.push(trick)
      return true
    }),
    taught(function (trick) {
      this.tricks.push(trick)
      return trick
    }),
    taught(function (trick) {
      return this.tricks.push(trick)
    }),
  ],
}
