/** What a cell has shown: code, values, what it printed and recorded, problems. */
import type { LogEntry, Shown } from '../../run'
import { idOfEntry } from '../common/address'
import { TypeScript, TypeScriptLines } from '../common/code'
import { Sentence } from '../common/prose'
import { Limited } from './limited'

interface Properties {
  readonly shown: Shown
  /** Who has shown it, such as `cell 2`. */
  readonly by: string
  /** What the run recorded. */
  readonly entries: readonly LogEntry[]
  /** It came of other code than that which stands above it. */
  readonly isFormer?: boolean
}

export function Output({ shown: { tone, text }, by, entries, isFormer = false }: Properties) {
  switch (tone) {
    case 'code':
      return (
        <pre class="code">
          <TypeScriptLines code={text} />
        </pre>
      )
    case 'value':
      return (
        <Limited class="value" name={`What ${by} shows`} text={text}>
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="hidden">shows </span>
          <code>
            <TypeScript code={text.replace(/^→ /, '')} />
          </code>
        </Limited>
      )
    case 'printed':
      return (
        <Limited class="printed" name={`What ${by} printed`} text={text}>
          <span class="hidden">printed: </span>
          {text}
        </Limited>
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
        <Limited class="problem" name={`The problem of ${by}`} text={text}>
          <strong>{isFormer ? 'Problem of the code before: ' : 'Problem: '}</strong>
          {text}
        </Limited>
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
    <a class="badge" href={`#${idOfEntry(entry.position)}`} title="Show it in the log">
      {line}
    </a>
  )
}
