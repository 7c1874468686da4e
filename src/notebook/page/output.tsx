/** What a cell has shown: code, values, what it printed and recorded, problems. */
import type { LogEntry, Shown } from '../run'
import { TypeScript, TypeScriptLines } from './code'
import { idOf } from './entries'
import { Sentence } from './prose'

interface Properties {
  readonly shown: Shown
  /** What the run recorded. */
  readonly entries: readonly LogEntry[]
  /** It came of other code than that which stands above it. */
  readonly isFormer?: boolean
}

export function Output({ shown: { tone, text }, entries, isFormer = false }: Properties) {
  switch (tone) {
    case 'code':
      return (
        <pre class="code">
          <TypeScriptLines code={text} />
        </pre>
      )
    case 'value':
      return (
        <pre class="value">
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="hidden">shows </span>
          <code>
            <TypeScript code={text.replace(/^→ /, '')} />
          </code>
        </pre>
      )
    case 'printed':
      return (
        <pre class="printed">
          <span class="hidden">printed: </span>
          {text}
        </pre>
      )
    case 'news':
      return (
        <p class="news">
          {text.split('\n').map((line) => (
            <Badge key={line} line={line} entries={entries} />
          ))}
        </p>
      )
    case 'problem':
      return (
        <pre class="problem">
          <strong>{isFormer ? 'Problem of the code before: ' : 'Problem: '}</strong>
          {text}
        </pre>
      )
    case 'plain':
      return (
        <p class="said">
          <Sentence text={text} />
        </p>
      )
  }
}

/** Links `+1 TrickAdded · fido v3` to its entry, and what stands for many events to the first of them. */
function Badge({ line, entries }: { readonly line: string; readonly entries: readonly LogEntry[] }) {
  const [, name, who, version] = /^\+1 (\S+) · (.+) v(\d+)/.exec(line) ?? []
  const own = entries.find((each) => each.name === name && each.who === who && each.version === Number(version))
  const entry = name === undefined ? entries[0] : own
  if (!entry) return <span class="badge">{line}</span>
  return (
    <a class="badge" href={`#${idOf(entry.position)}`} title="Show it in the log">
      {line}
    </a>
  )
}
