/** Cells that run in a browser's worker. */
import * as library from 'dog-school'
import * as store from 'dog-school/sqlite'
import type * as Zod from 'zod'
import { type Compiler, type Engine, noGuard } from '../../repl/cells/engine'
import { Refusal } from '../../repl/session/refusal'
import type { School } from '../../repl/start/current-school'
import { notLoaded } from '../not-loaded'
import { inTypedLines, remember } from './typed-lines'

/** A direct call would run the code in the scope of this module. */
// biome-ignore lint/security/noGlobalEval: it is what this worker is for
const evaluate: (code: string) => unknown = globalThis.eval

let zod: typeof Zod | undefined

/** By a message: a timer would be a matter of time. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve()
    port2.postMessage(undefined)
  })

/** Must have been called before a cell asks for zod. */
export async function loadZod(): Promise<void> {
  zod ??= await import('zod').catch(() => {
    throw new Error(notLoaded('zod'))
  })
}

/** What the name stands for. */
export const z = (): typeof Zod.z | undefined => zod?.z

export function workerEngine(compiler: Compiler, { Dog, DogSchool, file }: School): Engine {
  const modules = new Map<string, () => unknown>([
    ['dog-school', () => library],
    ['dog-school/sqlite', () => store],
    ['zod', () => zod],
    [file.dog, () => ({ Dog })],
    [file.school, () => ({ DogSchool })],
  ])
  return {
    guard: noGuard,
    fileOf: (cell) => `${cell}.ts`,
    compiler: () => compiler,
    run({ code, mapped }, file) {
      remember(file, mapped)
      const thrown = (error: unknown) => {
        throw inTypedLines(error)
      }
      try {
        // Its lines are those of the compiled code, so it is not the file that the learner typed.
        const result = evaluate(`${code}\n//# sourceURL=${file}.js`)
        return result instanceof Promise ? result.catch(thrown) : result
      } catch (error) {
        return thrown(error)
      }
    },
    turn,
    load(name) {
      const module = modules.get(name)
      if (module) return module()
      throw new Refusal(`There is no module '${name}' on this page.`, `There is: ${[...modules.keys()].join(', ')}`)
    },
    openTypes() {
      throw new Refusal('Types are not checked on this page.')
    },
  }
}
