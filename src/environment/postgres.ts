/** The PostgreSQL store that variables name, with the tables that the Python library would use. */
import type { Recorder } from '../port/recorder'
import { type Found, wholeFrom } from './found'

/** What each variable is for. */
export const ofPostgres = {
  POSTGRES_DBNAME: 'the database',
  POSTGRES_HOST: 'the server of the database',
  POSTGRES_PORT: 'the port of the server',
  POSTGRES_USER: 'the user of the database',
  POSTGRES_PASSWORD: 'the password of the user',
  POSTGRES_SCHEMA: 'the schema of the tables',
  POSTGRES_CONNECT_TIMEOUT: 'how long a server that is away is waited for',
  POSTGRES_POOL_SIZE: 'how many connections there may be',
} as const

type Find = (variable: keyof typeof ofPostgres) => Found | undefined

/**
 * @param store the variable that says that it is PostgreSQL
 * @param name of the application; its tables have it in small letters
 * @param prefix what a variable for this application alone begins with
 */
export async function postgresFrom(find: Find, store: Found, name: string, prefix: string): Promise<Recorder> {
  const must = (variable: keyof typeof ofPostgres): Found => {
    const found = find(variable)
    if (found) return found
    throw new TypeError(
      `${store.name} is '${store.value}', but ${variable} is not set, ${ofPostgres[variable]}: set it, or ${prefix}${variable}`,
    )
  }
  const [database, host, user] = [must('POSTGRES_DBNAME'), must('POSTGRES_HOST'), must('POSTGRES_USER')]
  const port = wholeFrom(find('POSTGRES_PORT'), 'the number of a port, such as 5432', 1) ?? 5432
  const patience = wholeFrom(find('POSTGRES_CONNECT_TIMEOUT'), 'a number of seconds, such as 30')
  const connections = wholeFrom(find('POSTGRES_POOL_SIZE'), 'a number of connections, such as 10', 1)
  const schema = find('POSTGRES_SCHEMA')
  const { postgres } = await library(store)
  const address = addressOf(database, host, port, user, find('POSTGRES_PASSWORD'))
  const options = {
    ...(patience !== undefined && { patience: patience * 1000 }),
    ...(connections !== undefined && { connections }),
  }
  try {
    return postgres(address, { ...options, ...(schema && { schema: schema.value }), prefix: name.toLowerCase() })
  } catch (cause) {
    const { message } = cause as Error
    const subject = message.startsWith('schema') ? schema?.name : 'The name of the application, for its tables,'
    throw new TypeError(message.replace(/^(schema|prefix)/, String(subject)), { cause })
  }
}

function addressOf(database: Found, host: Found, port: number, user: Found, password: Found | undefined): string {
  if (/[?#]/.test(database.value))
    throw new TypeError(
      `${database.name} is '${database.value}': pg cannot reach a database with ? or # in its name. Rename it (ALTER DATABASE)`,
    )
  const own = encodeURIComponent
  // pg reads the name of the database in this form, and the rest in the other one.
  const path = encodeURI(database.value)
  const who = own(user.value) + (password ? `:${own(password.value)}` : '')
  // A path is that of a socket on this machine; what has colons in it, an address of the sixth version.
  const where = host.value.includes(':') ? `[${host.value}]` : host.value.replaceAll('/', '%2F')
  const address = `postgres://${who}@${where}:${port}/${path}`
  if (URL.canParse(address)) return address
  throw new TypeError(`${host.name} is '${host.value}' and the port ${port}: that is no server`)
}

/** Only those who use it need the package that it stands on. */
async function library({ name, value }: Found): Promise<typeof import('../recorders/postgres')> {
  try {
    return require('../recorders/postgres') as typeof import('../recorders/postgres')
  } catch (cause) {
    throw new TypeError(`${name} is '${value}', but dog-school/postgres cannot be loaded: npm install pg`, { cause })
  }
}
