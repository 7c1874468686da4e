/** A session without a terminal, for tests: lines go in, data comes out. */

import { Checker } from '../../src/repl/cells/checker'
import { render } from '../../src/repl/render/render'
import type { Reply } from '../../src/repl/session/reply'
import type { Shell } from '../../src/repl/start/shell'
import { startSession } from '../../src/repl/start/start'
import { nobodysHome } from '../clean-environment'

process.env.DOG_SCHOOL_HOME ??= nobodysHome
Checker.areKept = true

export interface Sitting {
  readonly shell: Shell
  /** Takes lines, and gives the last answer. */
  take(...lines: string[]): Promise<Reply>
  /** The same, as plain text. */
  shows(...lines: string[]): Promise<string>
  end(): Promise<void>
}

export const plain = { width: 80, colour: false, unicode: true }

export interface Options {
  readonly db?: string
  readonly readOnly?: boolean
  /** Where the tables are on a server. */
  readonly tables?: { readonly schema?: string; readonly prefix?: string }
  /** Of the text, in columns. */
  readonly width?: number
  /** Whether types are checked before a line runs, which is most of what a line costs: for a test that is about them. */
  readonly types?: boolean
}

export async function sit({
  db = ':memory:',
  readOnly = false,
  tables = {},
  width = plain.width,
  types = false,
}: Options = {}): Promise<Sitting> {
  const started = await startSession({ db, readOnly, tables, types })
  if ('refused' in started) throw new Error(started.refused)
  const { shell } = started
  const take = async (...lines: string[]): Promise<Reply> => {
    let answer: Reply = { kind: 'nothing' }
    for (const line of lines) answer = await shell.take(line)
    return answer
  }
  return {
    shell,
    take,
    shows: async (...lines) => render(await take(...lines), { ...plain, width }),
    end: () => shell.session.close(),
  }
}
