/** `.help`: one screen of it, the groups, and the example of every command, which does what it shows. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commands, groups } from '../../src/repl/commands'
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
  const { shows, end } = await sit()
  for (const { name, commands } of groups) {
    const shown = await shows(`.help ${name}`)
    for (const { usage } of commands) t.match(shown, usage)
    t.ok(shown.split('\n').length < 28, name)
  }
  t.match(
    await shows('.help .why'),
    /^\.why <who> <field>\n {2}which event gave.*\n\nFor example:\n> \.why fido tricks\n\{ tricks:/,
  )
  t.match(await shows('.help quit'), /^\.exit/, 'by its other name')
  t.match(await shows('.help nonsense'), /There is no command \.nonsense\.\n\.help lists them all/)
  await end()
})

/** What must have been typed before, where the dogs alone are not enough. */
const before: Readonly<Record<string, readonly string[]>> = {
  next: ['.lesson 3'],
  back: ['.lesson 3', '.next', '1'],
  hint: ['.lesson 2', '.check'],
  error: ["throw new Error('no balls here')"],
  open: ['.save copy.db'],
}

t.test('the example of each command shows what it says', async (t) => {
  for (const { name, example } of commands) {
    await t.test(example.type, async (t) => {
      const folder = mkdtempSync(join(t.testdir(), 'files-'))
      writeFileSync(join(folder, 'trick.ts'), "await school.addTrick(idOf('fido'), 'sit')")
      const { shows, take, shell, end } = await sit(name === 'crash' ? join(folder, 'dogs.db') : ':memory:')
      Object.assign(shell.session.world, { resolve: (file: string) => join(folder, file) })
      await take(
        "const fido = await school.registerDog('Fido')",
        "await school.addTrick(fido, 'roll over')",
        "await school.addTrick(fido, 'play dead')",
        "await school.registerDog('Buster')",
        ...(before[name] ?? []),
      )
      t.match(await shows(example.type), patternOf(example.shows))
      t.ok(
        `> ${example.type}\n${example.shows}`.split('\n').every((line) => line.length <= 80),
        'it fits a terminal',
      )
      await end()
    })
  }
})

/** `…` is anything; long names of files move the line ends. */
function patternOf(shows: string): RegExp {
  const parts = shows.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '\\s+'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
