/** `.help`: all commands, in groups; or one. */

import { Refusal } from '../session/refusal'
import { all, type Reply, text } from '../session/reply'
import type { Command, Groups } from './command'

export const helpOn = (groups: () => Groups): Command => ({
  name: 'help',
  aliases: ['?'],
  usage: '.help [command]',
  summary: 'this list, or what one command does',

  async run(_session, [name]) {
    const commands = Object.values(groups()).flat()
    if (name !== undefined) {
      const command = commands.find((each) => each.name === name.replace(/^\./, ''))
      if (!command) throw new Refusal(`There is no command .${name.replace(/^\./, '')}.`, '.help lists them all.')
      return text(`${command.usage}\n  ${command.summary}`)
    }
    const parts = Object.entries(groups()).map(([title, members]): Reply => {
      return { kind: 'entries', title, entries: members.map(({ usage, summary }) => ({ name: usage, says: summary })) }
    })
    const keys = 'TAB completes and runs nothing. Ctrl-C stops what runs; twice leaves. Ctrl-R searches the history.'
    return all(text("Everything else is TypeScript: await school.registerDog('Fido')"), ...parts, text(keys))
  },
})
