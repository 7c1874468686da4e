/** The options of `npm start -- …`, parsed before anything is opened. */
import { parseArgs } from 'node:util'
import { all, type Reply, text } from '../session/reply'

export interface Options {
  readonly db: string
  readonly readOnly: boolean
  /** Where the tables are on a server, as with `postgres()`. */
  readonly tables: { readonly schema?: string; readonly prefix?: string }
  /** Whether types are checked before a line runs; `.types` changes it. */
  readonly types: boolean
  readonly help: boolean
  readonly version: boolean
}

export const usage: Reply = all(
  {
    kind: 'entries',
    title: 'npm start -- [options]\n',
    entries: [
      {
        name: '--db FILE',
        says: 'the database: a file, :memory: to keep nothing, or postgres://… (else DOG_SCHOOL_DB, else dog-school.db)',
      },
      { name: '--schema NAME', says: 'the schema of the tables on a server (else public)' },
      { name: '--prefix NAME', says: 'what their names begin with (else stored, as in stored_events)' },
      { name: '--read-only', says: 'look at it, and write nothing' },
      { name: '--no-types', says: 'check no types: the prompt asks less of the machine (.types on brings them back)' },
      { name: '--version', says: 'the version of Dog School' },
      { name: '--help', says: 'this text' },
    ],
  },
  text('\nOther commands: npm run checkpoint, npm run watch. At the prompt, .help lists what it can do.'),
)

/** @throws TypeError that names the unknown option */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      db: { type: 'string' },
      schema: { type: 'string' },
      prefix: { type: 'string' },
      'read-only': { type: 'boolean', default: false },
      'no-types': { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { schema, prefix } = values
  return {
    tables: { ...(schema !== undefined && { schema }), ...(prefix !== undefined && { prefix }) },
    db: values.db || environment.DOG_SCHOOL_DB || 'dog-school.db',
    readOnly: values['read-only'],
    types: !values['no-types'],
    version: values.version,
    help: values.help,
  }
}
