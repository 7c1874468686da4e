/** The house rules, read off the sources: who may import whom, who touches the outside, how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import * as ts from 'typescript'

const root = join(__dirname, '..')

/** The library, from top to bottom: each file imports only files above it. A folder is a room: its files may import one another. */
const order = [
  'errors',
  'refusals',
  'values/bytes',
  'values/base64',
  'values/kinds',
  'values/value',
  'values/json',
  'events/event',
  'events/schema',
  'events/personal',
  'events/event-type',
  'events/define-event',
  'aggregates/source',
  'aggregates/definition',
  'aggregates/former',
  'aggregates/life',
  'aggregates/equal',
  'aggregates/replay',
  'aggregates/decide',
  'aggregates/aggregate',
  'aggregates/fits',
  'aggregates/decorator',
  'port/query',
  'port/tag-index',
  'port/view-store',
  'port/recorder',
  'port/moving',
  'port/watchers',
  'mapping/stored-form',
  'mapping/topics',
  'mapping/packing',
  'mapping/mapper',
  'loading/snapshot',
  'loading/histories',
  'loading/repository',
  'following/turns',
  'following/followable',
  'following/follow',
  'following/notification-log',
  'checking/census',
  'checking/verify',
  'recorders/memory/views',
  'recorders/memory', // the store that an application has when it names none
  'views',
  'saving',
  'application',
  'slices',
  'process',
  'index',
  // Entry points of their own, each with a room of its name where it needs one:
  'http',
  'encryption',
  'key-file',
  'testing',
  'opentelemetry',
  'environment',
  'moving',
  'jupyter',
]
/** What a file of the library may ask for besides the library. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'aggregates/source': ['js-tokens'], // reads parameter lists
  // Of Node only the types: it is asked for its modules while it runs.
  'encryption/aes': ['@noble/ciphers/aes.js', 'node:crypto'],
  'encryption/sha256': ['@noble/hashes/hmac.js', '@noble/hashes/sha2.js', 'node:crypto'],
  'encryption/zlib': ['fflate', 'node:zlib'],
  'key-file': ['node:crypto', 'node:path'],
  moving: ['node:crypto'],
  'moving/compare': ['node:crypto'],
  'http/serve-log': ['node:http', 'node:net'],
  'jupyter/table': ['node:util'],
  'opentelemetry/watch': ['@opentelemetry/api'],
}
/** Of the stores, what the file of keys is kept with, and what settings may name. */
const lent: Readonly<Record<string, readonly string[]>> = {
  'key-file': ['recorders/sqlite/disk', 'recorders/sqlite/lock', 'recorders/sqlite/node-disk'],
  environment: ['recorders/sqlite'],
  'environment/postgres': ['recorders/postgres'],
}
/** What a user's clone has at its top, dotfiles and what git ignores apart. */
const top = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'biome.json',
  'lessons',
  'package-lock.json',
  'package.json',
  'repl.ts',
  'src',
  'test',
  'tsconfig.json',
]
/** The rooms beside the library, from top to bottom: each imports only rooms above it, and the library. */
const rooms = ['course', 'node', 'checkpoints', 'repl', 'notebook', 'cli']
/** The same inside the prompt: what runs TypeScript, what a session knows, what draws, what answers, what starts, what reads keys. */
const promptRooms = ['cells', 'session', 'render', 'commands', 'start', 'terminal']
/** The same on the page: what all use, what plays runs, what is done in a lesson, how it is edited and drawn, what is kept, the log. */
const pageRooms = ['common', 'play', 'visit', 'editor', 'cells', 'turn', 'keep', 'beside']
/** The only files of the prompt that may touch the process, its streams or the disk. */
const touching =
  /^repl\/(start\/(start|current-school|rivals?)|terminal\/\w|cells\/(checker|modules|runner|keyboard|process|writes))/

interface Source {
  /** Below src, without its extension. */
  readonly name: string
  readonly text: string
  readonly lines: number
  /** What it imports, types too: files of src by their names, everything else as it is written. */
  readonly imports: readonly string[]
}

function sources(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath ?? entry.path, entry.name)
      const text = readFileSync(file, 'utf8')
      const own = (name: string) => relative(join(root, folder), join(dirname(file), name))
      const imports = ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({ fileName }) => (fileName.startsWith('.') ? own(fileName) : fileName))
      const name = relative(join(root, folder), file).replace(/\.tsx?$/, '')
      return { name, text, lines: text.split('\n').length - 1, imports }
    })
}

const src = sources('src')
/** Where a file, or the room that it is in, stands in the order; -1 if it is not in it. */
const place = (name: string): number => Math.max(order.indexOf(name), order.indexOf(roomOf(name)))
const roomOf = (name: string): string => name.split('/')[0] as string
const library = src.filter(({ name }) => place(name) >= 0)
const named = new Map(src.map((source) => [source.name, source]))
const offences = (of: readonly Source[], bad: (imported: string, source: Source) => boolean): string[] =>
  of.flatMap((source) =>
    source.imports.filter((each) => bad(each, source)).map((each) => `${source.name} imports ${each}`),
  )

/** The files from this one back to itself, if imports lead there. */
function cycle(name: string, path: readonly string[] = []): string[] {
  if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
  for (const each of named.get(name)?.imports ?? []) {
    const found = named.has(each) && !done.has(each) ? cycle(each, [...path, name]) : []
    if (found.length > 0) return found
  }
  done.add(name)
  return []
}
const done = new Set<string>()

const rules: Readonly<Record<string, () => readonly string[]>> = {
  'every file of the library has its place in the order': () =>
    src
      .map(({ name }) => name)
      .filter((name) => place(name) < 0 && !/^recorders\//.test(name) && !rooms.includes(roomOf(name))),
  'each file of the library imports only files above it': () =>
    offences(
      library,
      (each, { name }) =>
        named.has(each) &&
        !lent[name]?.includes(each) &&
        (place(each) < 0 ||
          place(each) > place(name) ||
          (place(each) === place(name) && roomOf(each) !== roomOf(name))),
    ),
  'the library asks for no module of Node, and for no packages but these': () =>
    offences(library, (each, { name }) => !named.has(each) && !packages[name]?.includes(each)),
  'the library knows nothing of the course and its programs': () =>
    offences(
      src.filter(({ name }) => rooms.every((room) => !name.startsWith(`${room}/`))),
      (each) => rooms.some((room) => each.startsWith(`${room}/`)),
    ),
  'each room of the course imports only rooms above it': () => upwards(rooms, ''),
  'each room of the prompt imports only rooms above it': () => upwards(promptRooms, 'repl/'),
  'each room of the page imports only rooms above it': () => upwards(pageRooms, 'notebook/page/'),
  'the map of the notebook names the rooms of the page, and files that are there': () => {
    const map = readFileSync(join(root, 'src/notebook/README.md'), 'utf8')
    const files = [...map.matchAll(/`([\w/-]+)\.tsx?`/g)].map(([, name]) => `notebook/${name}`)
    const drawn = [...map.matchAll(/^\| `(\w+)` /gm)].map(([, room]) => room)
    return [
      ...files.filter((name) => !named.has(name)),
      ...(drawn.join() === pageRooms.join() ? [] : [`the rooms are ${pageRooms.join(', ')}`]),
    ]
  },
  'index.ts only passes on': () =>
    textOf('index')
      .replace(/\/\*.*?\*\//gs, '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^(export (type )?\{|export type \{|\} from| {2}[\w ,]+,?$)/.test(line)),
  'index.ts names no store on disk': () =>
    offences([named.get('index') as Source], (each) => /sqlite|sql\.js|pg/.test(each)),
  'there are no cycles': () => src.flatMap(({ name }) => cycle(name).join(' → ') || []),
  'of a store on disk, only files that are named so touch the disk': () =>
    offences(
      src.filter(({ name }) => name.startsWith('recorders/') && !/disk$/.test(name)),
      (each) => /^(node:)?(fs|child_process|process)\b/.test(each),
    ),
  'a recorder imports the port, the errors and its own files': () =>
    offences(
      src.filter(({ name }) => name.startsWith('recorders/')),
      (each, { name }) =>
        named.has(each) &&
        !['errors', 'refusals', 'values/bytes', 'values/base64'].includes(each) &&
        roomOf(each) !== 'port' &&
        !each.startsWith(`recorders/${name.split('/')[1]}`),
    ),
  'the course does no input or output': () => [
    ...offences(
      src.filter(({ name }) => name.startsWith('course/')),
      (each) => each.startsWith('node:') && !/^node:(util|assert|path|crypto)/.test(each),
    ),
    ...src
      .filter(({ name, text }) => name.startsWith('course/') && /\b(process|console)\./.test(code(text)))
      .map(({ name }) => name),
  ],
  'in the prompt, only the terminal and what starts or loads things touches the process and the disk': () => [
    ...offences(
      src.filter(({ name }) => name.startsWith('repl/') && !touching.test(name)),
      (each) => /^node:(fs|child_process|tty|readline|worker_threads|repl)\b/.test(each),
    ),
    ...src
      .filter(
        ({ name, text }) =>
          name.startsWith('repl/') && !touching.test(name) && /(?<![.\w])process\.(?!getBuiltin)/.test(code(text)),
      )
      .map(({ name }) => `${name} touches the process`),
  ],
  'cells know TypeScript, and nothing of schools or lessons': () =>
    offences(
      src.filter(({ name }) => name.startsWith('repl/cells/')),
      (each) => named.has(each) && !/^(repl\/cells\/|node\/)/.test(each),
    ),
  'what draws answers knows no session': () =>
    offences(
      src.filter(({ name }) => name.startsWith('repl/render/')),
      (each) => named.has(each) && !/^(repl\/(render\/|session\/reply$|cells\/cell$)|course\/report$)/.test(each),
    ),
  'no file is longer than 250 lines': () =>
    [...src, ...sources('lessons')].filter(({ lines }) => lines > 250).map(({ name, lines }) => `${name}: ${lines}`),
  'half of the files are shorter than 100 lines': () => {
    const sorted = src.map(({ lines }) => lines).sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] as number
    return median < 100 ? [] : [`the median is ${median}`]
  },
  'every file says at its head what it is': () =>
    src.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ name }) => name),
  'there is one DogSchool, and one dog': () =>
    src.filter(({ text }) => /^\s*(export )?class (DogSchool|Dog)\b/m.test(code(text))).map(({ name }) => name),
  'at the top there is nothing else': () =>
    readdirSync(root).filter(
      (name) => !name.startsWith('.') && !top.includes(name) && !ignored.some((pattern) => pattern.test(name)),
    ),
}
/** What a room imports from one below it, or from one that is not in the list. */
function upwards(order: readonly string[], above: string): string[] {
  const roomAt = (name: string) => order.indexOf(roomOf(name.slice(above.length)))
  return [
    ...src
      .filter(({ name }) => name.startsWith(above) && name.slice(above.length).includes('/'))
      .filter(({ name }) => roomAt(name) < 0 && !(above === '' && (name.startsWith('recorders/') || place(name) >= 0)))
      .map(({ name }) => `${name} is in no room of the list`),
    ...offences(
      src.filter(({ name }) => name.startsWith(above) && roomAt(name) >= 0),
      (each, { name }) => named.has(each) && each.startsWith(above) && roomAt(each) > roomAt(name),
    ),
  ]
}
const ignored = [
  /^node_modules$/,
  /^dist$/,
  /^my-school$/,
  /^dog-school\.db/,
  /^kennel\.db/,
  /^bench\.json$/,
  /^peers\.(json|svg)$/,
  /\.tgz$/,
]
const textOf = (name: string): string => named.get(name)?.text ?? ''
/** Without comments and texts. */
const code = (text: string): string => text.replace(/\/\*.*?\*\/|\/\/[^\n]*|`[^`]*`|'[^'\n]*'/gs, '')

for (const [rule, broken] of Object.entries(rules)) t.test(rule, async (t) => t.strictSame(broken(), []))
