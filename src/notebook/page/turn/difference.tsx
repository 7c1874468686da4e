/** Two texts as one, with what was taken out of the one and put into the other. */
import { diffLines } from 'diff'
import { TypeScript } from '../common/code'

interface Properties {
  readonly name: string
  readonly before: string
  readonly after: string
}

export const Difference = ({ name, before, after }: Properties) => (
  <figure class="difference">
    <figcaption>{name}</figcaption>
    <pre>
      {diffLines(before, after).map(({ added, removed, value }, at) => {
        const Change = added ? 'ins' : removed ? 'del' : 'span'
        return (
          <Change key={at}>
            {linesOf(value).map((line, at) => (
              <span key={at} class="line" style={{ '--begins': line.length - line.trimStart().length }}>
                <span class="sign">{added ? '+ ' : removed ? '- ' : '  '}</span>
                <TypeScript code={line} />
                {'\n'}
              </span>
            ))}
          </Change>
        )
      })}
    </pre>
  </figure>
)

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n')
