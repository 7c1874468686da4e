/** The prompt in a terminal on every Node that is supported, in one sitting each; `terminal.test.ts` does more on one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { absent, nodeOf, versions } from './nodes'
import { ctrlC, ctrlE, ctrlR, enter, flood, left, openTerminal, runaways, tab, terminal, up } from './pseudo-terminal'

// The first run installs them.
t.setTimeout(1_800_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

t.test('the oldest Node that is tried is the oldest that is allowed', async (t) => {
  const { engines } = require('../../package.json')
  t.match(engines.node, new RegExp(`^>=${versions[0]}\\.`))
})

if (absent.length > 0)
  t.test(`Node ${absent.join(', ')}`, { skip: 'not here: `CI=true npm test` installs them' }, () => {})

for (const version of versions.filter((each) => !absent.includes(each)))
  terminal(`Node ${version}`, async (t) => {
    const folder = t.testdir()
    const { see, shows, press, type, leave } = openTerminal(folder, { node: await nodeOf(version) })
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

    for (const runaway of [...runaways, flood, flood]) {
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
