/**
 * `dog-school/environment`: the store and the options of an application, from variables of the environment.
 *
 * The variables have the names of the Python library `eventsourcing`, where they mean the same, so that one file of
 * settings serves both. Each can have the application's name before it, `DOGSCHOOL_SQLITE_DBNAME`, which then counts
 * before the one without. No error says what is in a variable that is a secret.
 */
import type { ApplicationOptions } from './application'
import { type Found, told, wholeFrom } from './environment/found'
import { ofPostgres, postgresFrom } from './environment/postgres'
import type { Cipher, Compressor } from './mapping/packing'
import type { Recorder } from './port/recorder'
import { MemoryRecorder } from './recorders/memory'

/** Variables, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What to give to the constructor of an application. */
export type Settings = [recorder: Recorder, options: Pick<ApplicationOptions, 'cipher' | 'compressor' | 'cacheSize'>]

/** What each variable is for. All of them can be left out. */
const variables = {
  PERSISTENCE_MODULE: 'the store',
  SQLITE_DBNAME: 'the file of the SQLite store',
  ...ofPostgres,
  COMPRESSOR_TOPIC: 'the compressor',
  CIPHER_TOPIC: 'the cipher',
  CIPHER_KEY: 'the key of the cipher',
  EVENT_CACHE_MAXSIZE: 'how many events the repository remembers',
} as const
type Variable = keyof typeof variables
type Find = (variable: Variable) => Found | undefined

const stores = new Map<string, 'memory' | 'sqlite' | 'postgres'>([
  ['memory', 'memory'],
  ['eventsourcing.popo', 'memory'],
  ['sqlite', 'sqlite'],
  ['eventsourcing.sqlite', 'sqlite'],
  ['postgres', 'postgres'],
  ['eventsourcing.postgres', 'postgres'],
])
const compressors = ['zlib', 'eventsourcing.compressor:ZlibCompressor']
const ciphers = ['aes', 'eventsourcing.cipher:AESCipher']

/**
 * Reads the settings of an application: `new DogSchool(...(await fromEnvironment('DogSchool')))`. Nothing is opened
 * before the application uses its store.
 *
 * @param name the name of the application; in capitals, it stands before a variable that is for this one alone
 * @param env the variables; by default those of the process
 * @throws TypeError for a setting that means nothing, is only half there, or is misspelt; it names the variable
 */
export async function fromEnvironment(name: string, env: Variables = ownVariables()): Promise<Settings> {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`fromEnvironment() takes the name of the application: fromEnvironment('DogSchool')`)
  const prefix = `${name.toUpperCase()}_`
  mustBeSpelt(prefix, env)
  // As in Python, one that is set and empty hides the one without the prefix, and counts as none.
  const find = (variable: Variable): Found | undefined => {
    const found = [prefix + variable, variable].find((each) => env[each] !== undefined)
    const value = found && env[found]?.trim()
    return found && value ? { name: found, value } : undefined
  }
  const [cipher, compressor] = [await cipherOf(find), await compressorOf(find('COMPRESSOR_TOPIC'))]
  const cacheSize = wholeFrom(find('EVENT_CACHE_MAXSIZE'), 'a number of events, such as 100000; 0 for none')
  const options = {
    ...(cipher && { cipher }),
    ...(compressor && { compressor }),
    ...(cacheSize !== undefined && { cacheSize }),
  }
  return [await recorderOf(find, name, prefix), options]
}

async function recorderOf(find: Find, name: string, prefix: string): Promise<Recorder> {
  const store = find('PERSISTENCE_MODULE')
  const kind = store ? stores.get(store.value) : 'memory'
  if (!kind)
    throw new TypeError(
      `${store?.name} is '${store?.value}', which names no store: set it to memory, sqlite or postgres (eventsourcing.popo, eventsourcing.sqlite and eventsourcing.postgres mean the same)`,
    )
  if (!store) mustNameNoStore(find)
  if (kind === 'memory' || !store) return new MemoryRecorder()
  if (kind === 'postgres') return postgresFrom(find, store, name, prefix)
  const file = find('SQLITE_DBNAME')
  if (!file)
    throw new TypeError(
      `${store.name} is '${store.value}', but it is not said which file: set SQLITE_DBNAME, or ${prefix}SQLITE_DBNAME, to its path`,
    )
  const { sqlite } = require('./recorders/sqlite') as typeof import('./recorders/sqlite')
  return told(file, () => sqlite(file.value))
}

/** Somebody who names a file or a server does not want everything to be in memory. */
function mustNameNoStore(find: Find): void {
  for (const [variable, kind] of [
    ['SQLITE_DBNAME', 'sqlite'],
    ['POSTGRES_DBNAME', 'postgres'],
  ] as const) {
    const found = find(variable)
    if (found)
      throw new TypeError(
        `${found.name} is set, but no PERSISTENCE_MODULE, so everything would be kept in memory: set PERSISTENCE_MODULE=${kind}, or remove ${found.name}`,
      )
  }
}

async function cipherOf(find: Find): Promise<Cipher | undefined> {
  const [topic, key] = [find('CIPHER_TOPIC'), find('CIPHER_KEY')]
  if (topic) mustBeOneOf(topic, ciphers)
  if (topic && !key)
    throw new TypeError(
      `${topic.name} is set, but no CIPHER_KEY: set it to what createKey() of dog-school/encryption returns`,
    )
  if (!key) return undefined
  const { aesGcm } = await encryption(key)
  try {
    return aesGcm(key.value)
  } catch {
    // Not the cause: who shows it, might show the key.
    throw new TypeError(
      `${key.name} is no key: it must be 16, 24 or 32 bytes in base64, as createKey() of dog-school/encryption returns them`,
    )
  }
}

async function compressorOf(topic: Found | undefined): Promise<Compressor | undefined> {
  if (!topic) return undefined
  mustBeOneOf(topic, compressors)
  const { zlib } = await encryption(topic)
  return zlib()
}

/** Only those who use it need the packages that it is made of. */
async function encryption({ name }: Found): Promise<typeof import('./encryption')> {
  try {
    return require('./encryption') as typeof import('./encryption')
  } catch (cause) {
    throw new TypeError(
      `${name} is set, but dog-school/encryption cannot be loaded: npm install @noble/ciphers @noble/hashes fflate`,
      { cause },
    )
  }
}

function mustBeOneOf({ name, value }: Found, known: readonly string[]): void {
  if (!known.includes(value))
    throw new TypeError(
      `${name} is '${value}', which is not here: set it to ${known.join(' or ')}, or pass your own to the application`,
    )
}

/** A setting that is misspelt would count as left out: events would not be encrypted, say, and nobody would know. */
function mustBeSpelt(prefix: string, env: Variables): void {
  for (const name of Object.keys(env)) {
    if (!name.toUpperCase().startsWith(prefix) || env[name] === undefined) continue
    const known = Object.keys(variables) as Variable[]
    const said = name.slice(prefix.length)
    if (known.includes(said as Variable) && name.startsWith(prefix)) continue
    const meant = known.find((each) => distance(said.toUpperCase(), each) <= 2)
    if (meant)
      throw new TypeError(`${name} is no setting: ${prefix}${meant} is (${variables[meant]}). Correct it, or remove it`)
  }
}

/** How many letters must be added, left out or replaced to make one of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1))
    row = next
  }
  return row[b.length] as number
}

const ownVariables = (): Variables => (globalThis as { process?: { env?: Variables } }).process?.env ?? {}
