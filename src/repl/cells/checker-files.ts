/** The files that the checker sees: those on disk, and those that exist in memory only. */
import { join, sep } from 'node:path'
import * as ts from 'typescript'
import { editedAt } from '../../node/edited-at'

interface Where {
  readonly folder: string
  readonly kit: string
  readonly roots: readonly string[]
}

export function createFiles({ folder, kit, roots }: Where) {
  const memory = new Map<string, { text: string; version: number }>()
  const options = optionsFor(kit)
  let version = 0

  const read = (file: string) => memory.get(file)?.text ?? ts.sys.readFile(file)
  const host: ts.LanguageServiceHost = {
    getProjectVersion: () => String(version),
    getScriptFileNames: () => [...roots],
    getScriptVersion: (file) => String(memory.get(file)?.version ?? versionOf(file)),
    getScriptSnapshot: (file) => {
      const text = read(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (file) => memory.has(file) || ts.sys.fileExists(file),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    readDirectory: ts.sys.readDirectory,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  }
  const put = (file: string, text: string): void => {
    memory.set(file, { text, version: (memory.get(file)?.version ?? 0) + 1 })
    version++
  }
  return { host, put }
}

/** Installed files do not change during a session; the learner's do, and are then read again. */
const versionOf = (file: string): number => (file.includes(`${sep}node_modules${sep}`) ? 0 : editedAt(file))

function optionsFor(kit: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(kit, 'tsconfig.json'), ts.sys.readFile)
  const {
    options: { rootDir: _, ...options },
  } = ts.parseJsonConfigFileContent(config, ts.sys, kit)
  return {
    ...options,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // The folder need not have an installation of its own.
    typeRoots: [join(kit, 'node_modules', '@types')],
    paths: {
      ...options.paths,
      zod: [join(kit, 'node_modules', 'zod')],
      tap: [join(kit, 'node_modules', 'tap')],
    },
  }
}
