/**
 * What TypeScript knows of the code in a cell: errors, completions, and what is under the pointer. As at the prompt, each cell
 * is a module of its own, below a line that brings the names of the cells before it.
 */
import type * as TS from 'typescript'
import { type Cell, type Mistake, readCell } from '../../repl/cells/cell'
import { exporting, FINE, Scope } from '../../repl/cells/scope'
import { statementsOf } from '../../repl/start/statements'
import type { Hover, TypeProblem } from '../page/editor/types'
import { folders } from './answer-types'
import { completions } from './completions'
import { type Declared, type Found, openProject, type Project } from './project'
import { eachOnce, hoverAt, problemIn } from './told'
import type { CellText, Completions, Files } from './types'

const CELLS = '/cells/'
const PATH = `${CELLS}cell.ts`

/** Where the school is, from a cell. */
const school = { dog: './dog', school: './dog-school' }

/** What a cell may import. */
const modules = ['dog-school', 'dog-school/sqlite', 'zod']

export class CellTypes {
  readonly #ts: typeof TS
  readonly #project: Project
  readonly #school: Files
  #names: ReturnType<typeof statementsOf> | undefined
  readonly #read = new Map<string, Cell>()

  /** @param school the files of the `school` that is there from the start */
  constructor(ts: typeof TS, declared: Declared, school: Files, registry?: TS.DocumentRegistry) {
    this.#ts = ts
    this.#project = openProject(ts, declared, folders, registry)
    this.#school = new Map([...school].map(([name, text]) => [CELLS + name, text]))
  }

  errorsIn(cell: CellText): readonly TypeProblem[] {
    const { code } = cell
    const { mistake } = this.#cell(code)
    const before = this.#put(cell)
    const found = mistake
      ? [unread(mistake, code)]
      : this.#project.complaintsOf(PATH).map((each) => moved(each, before))
    const isOwn = ({ from, to, code: of }: Found) => from >= 0 && to <= code.length && !FINE.has(Number(of))
    return eachOnce(found.filter(isOwn).map((each) => problemIn('cell', code, each, this.#ts)))
  }

  completionsAt(cell: CellText, offset: number): Completions | undefined {
    const before = this.#put(cell)
    const found = completions(this.#ts, this.#project.service, PATH, before + offset, modules)
    return found && { ...found, from: found.from - before }
  }

  hoverAt(cell: CellText, offset: number): Hover | undefined {
    const before = this.#put(cell)
    const found = hoverAt(this.#project.service, PATH, before + offset)
    return found && { ...found, from: found.from - before, to: found.to - before }
  }

  /** Makes it the cell that is asked about, among those before it; how many characters come before its code. */
  #put({ before, code }: CellText): number {
    const scope = new Scope()
    this.#names ??= statementsOf(school, this.#exported('dog-school'))
    scope.preload(this.#names)
    const files = new Map<string, string>()
    for (const [at, text] of before.entries()) {
      const cell = this.#cell(text)
      // One that cannot be read does not run.
      if (cell.mistake) continue
      const module = `cell-${at}`
      files.set(`${CELLS}${module}.ts`, `${scope.header(cell.text, cell.declared)}\n${exporting(cell, cell.declared)}`)
      scope.add(`./${module}`, cell.declared)
      if (cell.shows) scope.add(`./${module}`, [{ name: '_', kind: 'let' }])
    }
    const { text, declared } = this.#cell(code)
    const header = `${scope.header(text, declared)}\n`
    files.set(PATH, `${header}${text}\nexport {}`)
    this.#project.put(files, this.#school)
    // What begins with a brace and is an object has got a bracket before it.
    return header.length + (text === code ? 0 : 1)
  }

  /** The names of the values that a module exports. */
  #exported(module: string): readonly string[] {
    this.#project.put(new Map([[PATH, `import '${module}'`]]))
    const program = this.#project.service.getProgram() as TS.Program
    const [statement] = program.getSourceFile(PATH)?.statements ?? []
    const checker = program.getTypeChecker()
    const symbol = checker.getSymbolAtLocation((statement as TS.ImportDeclaration).moduleSpecifier) as TS.Symbol
    const { Alias, Value } = this.#ts.SymbolFlags
    const isValue = (each: TS.Symbol) => (each.flags & Alias ? checker.getAliasedSymbol(each) : each).flags & Value
    return checker.getExportsOfModule(symbol).flatMap((each) => (isValue(each) ? each.name : []))
  }

  #cell(text: string): Cell {
    const cell = this.#read.get(text) ?? readCell(this.#ts, text)
    this.#read.set(text, cell)
    return cell
  }
}

/** Where it is in the code itself, which begins on the second line of its file. */
function moved({ from, to, place: { line, column }, ...found }: Found, before: number): Found {
  return { ...found, from: from - before, to: to - before, place: { line: line - 1, column } }
}

/** What keeps a cell from being read: nothing else is looked at. */
function unread({ code, message, line, column, length }: Mistake, text: string): Found {
  const lines = text.split('\n').slice(0, line)
  const from = lines.reduce((sum, each) => sum + each.length + 1, column)
  const to = Math.min(from + length, text.length)
  return { path: PATH, place: { line: line + 1, column: column + 1 }, code: String(code), message, more: '', from, to }
}
