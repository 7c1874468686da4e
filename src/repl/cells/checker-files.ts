/** The files that the checker sees: those on disk, and those that exist in memory only. */
import { join, normalize, sep } from 'node:path'
import * as ts from 'typescript'
import { editedAt } from '../../node/edited-at'
import { ALL_OF_NODE, FEW_GLOBALS, mentionsNode } from './few-globals'

interface Where {
  readonly folder: string
  readonly kit: string
  readonly roots: readonly string[]
}

export function createFiles({ folder, kit, roots }: Where) {
  const globals = join(folder, '.globals.d.ts')
  const memory = new Map([[globals, { text: FEW_GLOBALS, version: 1 }]])
  // TypeScript uses forward slashes on every system.
  const inMemory = (file: string) => memory.get(normalize(file))
  const options = optionsFor(kit)
  let version = 0

  const read = (file: string) => inMemory(file)?.text ?? ts.sys.readFile(file)
  const host: ts.LanguageServiceHost = {
    getProjectVersion: () => String(version),
    getScriptFileNames: () => [globals, ...roots],
    getScriptVersion: (file) => String(inMemory(file)?.version ?? versionOf(file)),
    getScriptSnapshot: (file) => {
      const text = read(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (file) => inMemory(file) !== undefined || ts.sys.fileExists(file),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    readDirectory: ts.sys.readDirectory,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  }
  const put = (file: string, text: string): void => {
    memory.set(normalize(file), { text, version: (inMemory(file)?.version ?? 0) + 1 })
    version++
  }
  /** Adds all of Node's types; returns false if they were there already. */
  const readNode = (): boolean => {
    if (read(globals) === ALL_OF_NODE) return false
    put(globals, ALL_OF_NODE)
    return true
  }
  const asked = new WeakMap<ts.SourceFile, boolean>()
  const own = [join(kit, 'src') + sep, join(kit, 'lessons') + sep]
  /** Whether a file of the program (a cell, a learner's file, a package) needs all of Node's types. */
  const asksForNode = (program: ts.Program): boolean =>
    program.getSourceFiles().some((source) => {
      const file = normalize(source.fileName)
      if (isInstalled(file)) return isOfNode.test(source.fileName)
      if (file === globals || own.some((folder) => file.startsWith(folder))) return false
      // A file that has not changed is the same object in the next program.
      const asks = asked.get(source) ?? mentionsNode(source.text)
      asked.set(source, asks)
      return asks
    })
  return { host, put, readNode, asksForNode }
}

const isOfNode = /\/@types\/node\//
const isInstalled = (file: string): boolean => normalize(file).includes(`${sep}node_modules${sep}`)
/** Installed files do not change during a session; the learner's do, and are then read again. */
const versionOf = (file: string): number => (isInstalled(file) ? 0 : editedAt(file))

function optionsFor(kit: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(kit, 'tsconfig.json'), ts.sys.readFile)
  const {
    options: { rootDir: _, ...options },
  } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, kit)
  return {
    ...options,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    types: [],
    // The folder need not have an installation of its own.
    typeRoots: [join(kit, 'node_modules', '@types')],
    paths: {
      ...options.paths,
      zod: [join(kit, 'node_modules', 'zod')],
      tap: [join(kit, 'node_modules', 'tap')],
    },
  }
}
