/** `.help`: the commands in groups, on one screen; or a group; or one command with an example. */
import { Refusal } from '../session/refusal'
import { all, type Reply, text } from '../session/reply'
import type { Command, Group } from './command'

/** What somebody needs who has just come. */
const first = ['lesson', 'next', 'check', 'hint', 'dogs', 'timeline', 'exit']

export const helpOn = (groups: () => readonly Group[]): Command => ({
  name: 'help',
  aliases: ['?'],
  usage: '.help [command or group]',
  summary: 'all commands; or one, with an example; or a group of them',
  example: {
    type: '.help exit',
    shows: `.exit
  close the store and leave

For example:
> .exit`,
  },

  takes: 'command',

  async run(_session, [typed]) {
    if (typed === undefined) return overview(groups())
    const name = typed.replace(/^\./, '')
    const command = groups()
      .flatMap(({ commands }) => commands)
      .find((each) => each.name === name || each.aliases?.includes(name))
    if (command) return explained(command)
    const group = groups().find((each) => each.name === name)
    if (group) return listed(`${group.name}: ${group.about}`, group.commands)
    throw new Refusal(`There is no command .${name}.`, '.help lists them all.')
  },
})

function overview(groups: readonly Group[]): Reply {
  const commands = groups.flatMap((group) => group.commands)
  const entries = groups.map((group) => ({
    name: `.help ${group.name}`,
    says: group.commands.map(({ name }) => `.${name}`).join(' '),
  }))
  return all(
    text("Type TypeScript, such as: await school.registerDog('Fido')\nOr a command:\n"),
    listed(
      'To begin with',
      first.flatMap((name) => commands.find((each) => each.name === name) ?? []),
    ),
    { kind: 'entries', title: '\nAll of them; .help why explains one, with an example', entries },
    text('\nTAB completes and runs nothing. Ctrl-C stops what runs; twice leaves. Ctrl-R searches the history.'),
  )
}

const listed = (title: string, commands: readonly Command[]): Reply => ({
  kind: 'entries',
  title,
  entries: commands.map(({ usage, summary }) => ({ name: usage, says: summary })),
})

function explained({ usage, summary, example }: Command): Reply {
  const lines = [usage, `  ${summary}`, '', 'For example:', `> ${example.type}`, example.shows]
  return text(lines.join('\n').trimEnd())
}
