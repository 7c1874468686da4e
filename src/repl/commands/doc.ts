/** `.doc`: what a name is: its signature, what is written about it, an example that runs. */

import { Refusal } from '../session/refusal'
import { all, type Reply, text } from '../session/reply'
import type { Command } from './command'
import { examples } from './doc-examples'

export const doc: Command = {
  name: 'doc',
  usage: '.doc <name>',
  summary: 'what a name is, with an example',
  example: {
    type: '.doc school.addTrick',
    shows: `DogSchool.addTrick(dogId: string, trick: string): Promise<void>
Example:
const rexId = await school.registerDog('Rex')
await school.addTrick(rexId, 'sit')`,
  },
  takes: 'code',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '')
      throw new Refusal('What would you like to know about?', 'Try: .doc Aggregate, or .doc school.addTrick')
    const found = await session.evaluator.describe(rest)
    if (!found?.signature || found.signature === 'any')
      throw new Refusal(`Nothing here is called '${rest}'.`, 'TAB shows the names that there are.')
    const example = examples[rest] ?? examples[rest.split('.').at(-1) ?? '']
    const tags = found.tags.map(({ name, text: about }) => `${name} ${about}`)
    return all(
      {
        kind: 'code',
        language: 'ts',
        text: found.signature.replace(/^\((alias|method|property)\) |\nimport .*$/g, ''),
      },
      ...[found.documentation, ...tags]
        .filter((each) => each !== '')
        .map((markdown) => ({ kind: 'prose', markdown, goesOn: false }) as const),
      ...(example ? [text('Example:'), { kind: 'code', language: 'ts', text: example } as const] : []),
    )
  },
}
