/** `.help`: one screen of it, the groups, and the example of every command, which does what it shows. `types.test.ts` has the commands that read types, `postgres.test.ts` those that need a server. */
import { join } from 'node:path'
import t from 'tap'
import { commands, groups } from '../../src/repl/commands'
import { render } from '../../src/repl/render/render'
import { needsServer, readsTypes, showsItsExample } from './examples'
import { sit } from './sitting'

process.env.DOG_SCHOOL_HOME = join(t.testdir(), 'my-school')

t.test('.help fits a screen of 30 lines and 80 columns, and has every command', async (t) => {
  const { shows, end } = await sit()
  const lines = (await shows('.help')).split('\n')
  // The line that was typed, and the next prompt.
  t.ok(lines.length + 2 <= 30, `${lines.length} lines`)
  t.strictSame(
    lines.filter((line) => line.length > 80),
    [],
  )
  const words = lines.join(' ').split(/\s+/)
  for (const { name } of commands) t.ok(words.includes(`.${name}`), name)
  await end()
})

t.test('.help on a group, on a command, and on what does not exist', async (t) => {
  const { shows, take, end } = await sit()
  for (const { name, commands } of groups) {
    const shown = await shows(`.help ${name}`)
    for (const { usage } of commands) t.match(shown, usage)
    t.ok(shown.split('\n').length < 28, name)
  }
  t.match(
    await shows('.help .why'),
    /^\.why <who> <field>\n {2}which event gave.*\n\nFor example:\n> \.why fido tricks\n\{ tricks:/,
  )
  const drawn = render(await take('.help fork'), { width: 80, colour: true, unicode: true })
  t.match(drawn, /school/)
  t.notMatch(drawn, /`/, 'code is coloured as it will be')
  t.match(await shows('.help quit'), /^\.exit/, 'by its other name')
  t.match(await shows('.help nonsense'), /There is no command \.nonsense\.\n\.help lists them all/)
  await end()
})

t.test('a command that takes nothing says so if it is given something', async (t) => {
  const { shows, shell, end } = await sit()
  t.equal(await shows('.lose 3'), ".lose takes nothing, not '3'.\nTry: .lose")
  t.equal(await shows('.quit now'), ".exit takes nothing, not 'now'.\nTry: .exit")
  t.equal(shell.session.isOver, false)
  t.equal(await shows('.lessons '), await shows('.lessons'))
  await end()
})

t.test('the example of each command shows what it says', async (t) => {
  for (const command of commands.filter(({ name }) => !readsTypes(name) && !needsServer(name)))
    await showsItsExample(t, command)
})
