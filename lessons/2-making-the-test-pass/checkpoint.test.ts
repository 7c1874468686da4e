/** Each dog knows what he was taught, in that order; and if not, which of the classic slips it is. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { listed } from '../../src/checkpoints/judging/declared'
import { timers } from '../../src/checkpoints/judging/idle'
import { judge } from '../../src/checkpoints/judging/judge'
import { isList, throws } from '../../src/checkpoints/judging/likeness'
import { mustPassItsOwnTest } from '../../src/checkpoints/judging/right-dogs'
import { sourceAt } from '../../src/checkpoints/sources'

interface Plain {
  addTrick(trick: string): unknown
  readonly tricks: unknown
}

const count = (value: unknown, trick: string) => (isList(value) ? value.filter((each) => each === trick).length : 0)
/** The field of the dog is taken for a variable. */
const withoutThis = throws(/^(tricks|self|me|name) is not defined/)
/** `this.tricks` was never made, so nothing can be put into it. */
const withoutList = throws(/undefined|not iterable/)
/** Whatever else was thrown. */
const anything = throws(/./)
const frozen = throws(/not extensible|read only|only a getter/)

judge(__dirname, async (answer) => {
  const { folder, load, check, expect, refuse } = answer
  const exported = load('dog.ts')
  const Dog = exported.Dog as new (name: string) => Plain
  const names = { Dog }
  /** A parameter that nobody hands over. */
  const asksForMore = () => Dog.length > 1 || (Dog.prototype?.addTrick?.length ?? 0) > 1

  await check('class', () => {
    if (typeof Dog === 'function') return
    const hint = Dog !== undefined ? 'not-a-class' : exported.default ? 'default-export' : 'not-exported'
    refuse(hint, { did: "import { Dog } from './dog'", came: listed(exported) })
  })

  await check('name', async () => {
    const slips = {
      'no-this': withoutThis,
      ts2554: () => Dog.length > 1,
      'not-a-class': throws(/not a constructor|invoked without 'new'/),
      'name-method': (value: unknown) => typeof value === 'function',
    }
    await expect({ code: "new Dog('Buster').name", names, shows: 'Buster', hint: 'name', slips })
    const code = "const fido = new Dog('Fido')\nnew Dog('Buster')\nfido.name"
    await expect({ code, names, shows: 'Fido', hint: 'shared-name' })
  })

  await check('add-trick', async () => {
    const isStatic = Dog !== undefined && 'addTrick' in Dog
    const own = Object.getOwnPropertyNames(Dog.prototype ?? {}).filter((name) => name !== 'constructor')
    const hint = isStatic
      ? 'static'
      : !own.includes('addTrick') && own.some((name) => /trick|add|learn|teach/i.test(name))
        ? 'method-name'
        : 'no-add-trick'
    await expect({ code: "typeof new Dog('Fido').addTrick", names, shows: 'function', hint })
  })

  await check('no-tricks', () => {
    const slips = {
      endless: throws(/call stack/),
      static: () => 'tricks' in Dog,
      'getter-returns-nothing': (value: unknown) => value === undefined && 'tricks' in Dog.prototype,
      'other-name': (value: unknown, error?: unknown) =>
        error === undefined && value === undefined && !Object.hasOwn(new Dog('Fido'), 'tricks') && learnsElsewhere(Dog),
      'no-list': (value: unknown, error?: unknown) => error === undefined && (value ?? undefined) === undefined,
      'tricks-method': (value: unknown) => typeof value === 'function' && value !== Array,
      'not-an-array': (value: unknown) => !isList(value) || value.length === 0,
    }
    return expect({ code: "new Dog('Fido').tricks", names, shows: [], hint: 'born-with-tricks', slips })
  })

  await check('own-list', async () => {
    const code =
      "const fido = new Dog('Fido')\nconst buster = new Dog('Buster')\nfido.addTrick('roll over')\nbuster.tricks"
    const slips = {
      frozen,
      'no-this': withoutThis,
      ts2554: asksForMore,
      endless: throws(/call stack/),
      // His `tricks` are there: this is something else.
      'not-there': withoutList,
      'no-such-method': throws(/tricks\.\w+ is not a function/),
      throws: anything,
    }
    await expect({ code, names, shows: [], hint: 'shared-list', slips })
    const namesake = "new Dog('Fido').addTrick('roll over')\nconst other = new Dog('Fido')\nother.tricks"
    await expect({ code: namesake, names, shows: [], hint: 'shared-list' })
    const after = "const before = fido.tricks.length\nbuster.addTrick('sit up')\nfido.tricks.length === before"
    await expect({ code: code.replace('buster.tricks', after), names, shows: true, hint: 'shared-list', slips })
  })

  await check('learns', async () => {
    const why = await notLearned(Dog)
    const hint = why === 'not-stored' && makesNewList(Dog, folder) ? 'new-list' : why
    const slips = {
      ts2554: asksForMore,
      'pushed-and-kept': (value: unknown) => typeof value === 'number',
      'not-an-array': (value: unknown) => !isList(value),
      'no-such-place': (value: unknown) => isList(value) && Object.keys(value).some((place) => !/^\d+$/.test(place)),
      'taken-apart': (value: unknown) =>
        isList(value) && value.length > 1 && count(value, 'roll over') === 0 && /^roll ?over$/.test(value.join('')),
      'added-twice': (value: unknown) => count(value, 'roll over') > 1,
      wrapped: (value: unknown) => isList(value) && value.length === 1 && typeof value[0] !== 'string',
      'another-trick': (value: unknown) => isList(value) && value.length === 1,
      stray: (value: unknown) => isList(value) && value.length > 1,
    }
    const code = "const fido = new Dog('Fido')\nfido.addTrick('roll over')\nfido.tricks"
    await expect({ code, names, shows: ['roll over'], hint, ...(hint !== 'later' && { slips }) })
    const spelled = "const fido = new Dog('Fido')\nfido.addTrick('  High FIVE ')\nfido.tricks"
    await expect({ code: spelled, names, shows: ['  High FIVE '], hint: 'another-trick' })
  })

  await check('order', async () => {
    const shows = ['roll over', 'play dead', 'sit up']
    const lines = ["const fido = new Dog('Fido')", "fido.addTrick('roll over')", "fido.addTrick('play dead')"]
    const slips = {
      replaced: ['sit up'],
      'in-front': ['sit up', 'play dead', 'roll over'],
      sorted: ['play dead', 'roll over', 'sit up'],
      'other-order': (value: unknown) => isList(value) && isDeepStrictEqual([...value].sort(), [...shows].sort()),
      'another-trick': (value: unknown) => count(value, 'roll over') === 3 || count(value, 'sit up') === 3,
      'added-twice': (value: unknown) => isList(value) && value.length > 3,
    }
    const code = [...lines, "fido.addTrick('sit up')", 'fido.tricks'].join('\n')
    await expect({ code, names, shows, hint: 'some-lost', slips })
    const all = ['sit', 'lie down', 'roll over', 'beg', 'fetch ball', 'play dead', 'speak', 'heel', 'jump', 'dance']
    const many = `const fido = new Dog('Fido')\nfor (const trick of ${told(all)}) fido.addTrick(trick)\nfido.tricks`
    await expect({ code: many, names, shows: all, hint: 'some-lost' })
  })

  await check('reading', () => {
    const code = "const fido = new Dog('Fido')\nfido.addTrick('roll over')\nfido.addTrick('play dead')"
    const shows = ['roll over', 'play dead']
    return expect({ code: `${code}\nfido.tricks\nfido.tricks`, names, shows, hint: 'changed-by-reading' })
  })

  await check('again', () => {
    const code = "const fido = new Dog('Fido')\nfido.addTrick('roll over')\nfido.addTrick('roll over')\nfido.tricks"
    return expect({ code, names, shows: ['roll over', 'roll over'], hint: 'no-duplicates' })
  })

  await check('still-fido', () => {
    const code = "const fido = new Dog('Fido')\nfido.addTrick('roll over')\nfido.name"
    return expect({ code, names, shows: 'Fido', hint: 'name' })
  })

  await check('test', () => mustPassItsOwnTest(answer, exported))
})

/** A list as it stands in code. */
const told = (tricks: readonly string[]) => `[${tricks.map((trick) => `'${trick}'`).join(', ')}]`

/** Whether the dog learns without an error, and `tricks` is still nothing. */
function learnsElsewhere(Dog: new (name: string) => Plain): boolean {
  try {
    const fido = new Dog('Fido')
    fido.addTrick('roll over')
    return fido.tricks === undefined
  } catch {
    return false
  }
}

/** Why a trick is not in `tricks`: it came too late, was handed back, went elsewhere, or nowhere. */
async function notLearned(Dog: new (name: string) => Plain): Promise<string> {
  try {
    const fido = new Dog('Fido')
    const before = timers()
    const returned = fido.addTrick('roll over')
    const known = () => isList(fido.tricks) && fido.tricks.includes('roll over')
    if (known()) return 'another-trick'
    if (timers() > before) return 'later'
    await sleep(20)
    if (known()) return 'later'
    const answer = isList(returned) ? returned : (returned as Plain | undefined)?.tricks
    return isList(answer) && answer.includes('roll over') ? 'returned' : 'not-stored'
  } catch {
    return 'not-stored'
  }
}

/** Whether `addTrick` puts the trick into another list than the one that the dog keeps. */
function makesNewList(Dog: new (name: string) => Plain, folder: string): boolean {
  const [, body = ''] = /\baddTrick\b[\s\S]*?\{([\s\S]*?)\n {0,4}\}/.exec(sourceAt(join(folder, 'dog.ts'))) ?? []
  const fido = new Dog('Fido')
  const [once, again] = [fido.tricks, fido.tricks]
  const isCopied = once !== again && /this\.tricks\.\w+\(/.test(body)
  return isCopied || /\.(concat|slice|toSpliced|map)\(|\[\s*\.\.\.|Array\.from|structuredClone/.test(body)
}
