/** Stacks of browsers that give them as a text, and no frames, such as Firefox. Those of V8 stay as they are. */
import { isCompiled, placeInSource } from './compile'

/** `addTrick@/my-school/dog.ts:3:5` */
const FRAME = /^(?:async\*)?(.*?)@(\/.+):(\d+):(\d+)$/

/** The frames in files of answers: at their places in the source, and as V8 writes them. */
export function framesIn(stack: string): string[] {
  return stack.split('\n').flatMap((row) => {
    const [, name, file = '', line, column] = FRAME.exec(row) ?? []
    const place = isCompiled(file) && placeInSource({ file, line: Number(line), column: Number(column) })
    if (!place) return []
    const there = `${file}:${place.line}:${place.column}`
    return [`    at ${name ? `${name} (${there})` : there}`]
  })
}

/** Such browsers ask the prototype for it. */
const own = Object.getOwnPropertyDescriptor(Error.prototype, 'stack')
const textOf = (error: unknown): string => own?.get?.call(error) ?? ''

/** Those of the code that runs. */
export const framesHere = (): string[] => framesIn(textOf(new Error()))

/** Has an error show its frames in files of answers, and no others, if it has some. */
export function showFramesInText(headOf: (error: unknown) => string): void {
  if (!own?.get) return
  Object.defineProperty(Error.prototype, 'stack', {
    ...own,
    get(this: unknown) {
      const frames = framesIn(textOf(this))
      return frames.length > 0 ? [headOf(this), ...frames].join('\n') : own.get?.call(this)
    },
  })
}
