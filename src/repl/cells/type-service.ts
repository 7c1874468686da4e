/**
 * TypeScript's language service for cells: it checks, completes and explains.
 *
 * Cells are modules in memory, in the folder of the learner's files, so that a relative import means the same as at run
 * time. The prelude is a root file of its own, so what it imports stays parsed whatever the next cell mentions.
 */
import { join } from 'node:path'
import * as ts from 'typescript'
import { type Mistake, mistakeOf } from './cell'
import { createFiles } from './checker-files'
import type { Completion, Description, TypeService } from './checker-protocol'
import { FINE } from './scope'

/** Errors that do not go away when more declarations are read. */
const SURE = new Set([2322, 2345, 2540, 2554, 2555, 2588, 2741])

interface Where {
  /** Where the cells are. */
  readonly folder: string
  readonly kit: string
  /** Statements that declare the names of the start. */
  readonly prelude: string
}

export class CellTypes implements TypeService {
  readonly #folder: string
  readonly #cell: string
  readonly #files: ReturnType<typeof createFiles>
  readonly #service: ts.LanguageService
  #documentation: ts.LanguageService | undefined

  /** Reads the types of everything in the prelude. */
  constructor({ folder, kit, prelude }: Where) {
    this.#folder = folder
    this.#cell = join(folder, '.cell.ts')
    const start = join(folder, '.prelude.ts')
    this.#files = createFiles({ folder, kit, roots: [start, this.#cell] })
    // Comments are parsed when somebody asks for the documentation of a name.
    this.#service = this.#open(ts.JSDocParsingMode.ParseNone)
    this.#files.put(start, `${prelude}\nexport {}`)
    this.check(prelude, '')
  }

  /** The files that were read. */
  get read(): readonly string[] {
    return this.#program.getSourceFiles().map(({ fileName }) => fileName)
  }

  check(header: string, text: string): Mistake[] {
    return this.#askTwice(
      () => this.#mistakesIn(header, text),
      ([first]) => !first || SURE.has(first.code),
    )
  }

  complete(header: string, text: string, at: number): Completion[] {
    const offset = this.#place(header, text)
    const options = { includeCompletionsForModuleExports: false }
    const ask = () => this.#service.getCompletionsAtPosition(this.#cell, offset + at, options)?.entries ?? []
    const found = this.#askTwice(ask, ({ length }) => length > 0)
    return found.map(({ name, kind, sortText }) => ({ name, kind, sort: sortText }))
  }

  typeOf(header: string, expression: string): string | undefined {
    return this.#askTwice(
      () => this.#typeOf(header, expression),
      (type) => type !== 'any',
    )
  }

  describe(header: string, expression: string): Description | undefined {
    const offset = this.#place(header, expression)
    const at = offset + expression.trimEnd().length - 1
    this.#documentation ??= this.#open(ts.JSDocParsingMode.ParseAll)
    const info = this.#askTwice(
      () => this.#documentation?.getQuickInfoAtPosition(this.#cell, at),
      (found) => found !== undefined,
    )
    if (!info) return undefined
    return {
      signature: ts.displayPartsToString(info.displayParts),
      documentation: ts.displayPartsToString(info.documentation),
      tags: (info.tags ?? []).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
    }
  }

  keep(name: string, header: string, text: string): void {
    this.#files.put(join(this.#folder, `${name}.ts`), `${header}\n${text}`)
  }

  #open(jsDocParsingMode: ts.JSDocParsingMode): ts.LanguageService {
    return ts.createLanguageService({ ...this.#files.host, jsDocParsingMode })
  }

  get #program(): ts.Program {
    return this.#service.getProgram()!
  }

  /** Puts a text under its header; returns the offset that its first character has now. */
  #place(header: string, text: string): number {
    this.#files.put(this.#cell, `${header}\n${text}\nexport {}`)
    if (this.#files.asksForNode(this.#program)) this.#files.readNode()
    return header.length + 1
  }

  /** If a bad answer may be due to missing types, asks again with all of Node's. */
  #askTwice<T>(ask: () => T, isGood: (answer: T) => boolean): T {
    const answer = ask()
    return !isGood(answer) && this.#files.readNode() ? ask() : answer
  }

  #typeOf(header: string, expression: string): string | undefined {
    const offset = this.#place(header, `const $ = (${expression}\n)`)
    const program = this.#program
    const file = program.getSourceFile(this.#cell)!
    const statement = file.statements.find((each) => each.getStart() >= offset)
    if (!statement || !ts.isVariableStatement(statement)) return undefined
    const [declaration] = statement.declarationList.declarations
    const types = program.getTypeChecker()
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope
    return types.typeToString(types.getTypeAtLocation(declaration!.initializer!), file, flags)
  }

  #mistakesIn(header: string, text: string): Mistake[] {
    const offset = this.#place(header, text)
    const service = this.#service
    const found = [...service.getSyntacticDiagnostics(this.#cell), ...service.getSemanticDiagnostics(this.#cell)]
    return found
      .filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !FINE.has(code))
      .filter(({ start, length }) => (start ?? 0) >= offset && (start ?? 0) + (length ?? 0) <= offset + text.length)
      .map((diagnostic) => {
        const mistake = mistakeOf(ts, diagnostic.file!, diagnostic)
        return { ...mistake, line: mistake.line - 1 }
      })
  }
}
