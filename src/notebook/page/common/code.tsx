/** TypeScript, quietly coloured. */
import { Fragment } from 'preact'
import { painted } from '../../../repl/render/painted'

type Part = ReturnType<typeof painted>[number]

export const TypeScript = ({ code }: { readonly code: string }) => <Parts parts={painted(code)} />

const Parts = ({ parts }: { readonly parts: readonly Part[] }) => (
  <>
    {parts.map(({ paint, text }, at) =>
      paint ? (
        <span key={at} class={paint}>
          {text}
        </span>
      ) : (
        text
      ),
    )}
  </>
)

/** A line that is longer than there is room for goes on further right than it began. */
export const TypeScriptLines = ({ code }: { readonly code: string }) => (
  <>
    {linesOf(painted(code)).map((parts, at, { length }) => (
      <Fragment key={at}>
        <span class="line" style={{ '--begins': indentOf(parts) }}>
          {parts.length > 0 ? <Parts parts={parts} /> : <br />}
        </span>
        {at < length - 1 && '\n'}
      </Fragment>
    ))}
  </>
)

function linesOf(parts: readonly Part[]): (readonly Part[])[] {
  const lines: Part[][] = [[]]
  for (const { paint, text } of parts)
    for (const [at, piece] of text.split('\n').entries()) {
      if (at > 0) lines.push([])
      if (piece) lines.at(-1)?.push({ paint, text: piece })
    }
  return lines
}

const indentOf = (parts: readonly Part[]): number => {
  const line = parts.map(({ text }) => text).join('')
  return line.length - line.trimStart().length
}
