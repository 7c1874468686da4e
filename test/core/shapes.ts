/**
 * Classes of random shapes for truth.test.ts: each is put together of ingredients, as source text, because only a class
 * body can hold `#private` fields and arrow functions. The same text over an empty base class is the oracle: it runs what
 * was accepted, and knows nothing of events.
 */
import { Aggregate, defineEvent, events } from 'dog-school'

/** Where a command throws; `payload` is refused before its body runs. */
export type Fails = '' | 'head' | 'half' | 'end' | 'payload'

interface Ingredient {
  /** Methods are called `<name>A`, `<name>B`: each is an event. */
  readonly name: string
  readonly fields: string
  /** Two bodies; `HALF` marks where a command can fail half-way. `item` is `{ n }`, the body's own. */
  readonly a: string
  readonly b: string
  /** What can be seen of it, behaviour included: an expression over `self`. */
  readonly look: string
  /** The engine makes it once only, so a refusal may leave the object in doubt. */
  readonly once?: boolean
}

/** What stands beside the classes in their module. */
const surroundings = `
const mark = Symbol('mark')
const drawers = new WeakMap()
const moods = Object.freeze([Object.freeze({ mood: 'calm' }), Object.freeze({ mood: 'wild' }), Object.freeze({ mood: 'shy' })])
const ranks = [{ rank: 'pup' }, { rank: 'dog' }, { rank: 'hound' }]
class Purse { #cents = 0; add(n) { this.#cents += n; return this } get cents() { return this.#cents } }
class Clerk { seen = []; constructor(owner) { this.owner = owner } note(n) { this.seen.push(n); this.owner.noted = n } }
class Tricks extends Map { best() { return Math.max(-1, ...this.values()) } }
class Bag extends Set { total() { let sum = 0; for (const n of this) sum += n; return sum } }
class Row extends Array { last() { return this[this.length - 1] } }
class Money { #n; constructor(n) { this.#n = n } plus(other) { return new Money(this.#n + other.#n) } get n() { return this.#n } }
`

export const ingredients: readonly Ingredient[] = [
  {
    name: 'shared',
    fields: 'all = []; open = new Set(); last = null',
    a: 'this.all.push(item); this.last = item; HALF; this.open.add(item)',
    b: 'const one = this.all[item.n]; if (this.last) this.last.n += 10; HALF; this.open.delete(one); this.last = one ?? null',
    look: '[self.all.map((one) => [one.n, self.open.has(one), one === self.last]), self.open.size]',
  },
  {
    name: 'cycle',
    fields: 'root = { kids: [], up: null, n: 0 }; at = this.root',
    a: 'const kid = { kids: [], up: this.at, n: item.n }; this.at.kids.push(kid); HALF; this.at = kid',
    b: 'this.at.n += item.n; HALF; this.at = this.at.up ?? this.root; this.root.me = this',
    look: '[self.at.n, self.at === self.root, (function deep(one) { return [one.n, one.kids.map((kid) => kid.up === one && deep(kid))] })(self.root), self.root.me === undefined || self.root.me === self]',
  },
  {
    name: 'entity',
    fields: 'purse = new Purse(); purses = new Map(); money = new Money(0)',
    a: 'this.purse.add(item.n + 1); HALF; this.money = this.money.plus(new Money(item.n))',
    b: 'const own = this.purses.get(item.n) ?? new Purse(); this.purses.set(item.n, own); own.add(1); HALF; this.purse = own.add(1)',
    look: '[self.purse.cents, self.money.n, [...self.purses].map(([n, own]) => [n, own.cents, own === self.purse])]',
  },
  {
    name: 'clerk',
    fields: 'noted = -1; clerk = new Clerk(this)',
    a: 'this.clerk.note(item.n); HALF; this.clerk.note(item.n + 1)',
    b: 'this.noted = 50; HALF; if (item.n % 2) this.clerk = new Clerk(this)',
    look: '[self.noted, self.clerk.seen, self.clerk.owner === self]',
  },
  {
    name: 'arrow',
    fields: 'said = []; tell = () => this.said.join(); take = (n) => { this.said.push(n) }',
    a: 'this.take(item.n); HALF; this.said = [...this.said, this.tell().length]',
    b: 'this.said = []; HALF; this.take(item.n)',
    look: '[self.said, self.tell()]',
  },
  {
    name: 'closure',
    fields: 'counter = (() => { let n = 0; return { add(k) { n += k }, read: () => n } })()',
    a: 'this.counter.add(item.n + 1); HALF; this.counter.add(1)',
    b: 'const old = this.counter; HALF; this.counter = { add: (k) => old.add(2 * k), read: () => old.read() + 100 }',
    look: 'self.counter.read()',
  },
  {
    name: 'symbol',
    fields: '[mark] = { n: 0 }',
    a: 'this[mark].n += item.n; HALF; this[Symbol.for("late" + item.n)] = item',
    b: 'this[mark] = item; HALF; delete this[Symbol.for("late" + item.n)]',
    look: '[self[mark].n, Object.getOwnPropertySymbols(self).filter((key) => key !== mark).map((key) => [key.description, self[key].n])]',
  },
  {
    name: 'getter',
    fields:
      'raw = 1; get twice() { return 2 * this.raw }; seenBy = Object.defineProperty({}, "n", { get: () => this.raw, enumerable: true })',
    a: 'this.raw += item.n; HALF; this.raw *= 2',
    b: 'const self = this; Object.defineProperty(this, "late", { get: () => self.raw + item.n, enumerable: true, configurable: true }); HALF; this.raw--',
    look: '[self.raw, self.twice, self.seenBy.n, self.late]',
  },
  {
    name: 'frozen',
    fields: 'mood = moods[0]; was = []',
    a: 'this.was.push(moods.indexOf(this.mood)); HALF; this.mood = moods[item.n % 3]',
    b: 'if (this.mood === moods[1]) this.was = []; HALF; this.was.push(item.n)',
    look: '[moods.indexOf(self.mood), self.was]',
  },
  {
    name: 'constant',
    fields: 'rank = ranks[0]; steps = 0',
    a: 'this.steps++; HALF; this.rank = ranks[Math.min(2, ranks.indexOf(this.rank) + 1)]',
    b: 'this.rank = ranks[item.n % 3]; HALF; this.steps += item.n',
    look: '[ranks.indexOf(self.rank), self.steps]',
  },
  {
    name: 'subclass',
    fields: 'tricks = new Tricks(); bag = new Bag(); row = new Row()',
    a: 'this.tricks.set(item.n, item.n); this.bag.add(item.n); HALF; this.row.push(item.n)',
    b: 'this.tricks.delete(item.n); HALF; this.bag.clear(); this.row = this.row.map((n) => n + 1)',
    look: '[self.tricks.best(), self.bag.total(), self.row.last() ?? null, [...self.row]]',
  },
  {
    name: 'sparse',
    fields: 'slots = [, "b", , "d"]',
    a: 'delete this.slots[item.n]; HALF; this.slots.length++',
    b: 'this.slots[item.n + 2] = item; this.slots.label = "n" + item.n; HALF; this.slots.reverse()',
    look: '[self.slots.length, Object.entries(self.slots)]',
  },
  {
    name: 'later',
    fields: 'undefinedAtFirst; base = { n: 0 }',
    a: 'this["later" + item.n] = this.base; HALF; this.base = item',
    b: 'delete this["later" + item.n]; HALF; delete this.undefinedAtFirst',
    look: '[self.base.n, "undefinedAtFirst" in self, Object.keys(self).filter((key) => /^later/.test(key)).map((key) => [key, self[key] === self.base, self[key].n])]',
  },
  {
    name: 'plain',
    fields: 'list = []; depth = { a: { b: [0] } }; nothing = null; gone = undefined; text = "x"; big = 1n; low = -0',
    a: 'this.list.push(item); this.depth.a.b[0] += item.n; HALF; this.text += item.n; this.big *= 12345678901n',
    b: 'this.list.sort((x, y) => x.n - y.n); HALF; this.depth.a["k" + item.n] = { __proto__: null, n: 1 }.n; this.gone = item.n ? undefined : 0; this.low = item.n - 0',
    look: '[self.list.map((one) => one.n), JSON.stringify(self.depth), self.text, String(self.big), "gone" in self, self.gone === undefined, Object.is(self.low, -0)]',
  },
  {
    name: 'language',
    fields: 'when = new Date(0); seen = new Map(); names = new Set(); bytes = new Uint8Array(6)',
    a: 'this.when.setTime(item.n * 1000); this.seen.set(item.n, [item.n]); HALF; this.names.add("n" + item.n); this.bytes[item.n]++',
    b: 'this.seen.get(item.n)?.push(7); this.names.delete("n" + item.n); HALF; this.bytes.fill(item.n); this.seen.delete(0)',
    look: '[self.when.getTime(), [...self.seen], [...self.names], [...self.bytes]]',
  },
  {
    name: 'odd',
    fields: 'best = Infinity; worst = NaN; code = (n) => n',
    a: 'this.best = Math.min(this.best, item.n); HALF; this.worst = item.n',
    b: 'const k = item.n; this.code = (n) => n * k; HALF; this.best = -Infinity',
    look: '[String(self.best), String(self.worst), self.code(3)]',
  },
  {
    name: 'proto',
    fields: 'dictionary = Object.create(null); own = JSON.parse(\'{"__proto__": {"n": 1}, "a": 2}\')',
    a: 'this.dictionary["k" + item.n] = item.n; HALF; this.own.a += item.n',
    b: 'Object.getOwnPropertyDescriptor(this.own, "__proto__").value.n += item.n; HALF; this.dictionary.constructor = item.n',
    look: '[Object.entries(self.dictionary), JSON.stringify(self.own)]',
  },
  {
    name: 'dark',
    fields: 'void0 = Object.defineProperty(this, "unseen", { value: { n: 0 }, configurable: true, writable: true })',
    a: 'this.unseen.n += item.n; HALF; this.unseen = item',
    b: 'this.unseen.n++; HALF; Object.defineProperty(this, "unseen2", { value: item.n, configurable: true })',
    look: '[self.unseen.n, self.unseen2, self.void0 === self, Object.keys(self).includes("unseen")]',
  },
  {
    name: 'nested',
    fields: 'calls = []; inside = 0',
    a: 'this.calls.push(item.n); HALF; this.inside++',
    b: 'this.nestedA({ n: item.n + 1 }, ""); HALF; this.nestedA(item, ""); item.n = 99',
    look: '[self.calls, self.inside]',
  },
  {
    name: 'known',
    fields: 'first = null',
    a: 'this.first ??= [this.id, this.version, this.createdOn, this.modifiedOn].map(String); HALF; this.knows = this.version',
    b: 'this.knows = -this.version; HALF; this.first = null',
    look: '[self.first?.map((text) => text.length > 0), self.knows]',
  },
  {
    name: 'hidden',
    fields: '#secret = 0; #list = []; hiddenLook() { return [this.#secret, this.#list] }',
    a: 'this.#secret += item.n; HALF; this.#list.push(item.n)',
    b: 'this.#list.reverse(); HALF; this.#secret = -this.#secret',
    look: 'self.hiddenLook()',
    once: true,
  },
  {
    name: 'hiddenMethod',
    fields: 'bumps = 0; #bump(n) { this.bumps += n }',
    a: 'this.#bump(item.n); HALF; this.#bump(1)',
    b: 'this.bumps = 0; HALF; this.#bump(item.n)',
    look: 'self.bumps',
    once: true,
  },
  {
    name: 'closing',
    fields: 'lines = []; closed = 0',
    a: 'if (Object.isExtensible(this.lines)) this.lines.push(item.n); HALF; this.closed++',
    b: 'if (item.n > 2) Object.freeze(this.lines); HALF; this.lines = [...this.lines]; if (item.n === 2) Object.seal(this.lines)',
    look: '[self.lines, Object.isFrozen(self.lines), Object.isSealed(self.lines), self.closed]',
  },
  {
    name: 'shadow',
    fields:
      'get hue() { return "inherited" } set hue(to) { this.painted = to } void3 = void Object.defineProperty(this, "hue", { value: 0, writable: true, enumerable: true, configurable: true }); ["__proto__"] = { n: 0 }; version2 = 0',
    a: 'this.hue += item.n; HALF; Object.getOwnPropertyDescriptor(this, "__proto__").value.n++',
    b: 'this.hue = -1; HALF; this.version2++',
    look: '[self.hue, self.painted, Object.getOwnPropertyDescriptor(self, "__proto__").value.n, self.version2]',
  },
  {
    name: 'drawer',
    fields: 'void2 = void drawers.set(this, [0])',
    a: 'drawers.get(this).push(item.n); HALF; drawers.get(this).push(1)',
    b: 'const old = drawers.get(this); drawers.set(this, [item.n]); HALF; drawers.set(this, [...old, -1])',
    look: 'drawers.get(self)',
  },
  {
    name: 'fixed',
    fields: 'void1 = void Object.defineProperty(this, "fix", { value: { n: 0 } })',
    a: 'this.fix.n += item.n; HALF; this.fix.n++',
    b: 'this.fix.n = 0; HALF; this.fix.n += item.n',
    look: 'self.fix.n',
    once: true,
  },
]

/** How a class is put together. */
export interface Shape {
  /** Indexes of ingredients, and whether each stands in the subclass. */
  readonly parts: readonly (readonly [ingredient: number, inSubclass: boolean])[]
  /** The subclass has a constructor (and an event) of its own, and overrides an event method with a call of super. */
  readonly subclassMakes: boolean
  readonly overrides: boolean
  /** The constructor calls event methods, before and after its own work. */
  readonly callsInside: boolean
  readonly snapshots: boolean
  /** The constructor makes another one of its class before super(). */
  readonly makesAnother: boolean
  /** An event method and the creation have events of one name. */
  readonly sharesName: boolean
  /** The events have schemas, which leave out a field and become stricter. */
  readonly hasRules: boolean
}

export type Self = Aggregate & Record<string, (item: { n: number }, fails: string) => unknown>
export interface Made {
  readonly type: (new (name: string, item: { n: number }) => Self) & Pick<typeof Aggregate, 'replay'>
  readonly look: (self: object) => unknown
  /** The names of its event methods. */
  readonly methods: readonly string[]
  readonly mayDoubt: boolean
  /** A method whose event a replay would not find. */
  readonly lost: string | undefined
  /** Set while a schema of this class must not be asked. */
  readonly rules: { asleep: boolean }
  readonly oracle: new (
    name: string,
    item: { n: number },
  ) => Record<string, (item: { n: number }, fails: string) => void>
}

const method = (name: string, body: string): string => `
    ${name}(item, fails) {
      if (fails === 'head') throw new RangeError('head')
      ${body.replace('HALF', "if (fails === 'half') throw new RangeError('half')")}
      if (fails === 'end') throw new RangeError('end')
    }`

/** The two classes, over a base class. */
function source(shape: Shape): string {
  const [lower, upper] = [false, true].map((level) =>
    shape.parts
      .filter(([, inSubclass]) => inSubclass === level)
      .map(([i]) => ingredients[i] as Ingredient)
      .map(
        ({ name, fields, a, b }) => `
    ${fields};${method(`${name}A`, a)}${method(`${name}B`, b)}`,
      ),
  )
  const inside = shape.callsInside ? "this.levelA({ n: 2 }, '')" : ''
  return `${surroundings}
  const Animal = decorate(class Animal extends Base {
    level = 0;
    levels = [];
    ${lower?.join('\n')}
    constructor(name, item) {
      ${shape.makesAnother ? "const other = name.length < 6 ? new Made(name + '..', item) : null" : 'const other = null'}
      super()
      this.other = other?.level
      ${inside}
      this.name = name
      this.born = [this.level, item]
      ${inside}
    }${method('levelA', 'this.level += item.n; HALF; this.levels.push(item)')}
  }, 'AnimalBorn')
  class Dog extends Animal {
    up = 1;
    ${upper?.join('\n')}
    ${shape.subclassMakes ? `constructor(name, item) { super(name + '!', item); this.made = [this.name, this.level]; ${inside} }` : ''}
    past(item, fails) { super.levelA(item, fails) }
    ${shape.overrides ? method('levelA', 'super.levelA(item, fails); this.up *= 2; HALF; this.levels.push({ n: this.up })') : ''}
  }
  ${shape.snapshots ? 'Dog.snapshotVersion = 1' : ''}
  const Made = decorate(Dog, ${shape.subclassMakes ? "'DogBorn'" : 'undefined'})
  const look = (self) => [self.name, self.born[0], self.born[1].n, self.level, self.levels.map(({ n }) => n), self.up, self.made, self.other,
    ${shape.parts.map(([i]) => ingredients[i]?.look).join(',\n    ')}]
  return { Made, look }`
}

/** One class, and the same one without a library. */
export function make(shape: Shape): Made {
  const text = source(shape)
  const build = new Function('Base', 'decorate', text)
  const rules = { asleep: true }
  const validate = (value: unknown) => {
    if (rules.asleep) return { issues: [{ message: 'stricter' }] }
    const { item, fails } = value as { item: unknown; fails: string }
    return { value: { item, fails: fails || undefined } }
  }
  const decorate = (type: new () => Aggregate, creation: string | undefined) => {
    const own = Object.getOwnPropertyNames(type.prototype).filter((name) => /[a-z][AB]$/.test(name))
    const nameOf = (name: string) => (shape.sharesName && name === 'levelA' ? 'AnimalBorn' : `${name}Done`)
    const typeOf = (name: string) =>
      shape.hasRules
        ? defineEvent(nameOf(name), { '~standard': { version: 1, validate } }, { fields: ['item', 'fails'] })
        : nameOf(name)
    const places = Object.fromEntries(own.map((name) => [name, typeOf(name)]))
    return events(type, creation === undefined ? places : { ...places, constructor: creation })
  }
  class Plain {
    id = 'x'
    version = 1
    createdOn = 'x'
    modifiedOn = 'x'
  }
  const [own, truth] = [build(Aggregate, decorate), build(Plain, (type: unknown) => type)]
  const names = shape.parts.map(([i]) => ingredients[i] as Ingredient)
  // What the classes refer to is defined once for each, so each has a look of its own.
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, each) => (each === undefined ? '(none)' : each))) as unknown
  return {
    type: own.Made,
    look: (self) => plain((self instanceof Aggregate ? own : truth).look(self)),
    methods: ['levelA', 'past', ...names.flatMap(({ name }) => [`${name}A`, `${name}B`])],
    mayDoubt: names.some(({ once }) => once === true),
    lost: shape.overrides ? 'past' : undefined,
    rules,
    oracle: truth.Made,
  }
}
