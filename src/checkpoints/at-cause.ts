/**
 * Where the learner has something to do. TypeScript complains where a thing is used, and that may be in a file that came
 * with the lesson and is as it came: then the place is where the thing is declared, or should be, in the learner's own file.
 */
import type { Place, Trouble } from '../course/verdict'
import { callAt } from './lines'

/**
 * What the learner can do something about comes first.
 *
 * @param given the texts that the lesson starts from, by their names
 * @param textOf what is in a file of the learner's folder now; empty if it is not there
 */
export function atCause(
  complaints: readonly Trouble[],
  given: ReadonlyMap<string, string>,
  textOf: (file: string) => string,
): readonly Trouble[] {
  const isGiven = ({ place }: Trouble) => place !== undefined && given.get(place.file) === textOf(place.file)
  const moved = (each: Trouble) => ({ ...each, ...declaration(each, textOf) })
  return [
    ...complaints.filter((each) => !isGiven(each)).map((each) => (isUnexported(each) ? moved(each) : each)),
    ...complaints.filter(isGiven).map(moved),
  ]
}

/** Whoever imports it is right: the word is missing where it is declared. */
const isUnexported = ({ message }: Trouble): boolean => /locally, but it is not exported/.test(message)

/** Nothing in the learner's files is to do with it: a package is not installed, or not where it is looked for. */
const isOfPackage = (message: string): boolean => /^Cannot find module '[^.]/.test(message)

const IMPORT = /import\s+(?:type\s+)?(?:\{\s*)?(\w+(?:\s*,\s*\w+)*)\s*\}?\s*from\s*['"]\.\/([\w-]+)(?:\.ts)?['"]/g

function declaration(
  { message, place }: Trouble,
  textOf: (file: string) => string,
): Pick<Trouble, 'message' | 'place'> | undefined {
  if (!place || isOfPackage(message)) return undefined
  const text = textOf(place.file)
  const imported = [...text.matchAll(IMPORT)].flatMap(([, names = '', file = '']) =>
    names.split(/\s*,\s*/).map((name) => ({ name, file: `${file}.ts` })),
  )
  const found = imported.find(({ name }) => new RegExp(`\\b${name}\\b`).test(message)) ?? imported[0]
  const its = found && placeOf(textOf(found.file), found.name, memberIn(message, text, place))
  if (!its) return undefined
  return {
    message: `${message} It is used in ${place.file}:${place.line}: ${place.code}`,
    place: { file: found.file, ...its },
  }
}

/** What of the class it is about: what is named, made or called there. */
function memberIn(message: string, text: string, { line, column }: Place): string | undefined {
  const before = text.split('\n')[line - 1]?.slice(0, column - 1) ?? ''
  if (/\bnew \w+\($|\bnew $/.test(before)) return 'constructor'
  return (/Property '(\w+)'/.exec(message) ?? /\.(\w+)\($/.exec(before))?.[1]
}

/** Where the member is declared; where it is not, the class. */
function placeOf(text: string, name: string, member: string | undefined): Omit<Place, 'file'> | undefined {
  const lines = text.split('\n')
  const start = lines.findIndex((each) =>
    new RegExp(`\\b(?:class|function|const|let|var|type|interface)\\s+${name}\\b`).test(each),
  )
  if (start < 0) return undefined
  const word = 'private|protected|public|readonly|static|async|get|set'
  const declares = new RegExp(`^\\s*(?:(?:${word})\\s+)*${member}\\s*[(:=?!;]|[(,]\\s*(?:(?:${word})\\s+)+${member}\\b`)
  const at = member === undefined ? -1 : lines.findIndex((each, at) => at >= start && declares.test(each))
  const [line, what] = at < 0 ? [start, name] : [at, member as string]
  const column = (lines[line] as string).search(new RegExp(`\\b${what}\\b`)) + 1
  return { line: line + 1, column, code: callAt(text, line + 1) }
}
