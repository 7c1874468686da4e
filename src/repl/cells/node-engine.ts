/** Cells that run on Node. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Script } from 'node:vm'
import type * as TS from 'typescript'
import { typescript } from '../../node/paths'
import { Checker } from './checker'
import { compilerOf, type Engine, type Guard } from './engine'
import { loaderFor } from './modules'

const { remember } = require('../../node/register.cjs') as { remember(file: string, code: string): void }

/** @param folder where relative imports start */
export function nodeEngine(folder: string, guard: Guard): Engine {
  return {
    guard,
    fileOf: (cell) => join(folder, `${cell}.ts`),
    compiler() {
      require(typescript)
      return compilerOf(require('typescript') as typeof TS)
    },
    run({ code, mapped }, file) {
      remember(file, mapped)
      const script = new Script(code, { filename: file })
      return script.runInThisContext({ breakOnSigint: guard.breakable, displayErrors: false })
    },
    turn: () => setImmediate(),
    load: loaderFor(folder),
    openTypes: (prelude) => Checker.open(folder, prelude),
  }
}
