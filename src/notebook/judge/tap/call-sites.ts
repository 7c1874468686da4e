/** How tap finds the place of an assertion on a page: it looks at the frames of the stack, and at the file of each. */
import { CallSiteLike } from '@tapjs/stack'
import { framesHere } from '../stack-text'

type CallSite = NodeJS.CallSite & { getScriptNameOrSourceURL?(): string | null }
const { prepareStackTrace } = CallSiteLike

export function showFrames(): void {
  if (hasFrames()) CallSiteLike.prepareStackTrace = (error, frames) => prepareStackTrace(error, frames.map(withFile))
  else readStacks()
}

/** Where a stack is a text, tap is given what that says of the learner's files. Where it says nothing, no place is told. */
function readStacks(): void {
  const { captureStackTrace } = Error
  Error.captureStackTrace = (of: { stack?: unknown }, ...rest) => {
    if (Array.isArray(of.stack)) of.stack = framesHere().map((frame) => new CallSiteLike(null, frame))
    else captureStackTrace?.(of, ...rest)
  }
}

/** V8 has. */
function hasFrames(): boolean {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_, frames) => frames
  const { stack } = new Error()
  Error.prepareStackTrace = prepareStackTrace
  return Array.isArray(stack)
}

/** The learner's files are run by `eval`, and to V8 that is code without a file: only its `sourceURL` says which one it is. */
function withFile(frame: CallSite): NodeJS.CallSite {
  const file = frame.isEval() ? frame.getScriptNameOrSourceURL?.() : undefined
  if (!file) return frame
  const own = { getFileName: () => file, getEvalOrigin: () => undefined }
  return new Proxy(frame, {
    get(_, key) {
      const value = Reflect.get(Object.hasOwn(own, key) ? own : frame, key)
      // tap knows a call site by its constructor.
      return typeof value === 'function' && key !== 'constructor' ? value.bind(frame) : value
    },
  })
}
