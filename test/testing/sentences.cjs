/** The same tests for each test runner: those that pass, or one that must not. Plain JavaScript, so that none needs a compiler. */
'use strict'
const { Aggregate, defineEvent, events } = require('dog-school')
const { given, recorderContract } = require('dog-school/testing')
const { MemoryRecorder } = require('dog-school')

const Registered = defineEvent('Registered', ['name'])
const TrickAdded = defineEvent('TrickAdded', ['trick'])
class PlainDog extends Aggregate {
  tricks = []
  constructor(name) {
    super()
    this.name = name
  }
  addTrick(trick) {
    if (this.tricks.includes(trick)) throw new RangeError(`${this.name} can ${trick} already`)
    this.trickAdded(trick)
  }
  trickAdded(trick) {
    this.tricks.push(trick)
  }
}
const Dog = events(PlainDog, { constructor: Registered, trickAdded: TrickAdded })
const fido = [Registered.of({ name: 'Fido' }), TrickAdded.of({ trick: 'sit' })]
const beg = TrickAdded.of({ trick: 'beg' })

/** Each by its name, the line to which a runner must point is marked. */
const tests = {
  payload: async () => {
    await given(Dog, ...fido)
      .when((dog) => dog.addTrick('begg'))
      .then(beg) // payload
  },
  refused: () =>
    given(Dog, ...fido)
      .when((dog) => dog.addTrick('sit'))
      .then(beg), // refused
  unended: () => {
    given(Dog, ...fido).when((dog) => dog.addTrick('beg')) // unended
  },
  unawaited: () => {
    given(Dog, ...fido)
      .when((dog) => dog.addTrick('beg'))
      .then(beg) // unawaited
  },
  unawaited2: async () => {
    await null
    given(Dog, ...fido)
      .when((dog) => dog.addTrick('begg'))
      .then(beg) // unawaited2
  },
  halfway: async () => {
    await given(Dog, ...fido).when((dog) => dog.addTrick('beg')) // halfway
  },
  returned: () => given(Dog, ...fido), // returned
}

const sentence = () =>
  given(Dog, ...fido)
    .when((dog) => dog.addTrick('beg'))
    .then(beg)

const passing = {
  returned: sentence,
  awaited: async () => {
    await sentence()
    await sentence().finally(() => undefined)
    await Promise.all([sentence(), sentence()])
  },
  'returned by an async function': async () => sentence(),
  'returned by several': async () => {
    const inner = async () => sentence()
    return inner()
  },
  refused: () =>
    given(Dog, ...fido)
      .when((dog) => dog.addTrick('sit'))
      .thenThrows(RangeError),
}

module.exports = (test) => {
  const wanted = process.env.SENTENCES
  for (const name of wanted ? wanted.split(',') : []) test(name, tests[name])
  if (wanted) return
  for (const [name, body] of Object.entries(passing)) test(name, body)
  // A test runner that runs one of the cases runs all.
  for (const { name, run } of recorderContract(() => new MemoryRecorder()).slice(0, 5)) test(name, run)
}
