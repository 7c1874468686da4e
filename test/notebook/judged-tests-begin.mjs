/** Judges when all that it imports finds its worker like Node. */
import { mkdirSync } from 'node:fs'
import * as ts from 'typescript'
import { know, showSources, sourceMapOf } from '../../src/notebook/judge/compile'
import { useTap } from '../../src/notebook/judge/host'
import { provide } from '../../src/notebook/judge/modules'
import { builtins } from '../../src/notebook/judge/node/builtins'
import { transpiled } from '../../src/notebook/judge/transpiled'
import { judgedTests } from './judged-tests'
import { files } from './learner-tests'

export async function begin() {
  const ignore = () => undefined
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  showSources()
  provide(builtins)
  const { tapOfPage } = await import('../../src/notebook/judge/tap/tap')
  mkdirSync('/my-school')
  for (const [at, [, code]] of [...files].entries()) {
    const file = `test-${at}.ts`
    know(`/my-school/${file}`, code, transpiled(ts.default ?? ts, file, code))
  }
  useTap(tapOfPage(sourceMapOf))
  const judged = await judgedTests('/my-school')
  hideFrames()
  useTap(tapOfPage(sourceMapOf))
  return { judged, frameless: await judgedTests('/my-school', /^(not|throws)\b/) }
}

/** As in a browser that keeps them to itself. */
function hideFrames() {
  Object.defineProperty(Error, 'prepareStackTrace', { get: () => undefined, set: () => undefined })
  Error.captureStackTrace = (of) => Object.assign(of, { stack: 'look@/my-school/dog.ts:1:1' })
}
