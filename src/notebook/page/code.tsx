/** TypeScript, quietly coloured. */
import { painted } from '../../repl/render/painted'

export const TypeScript = ({ code }: { readonly code: string }) => (
  <>
    {painted(code).map(({ paint, text }, at) =>
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
