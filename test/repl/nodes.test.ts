/**
 * What depends on the Node, on every one that is supported: the prompt in a terminal, in one sitting each
 * (`terminal.test.ts` does more on one), a checkpoint, and the package.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { lessons } from '../../src/checkpoints/folders'
import { cleanEnvironment } from '../clean-environment'
import { installed } from '../package/packed'
import { absent, isOurs, nodeOf, versions } from './nodes'
import {
  ctrlC,
  ctrlE,
  ctrlR,
  enter,
  flood,
  left,
  main,
  openTerminal,
  runaways,
  tab,
  terminal,
  up,
} from './pseudo-terminal'

// The first run installs them.
t.setTimeout(1_800_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

t.test('the oldest Node that is tried is the oldest that is allowed', async (t) => {
  const { engines } = require('../../package.json')
  t.match(engines.node, new RegExp(`^>=${versions[0]}\\.`))
})

if (absent.length > 0)
  t.test(`Node ${absent.join(', ')}`, { skip: 'not here: `CI=true npm test` installs them' }, () => {})

/** What this Node does is in all the other tests. */
const others = versions.filter((each) => !absent.includes(each) && (isLong || !isOurs(each)))

for (const version of others)
  terminal(`Node ${version}`, async (t) => {
    const folder = t.testdir()
    const { see, shows, press, type, leave } = openTerminal(folder, { node: nodeOf(version) })
    await see(/> $/)
    await type('process.version', new RegExp(`'v${version}\\.`))
    await type("const id = await school.registerDog('Fido')", /\+1 Registered/)

    // Several lines are one text, which is edited as such and comes back as such.
    await press(`const dog = {${enter}`, "name: 'Rx'", left, left, 'e', ctrlE, enter, `}${enter}`)
    await shows('> const dog = {', "  name: 'Rex'", '}', '>')
    await type('dog.name', /dog\.name\s+'Rex'\s+> $/)
    await press(up, up)
    await shows('> dog.name', "'Rex'", '> const dog = {', "  name: 'Rex'", '}')
    await press(ctrlC, ctrlR, 'const')
    await shows('> const dog = {', "  name: 'Rex'", '}', 'bck-i-search: const_')
    await press(enter)
    await shows('> const dog = {', "  name: 'Rex'", '}', '>')

    // It needs the types, and they the time of all the rest.
    if (isLong) {
      await press('school.registerD')
      await see(/school\.registerD$/)
      await press(tab)
      await see(/school\.registerDog/)
      await press(ctrlC)
    }

    for (const runaway of isLong ? [...runaways, flood, flood] : [runaways[0], flood]) {
      await type(runaway, /begun/)
      await press(ctrlC)
      await see(/Stopped\./)
    }
    await type("setTimeout(() => { throw new Error('timer') }), 0", /Uncaught Error: timer/)
    await type("void Promise.reject(new Error('promise'))", /Uncaught Error: promise/)
    await type('(await school.getDog(id)).name', /'Fido'\s+> $/)
    t.equal(await leave(`.exit${enter}`), 0)

    const lines = readFileSync(join(folder, 'history'), 'utf8').trim().split('\n')
    t.equal(lines[2], JSON.stringify("const dog = {\n  name: 'Rex'\n}"))
    t.equal(lines.at(-1), '".exit"')
  })

/** Outside of this checkout, where the name of the package means the checkout itself. */
const kennel = mkdtempSync(join(tmpdir(), 'dog-school-nodes-'))
t.teardown(() => rmSync(kennel, { recursive: true }))

t.test('the package, required and imported', async (t) => {
  installed(kennel)
  const program = `
const Dog = events(class Dog extends Aggregate { tricks = []; add(trick) { this.tricks.push(trick) } }, { constructor: 'Registered', add: 'TrickAdded' })
async function main() {
  const school = new Application(sqlite('dogs.db'))
  const dog = new Dog()
  dog.add('roll over')
  await school.save(dog)
  await school.close()
  const again = new Application(sqlite('dogs.db', { readOnly: true }))
  console.log((await again.repository.get(Dog, dog.id)).tricks.join(), process.version)
}
main()
`
  const names = { 'dog-school': '{ Aggregate, Application, events }', 'dog-school/sqlite': '{ sqlite }' }
  const lines = (line: (names: string, from: string) => string): string =>
    Object.entries(names)
      .map(([from, each]) => line(each, from))
      .join('\n')
  writeFileSync(join(kennel, 'required.cjs'), lines((each, from) => `const ${each} = require('${from}')`) + program)
  writeFileSync(join(kennel, 'imported.mjs'), lines((each, from) => `import ${each} from '${from}'`) + program)
  for (const version of others)
    for (const file of ['required.cjs', 'imported.mjs']) {
      const said = execFileSync(nodeOf(version), [file], {
        cwd: kennel,
        env: cleanEnvironment(),
        encoding: 'utf8',
      })
      t.match(said, new RegExp(`^roll over v${version}\\.`), file)
    }
})

t.test('a checkpoint', async (t) => {
  const two = lessons()[1]!
  const home = t.testdir()
  cpSync(join(two.folder, 'solution'), join(home, two.name), { recursive: true })
  // The newest stands for all: the long form has each.
  for (const version of isLong ? others : others.slice(-1)) {
    const said = execFileSync(nodeOf(version), [main, 'checkpoint', '2'], {
      env: cleanEnvironment({ DOG_SCHOOL_HOME: home }),
      encoding: 'utf8',
    })
    t.match(said, /Passed\. That was lesson 2\./, `Node ${version}`)
  }
})
