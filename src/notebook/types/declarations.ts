/**
 * What TypeScript knows on the page besides the learner's files: the declarations of the language, of Node, and of what an
 * answer may import. They are gathered when the page is built. The kit's folder is `/` there.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ts from 'typescript'
import { learnersRules } from '../../checkpoints/folders'
import { compiler } from '../../checkpoints/type-errors'
import { kit } from '../../node/paths'
import { type Declared, defaultLibrary } from './project'

/** What an answer may import, besides Node's modules. */
const packages = ['dog-school', 'dog-school/sqlite', 'tap', 'zod']

/** All of it, which takes two seconds. */
export function declarations(): Declared {
  const { config } = ts.readConfigFile(join(kit, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/index.ts'] }, ts.sys, kit)
  const { configFilePath: _, pathsBasePath: __, ...rules } = options
  const theirs: ts.CompilerOptions = {
    ...rules,
    ...learnersRules,
    rootDir: '/',
    paths: { 'dog-school': ['/src/index.d.ts'], 'dog-school/*': ['/src/*.d.ts', '/src/recorders/*.d.ts'] },
  }
  const library = mkdtempSync(join(tmpdir(), 'dog-school-declarations-'))
  try {
    const { command, args } = compiler()
    const emit = ['-p', join(kit, 'src'), '--emitDeclarationOnly', '--declarationMap', 'false', '--outDir', library]
    execFileSync(command, [...args, ...emit], { cwd: kit })
    return { options: theirs, files: filesRead(theirs, library) }
  } finally {
    rmSync(library, { recursive: true, force: true })
  }
}

/** Every file that TypeScript reads for an answer that imports all packages. */
function filesRead(options: ts.CompilerOptions, library: string): Declared['files'] {
  const answer = '/answer/all.ts'
  const onDisk = (path: string) => (path.startsWith('/src/') ? join(library, path.slice(5)) : join(kit, path))
  const files: Record<string, string> = {}
  const readFile = (path: string): string | undefined => {
    if (path === answer) return packages.map((name) => `import '${name}'\n`).join('')
    const text = ts.sys.readFile(onDisk(path))
    if (text === undefined) return undefined
    files[path] = shorter(path, text)
    // To TypeScript, a declaration may be of a module whose default export is not declared. Of these the sources are known.
    if (path === '/src/index.d.ts' || path === '/src/recorders/sqlite.d.ts')
      files[path] += 'export declare const __esModule: true\n'
    return text
  }
  ts.createProgram([answer], options, {
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => defaultLibrary,
    getNewLine: () => '\n',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    fileExists: (path) => ts.sys.fileExists(onDisk(path)),
    readFile,
    getSourceFile(path, target) {
      const text = readFile(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, target)
    },
    writeFile: () => undefined,
  })
  return files
}

/** Node's documentation is longer than all others together, and of a package.json a few lines are asked for. */
function shorter(path: string, text: string): string {
  if (path.endsWith('/package.json')) {
    const { name, version, type, main, types, typesVersions, exports } = JSON.parse(text)
    return JSON.stringify({ name, version, type, main, types, typesVersions, exports })
  }
  if (!/\/node_modules\/(@types|undici-types)\//.test(path)) return text.replace(/^\/\/# sourceMappingURL=.*/m, '')
  return printer.printFile(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
}

const printer = ts.createPrinter({ removeComments: true })
