/**
 * The learner's files are run by `eval`, and to V8 that is code without a file: only its `sourceURL` says which one it is.
 * tap looks for the file of each frame of a stack, to tell where an assertion is.
 */
import { CallSiteLike } from '@tapjs/stack'

type CallSite = NodeJS.CallSite & { getScriptNameOrSourceURL?(): string | null }
const { prepareStackTrace } = CallSiteLike

export function findEvaluatedFiles(): void {
  CallSiteLike.prepareStackTrace = (error, frames) => prepareStackTrace(error, frames.map(withFile))
}

function withFile(frame: CallSite): NodeJS.CallSite {
  const file = frame.isEval() ? frame.getScriptNameOrSourceURL?.() : undefined
  if (!file) return frame
  const name = frame.getFunctionName()
  const own: Partial<NodeJS.CallSite> = {
    getFileName: () => file,
    // So V8 calls functions without a name there.
    getFunctionName: () => (name === 'eval' ? null : name),
    getEvalOrigin: () => undefined,
    isEval: () => false,
  }
  return new Proxy(frame, {
    get(_, key) {
      const value = Reflect.get(Object.hasOwn(own, key) ? own : frame, key)
      // tap knows a call site by its constructor.
      return typeof value === 'function' && key !== 'constructor' ? value.bind(frame) : value
    },
  })
}
