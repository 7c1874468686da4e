/** For Vite: what the judge's worker has in the place of Node and its modules. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Alias, Plugin } from 'vite'
import { readHint } from '../../course/texts'

const own = (name: string) => join(import.meta.dirname, `${name}.ts`)

/** No other worker asks for these. */
export const modulesOfNode: readonly Alias[] = [
  { find: /^(\.|.*\/judging)\/host$/, replacement: own('host') },
  { find: /^node:(crypto|net|os)$/, replacement: own('node/small') },
  { find: /^node:(buffer|events|stream|url)$/, replacement: '@jspm/core/nodelibs/$1' },
  { find: /^node:path$/, replacement: own('node/path') },
  { find: /^node:fs$/, replacement: own('node/fs') },
  { find: /^node:timers\/promises$/, replacement: own('node/timers-promises') },
]

/** `hint.md?levels` is what the hint says, without the wrong answers that lead to it. */
export function levels(): Plugin {
  return {
    name: 'levels',
    enforce: 'pre',
    load: {
      filter: { id: /\.md\?levels$/ },
      handler(id) {
        const { levels } = readHint(readFileSync(id.replace(/\?.*/, ''), 'utf8'))
        return `export default ${JSON.stringify(levels)}`
      },
    },
  }
}

/** A checkpoint is called by the name of its folder. The recorder keeps its files on the disk that the learner's code sees. */
export function forJudge(): Plugin {
  let isJudge = false
  return {
    name: 'judge',
    enforce: 'pre',
    buildStart({ input }) {
      isJudge = JSON.stringify(input).includes('judge/judge-worker.ts')
    },
    resolveId(request, importer) {
      if (!/^\.\/(sqlite\/)?platform$/.test(request) || !importer) return null
      // As the field `browser` of package.json says, but for the judge.
      return isJudge ? own('node/platform') : join(importer, '..', `${request}-browser.ts`)
    },
    transform: {
      filter: { id: /\/lessons\/[^/]+\/checkpoint\.test\.ts$/ },
      handler(code, id) {
        const name = basename(dirname(id))
        // It is loaded for what it does, and has nothing that others could use.
        return { code: code.replace('judge(__dirname,', `judge('${name}',`), map: null, moduleSideEffects: true }
      },
    },
  }
}
