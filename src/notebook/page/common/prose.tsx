/** Markdown on the page. Only what is drawn here becomes an element: HTML in a text stays the text that it is. */
import { lexer, type MarkedToken, type Token } from 'marked'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { TypeScript } from './code'

/** It is drawn once, however often what is around it changes. */
export const Prose = ({ markdown }: { readonly markdown: string }) =>
  useMemo(() => <div class="prose">{drawn(lexer(markdown))}</div>, [markdown])

/** A sentence of the session, which may have code in it. */
export const Sentence = ({ text }: { readonly text: string }) => (
  <>{text.split(/`([^`\n]+)`/).map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}</>
)

const drawn = (tokens: readonly Token[] | undefined): ComponentChildren[] =>
  (tokens ?? []).map((token) => draw(token as MarkedToken))

function draw(token: MarkedToken): ComponentChildren {
  switch (token.type) {
    case 'space':
      return null
    case 'heading': {
      // The title of the lesson is the only heading of the first level.
      const Heading = `h${Math.max(2, token.depth)}` as 'h2'
      return <Heading>{drawn(token.tokens)}</Heading>
    }
    case 'paragraph':
      return <p>{drawn(token.tokens)}</p>
    case 'text':
      return token.tokens ? drawn(token.tokens) : token.text
    case 'code':
      return (
        <pre class={`fence ${token.lang ?? ''}`}>
          {token.lang === 'ts' ? <TypeScript code={token.text} /> : token.text}
        </pre>
      )
    case 'list': {
      const List = token.ordered ? 'ol' : 'ul'
      return (
        <List>
          {token.items.map((item, at) => (
            <li key={at}>{drawn(item.tokens)}</li>
          ))}
        </List>
      )
    }
    case 'blockquote':
      return <blockquote>{drawn(token.tokens)}</blockquote>
    case 'table':
      return (
        <div class="wide">
          <table>
            <thead>
              <tr>
                {token.header.map((cell, at) => (
                  <th key={at} scope="col">
                    {drawn(cell.tokens)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {token.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, at) => (
                    <td key={at}>{drawn(cell.tokens)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
    case 'escape':
      return token.text
    case 'br':
      return <br />
    case 'codespan':
      return <code>{token.text}</code>
    case 'strong':
      return <strong>{drawn(token.tokens)}</strong>
    case 'em':
      return <em>{drawn(token.tokens)}</em>
    case 'link':
      return <a href={token.href}>{drawn(token.tokens)}</a>
    default:
      return token.raw
  }
}
