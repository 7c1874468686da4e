/**
 * TypeScript's language service, in a thread of its own: it checks, completes and explains while someone types.
 *
 * Cells are modules that exist here only, beside the learner's files, so that a relative import means the same as at
 * run time. The prelude is a root of its own: what it imports stays parsed, whatever the next cell mentions.
 */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import * as ts from 'typescript'
import { createFiles } from './checker-files'
import type { Completion, Description, TypeService, TypeUser } from './checker-protocol'

const { folder, kit, prelude } = workerData as { folder: string; kit: string; prelude: string }
const CELL = join(folder, '.cell.ts')
const PRELUDE = join(folder, '.prelude.ts')
/** `await` at the top of a CommonJS file, and code that is unused or unreachable: fine at a prompt. */
const FINE = new Set([1309, 1375, 1378, 1431, 1432, 2852, 2853, 2854, 6133, 6192, 6196, 6198, 6199, 7027, 7028])

const files = createFiles({ folder, kit, roots: [PRELUDE, CELL] })
const service = ts.createLanguageService(files.host)

/** Puts a text under its header; returns the offset that its first character has now. */
function place(header: string, text: string): number {
  files.put(CELL, `${header}\n${text}\nexport {}`)
  return header.length + 1
}

function check(header: string, text: string) {
  const offset = place(header, text)
  const found = [...service.getSyntacticDiagnostics(CELL), ...service.getSemanticDiagnostics(CELL)]
  return found
    .filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !FINE.has(code))
    .filter(({ start, length }) => (start ?? 0) >= offset && (start ?? 0) + (length ?? 0) <= offset + text.length)
    .map(({ code, messageText, file, start, length }) => {
      const at = file!.getLineAndCharacterOfPosition(start!)
      const message = ts.flattenDiagnosticMessageText(messageText, '\n')
      return { code, message, line: at.line - 1, column: at.character, length: Math.max(1, length ?? 1) }
    })
}

function complete(header: string, text: string, at: number): Completion[] {
  const offset = place(header, text)
  const found = service.getCompletionsAtPosition(CELL, offset + at, { includeCompletionsForModuleExports: false })
  return (found?.entries ?? []).map(({ name, kind, sortText }) => ({ name, kind, sort: sortText }))
}

function typeOf(header: string, expression: string): string | undefined {
  const offset = place(header, `const $ = (${expression}\n)`)
  const program = service.getProgram()!
  const file = program.getSourceFile(CELL)!
  const statement = file.statements.find((each) => each.getStart() >= offset)
  if (!statement || !ts.isVariableStatement(statement)) return undefined
  const [declaration] = statement.declarationList.declarations
  const types = program.getTypeChecker()
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope
  return types.typeToString(types.getTypeAtLocation(declaration!.initializer!), file, flags)
}

function describe(header: string, expression: string): Description | undefined {
  const offset = place(header, expression)
  const info = service.getQuickInfoAtPosition(CELL, offset + expression.trimEnd().length - 1)
  if (!info) return undefined
  return {
    signature: ts.displayPartsToString(info.displayParts),
    documentation: ts.displayPartsToString(info.documentation),
    tags: (info.tags ?? []).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
  }
}

const port = parentPort!
files.put(PRELUDE, `${prelude}\nexport {}`)
place(prelude, '')
service.getSemanticDiagnostics(CELL)
const prompt = createBirpc<TypeUser, TypeService>(
  {
    check,
    complete,
    typeOf,
    describe,
    keep: (name, header, text) => files.put(join(folder, `${name}.ts`), `${header}\n${text}`),
  },
  { post: (message) => port.postMessage(message), on: (hear) => port.on('message', hear) },
)
void prompt.ready.asEvent()
