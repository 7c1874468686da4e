/** `@event`: what it accepts, what the compiler refuses, and what is refused when the class is defined. */
import { Aggregate, defineEvent, event } from 'dog-school'
import t from 'tap'
import { z } from 'zod'

t.test('the payload has the names of the parameters', async (t) => {
  @event('Made')
  class Other extends Aggregate {
    seen: unknown[] = []
    constructor(
      readonly first: string,
      protected second: { a: number }, // a comment, (with) brackets
      /* another, */ third: string | null,
    ) {
      super()
      this.seen = [first, second, third]
    }
    @event('Renamed') rename($new: string, ünïcode: number, _: boolean) {
      this.seen = [$new, ünïcode, _]
    }
    @event('Emptied') empty() {
      this.seen = []
    }
    @event('Odd') 'a name of more words'(value: string) {
      this.seen.push(value)
    }
  }
  const made = new Other('a', { a: 1 }, null)
  made.rename('b', 2, true)
  made.empty()
  made['a name of more words']('c')
  t.strictSame(
    made.pendingEvents.map(({ payload }) => payload),
    [{ first: 'a', second: { a: 1 }, third: null }, { $new: 'b', ünïcode: 2, _: true }, {}, { value: 'c' }],
  )
  t.equal(made.rename.length, 3)
  t.equal(made.rename.name, 'rename')
})

t.test('a schema names and checks the payload', async (t) => {
  @event(defineEvent('Registered', z.object({ name: z.string().min(1), born: z.date().optional() })))
  class Dog extends Aggregate {
    tricks: string[] = []
    constructor(
      readonly name: string,
      readonly born?: Date,
    ) {
      super()
    }
    @event(defineEvent('TrickAdded', z.object({ trick: z.string().trim().min(2), level: z.number().int().default(1) })))
    addTrick(trick: string, level?: number) {
      this.tricks.push(`${trick} ${level}`)
    }
  }
  const fido = new Dog('Fido')
  fido.addTrick('  sit ')
  t.strictSame(
    fido.pendingEvents.map(({ payload }) => payload),
    [{ name: 'Fido' }, { trick: 'sit', level: 1 }],
  )
  t.strictSame(fido.tricks, ['sit 1'], 'what is applied is what is recorded')
  t.throws(() => fido.addTrick('x'), { code: 'INVALID_PAYLOAD', message: /trick/ })
  t.throws(() => new Dog(''), { code: 'INVALID_PAYLOAD', message: /name/ })
  t.equal(fido.version, 2)
  t.ok(Dog.replay(fido.collectEvents()).equals(fido))
})

t.test('what would not come back as it is, is refused at the call', async (t) => {
  @event('Made')
  class Box extends Aggregate {
    content: unknown
    @event('Filled') fill(content: unknown) {
      this.content = content
    }
  }
  const box = new Box()
  class Ball {}
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const refused: unknown[] = [
    NaN,
    Infinity,
    undefined,
    () => 1,
    Symbol('x'),
    new Ball(),
    circle,
    [undefined],
    new Date(NaN),
    { _type_: 'a', _data_: 1 },
    new WeakMap(),
  ]
  for (const [i, content] of refused.entries())
    t.throws(() => box.fill(content), { code: 'INVALID_PAYLOAD' }, `number ${i}`)
  const kept: unknown[] = [
    0,
    -0,
    1.5,
    2 ** 53,
    -1e300,
    10n ** 30n,
    1n,
    null,
    '',
    [],
    {},
    [[{ a: [1] }]],
    new Date(0),
    new Map([['a', new Set([1])]]),
    Uint8Array.from([1]),
    { a: undefined },
  ]
  for (const content of kept) box.fill(content)
  t.equal(box.version, 1 + kept.length)
})

t.test('what the compiler refuses', async (t) => {
  const definitions = [
    () => {
      class Dog extends Aggregate {
        // @ts-expect-error it takes one argument, the schema has two fields
        @event(defineEvent('TrickAdded', z.object({ trick: z.string(), level: z.number() }))) addTrick(
          _trick: string,
        ) {}
      }
      return Dog
    },
    () => {
      class Dog extends Aggregate {
        // @ts-expect-error the field is a number, the argument a string
        @event(defineEvent('TrickAdded', z.object({ trick: z.number() }))) addTrick(trick: string) {
          return trick
        }
      }
      return Dog
    },
    () => {
      // @ts-expect-error only aggregates have events
      @event('Made')
      class Plain {}
      return Plain
    },
    () => {
      class Dog extends Aggregate {
        // @ts-expect-error an event has a name
        @event() addTrick(trick: string) {
          return trick
        }
      }
      return Dog
    },
  ]
  t.equal(definitions.length, 4)
})

t.test('what is refused when the class is defined, with what to write', async (t) => {
  const refused: readonly [says: RegExp, define: () => unknown][] = [
    [
      /destructured.*schema/s,
      () =>
        class extends Aggregate {
          @event('E') m({ a }: { a: string }) {
            return a
          }
        },
    ],
    [
      /rest.*schema/s,
      () =>
        class extends Aggregate {
          // @ts-expect-error the compiler says so, too
          @event('E') m(...all: string[]) {
            return all
          }
        },
    ],
    [
      /default.*schema/s,
      () =>
        class extends Aggregate {
          // @ts-expect-error the compiler says so, too
          @event('E') m(a = 1) {
            return a
          }
        },
    ],
    [
      /async/,
      () =>
        class extends Aggregate {
          // @ts-expect-error the compiler says so, too
          @event('E') async m(a: string) {
            return a
          }
        },
    ],
    [
      /static/,
      () =>
        class extends Aggregate {
          // @ts-expect-error the compiler says so, too
          @event('E') static m(a: string) {
            return a
          }
        },
    ],
    [
      /private/,
      () =>
        class extends Aggregate {
          @event('E') #m(a: string) {
            return a
          }
          x() {
            return this.#m('')
          }
        },
    ],
    [
      /same names in the same order/,
      () =>
        class extends Aggregate {
          @event(defineEvent('E', z.object({ b: z.string(), a: z.string() }))) m(a: string, b: string) {
            return a + b
          }
        },
    ],
    [
      /timestamp/,
      () =>
        class extends Aggregate {
          @event('E') m(timestamp: string) {
            return timestamp
          }
        },
    ],
    [
      /past tense/,
      () =>
        class extends Aggregate {
          @event('two words') m() {}
        },
    ],
    [
      /past tense/,
      () =>
        class extends Aggregate {
          @event('a.b') m() {}
        },
    ],
    [
      /past tense/,
      () =>
        class extends Aggregate {
          @event('') m() {}
        },
    ],
    [
      /@event\('Taught'\) and @event\('Learned'\) are both on m\(\): .* remove one of them/,
      () =>
        class extends Aggregate {
          @event('Taught')
          @event('Learned')
          m(_what: string) {}
        },
    ],
    [
      /@event\('Born'\) and @event\('Registered'\) are both on class Cat/,
      () => {
        @event('Born')
        @event('Registered')
        class Cat extends Aggregate {}
        return Cat
      },
    ],
  ]
  for (const [says, define] of refused) t.throws(define, { name: 'TypeError', message: says })
})

t.test('what is refused at the first use', async (t) => {
  class Undecorated extends Aggregate {}
  t.throws(() => new Undecorated(), { name: 'TypeError', message: /@event\('Registered'\)/ })

  @event('Born')
  class Dog extends Aggregate {
    @event('Barked') bark(how: string) {
      return how
    }
  }
  class Silent extends Dog {
    override bark(how: string) {
      return how.toLowerCase()
    }
  }
  t.throws(() => new Silent().bark('WUFF'), { name: 'TypeError', message: /override/ })
  class Named extends Dog {
    constructor(readonly name: string) {
      super()
    }
  }
  t.throws(() => new Named('Rex'), { name: 'TypeError', message: /constructor of its own/ })

  @event('Born')
  class Twice extends Aggregate {
    @event('E') one() {}
    @event('E') two() {}
  }
  t.throws(() => new Twice().one(), { name: 'TypeError', message: /Two methods record 'E'/ })
})

t.test('a class stays what it was, and can be extended', async (t) => {
  @event('Born')
  class Dog extends Aggregate {
    static made = 0
    static born(name: string) {
      return new Dog(name)
    }
    tricks: string[] = []
    constructor(readonly name: string) {
      super()
      Dog.made++
    }
    @event('TrickAdded') addTrick(trick: string) {
      this.tricks.push(trick)
    }
  }
  class Puppy extends Dog {
    @event('TrickAdded') override addTrick(trick: string) {
      super.addTrick(`little ${trick}`)
    }
    @event('Slept') sleep(hours: number) {
      this.tricks.push(`slept ${hours}`)
    }
  }
  @event('Graduated')
  class Hero extends Dog {
    constructor(
      name: string,
      readonly medal: string,
    ) {
      super(name)
    }
  }
  t.equal(Dog.name, 'Dog')
  t.ok(Dog.born('Rex') instanceof Dog)
  t.equal(Dog.made, 1)
  const puppy = new Puppy('Fido')
  puppy.addTrick('sit')
  puppy.sleep(3)
  t.strictSame([puppy.constructor, puppy.tricks], [Puppy, ['little sit', 'slept 3']])
  t.ok(puppy instanceof Dog)
  t.ok(Puppy.replay(puppy.collectEvents()).equals(puppy))
  const hero = new Hero('Lassie', 'gold')
  hero.addTrick('rescue')
  t.strictSame(
    hero.pendingEvents.map(({ name, payload }) => [name, payload]),
    [
      ['Graduated', { name: 'Lassie', medal: 'gold' }],
      ['TrickAdded', { trick: 'rescue' }],
    ],
  )
  t.ok(Hero.replay(hero.collectEvents()).equals(hero))
})

t.test('a decision apart from its event: a public command, a private event method', async (t) => {
  @event('Born')
  class Dog extends Aggregate {
    tricks: string[] = []
    learn(trick: string) {
      if (this.tricks.includes(trick)) return
      this.trickAdded(trick)
    }
    @event('TrickAdded')
    private trickAdded(trick: string) {
      this.tricks.push(trick)
    }
  }
  const fido = new Dog()
  fido.learn('sit')
  fido.learn('sit')
  t.equal(fido.version, 2)
  t.ok(Dog.replay(fido.collectEvents()).equals(fido))
})
