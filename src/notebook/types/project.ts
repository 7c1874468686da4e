/**
 * The learner's files as TypeScript sees them on the page: in memory, among the declarations that came with the page. What
 * has not changed since it was last asked is not read again.
 *
 * `@typescript/vfs` would do nearly the same. To it, an empty file is none.
 */
import type * as TS from 'typescript'
import type { Complaint } from '../../checkpoints/complaints'

/** What there is besides the learner's files. */
export interface Declared {
  readonly options: TS.CompilerOptions
  /** Texts by their paths. */
  readonly files: Readonly<Record<string, string>>
}

export const defaultLibrary = '/node_modules/typescript/lib/lib.d.ts'

/** A complaint, what more there is to it, and how far from the start of the file it begins and ends. */
export interface Found extends Complaint {
  readonly path: string
  readonly from: number
  readonly to: number
  readonly more: string
}

export interface Project {
  readonly service: TS.LanguageService
  /**
   * From now on, these are the files, by their paths, and there are no others.
   *
   * @param beside may be imported, and are not asked about
   */
  put(files: ReadonlyMap<string, string>, beside?: ReadonlyMap<string, string>): void
  /** What a compiler would say: where a file cannot be read, nothing of the meaning of any. */
  complaints(): readonly Found[]
  /** The same of one file, whatever is the matter with the others. */
  complaintsOf(path: string): readonly Found[]
}

/**
 * @param folders where a file is found as if it stood beside those of the other folders
 * @param registry what several projects have parsed, each file once
 */
export function openProject(
  ts: typeof TS,
  { options, files: declared }: Declared,
  folders: readonly string[],
  registry?: TS.DocumentRegistry,
): Project {
  const settings: TS.CompilerOptions = { ...options, ...(folders.length > 0 && { rootDirs: [...folders] }) }
  const own = new Map<string, { readonly text: string; readonly version: number }>()
  let roots: readonly string[] = []
  let version = 0
  const readFile = (path: string): string | undefined => own.get(path)?.text ?? declared[path]
  const host: TS.LanguageServiceHost = {
    getProjectVersion: () => String(version),
    getScriptFileNames: () => [...roots],
    getScriptVersion: (path) => String(own.get(path)?.version ?? 0),
    getScriptSnapshot(path) {
      const text = readFile(path)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => '/',
    getCompilationSettings: () => settings,
    getDefaultLibFileName: () => defaultLibrary,
    useCaseSensitiveFileNames: () => true,
    fileExists: (path) => readFile(path) !== undefined,
    readFile,
  }
  const service = ts.createLanguageService(host, registry)
  const all = (ofGrammar: readonly TS.Diagnostic[], ofMeaning: () => readonly TS.Diagnostic[]) =>
    ts
      .sortAndDeduplicateDiagnostics(ofGrammar.length > 0 ? ofGrammar : ofMeaning())
      .flatMap((diagnostic) => found(ts, diagnostic))
  return {
    service,
    put(files, beside = new Map()) {
      const all = new Map([...beside, ...files])
      for (const path of own.keys()) if (!all.has(path) && own.delete(path)) version++
      for (const [path, text] of all) if (own.get(path)?.text !== text) own.set(path, { text, version: ++version })
      roots = [...files.keys()]
    },
    complaints() {
      const program = service.getProgram() as TS.Program
      return all(program.getSyntacticDiagnostics(), () => program.getSemanticDiagnostics())
    },
    complaintsOf: (path) => all(service.getSyntacticDiagnostics(path), () => service.getSemanticDiagnostics(path)),
  }
}

function found(ts: typeof TS, { file, start = 0, length = 0, code, messageText }: TS.Diagnostic): Found[] {
  if (!file) return []
  const [message = '', ...more] = ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  const place = { line: line + 1, column: character + 1 }
  const span = { from: start, to: start + length }
  return [{ path: file.fileName, place, code: String(code), message, more: more.join('\n'), ...span }]
}
