/** What came of a check: what passed, what did not, and a hint, level by level. */
import { useRef } from 'preact/hooks'
import type { Place } from '../../../course/verdict'
import { lessons } from '../../lessons'
import { TypeScript } from '../common/code'
import { Prose, Sentence } from '../common/prose'
import { type Block, blocksOf, type Field, levelsOf, wordsAndCode } from './blocks'
import type { Result } from './desk'
import './verdict.css'

interface Properties {
  readonly lesson: number
  readonly result: Result
  /** The files have been changed since. */
  readonly isOld: boolean
  readonly goTo: (place: Pick<Place, 'file' | 'line' | 'column'>) => void
  readonly more: () => void
}

export function Verdict({ lesson, result, isOld, goTo, more }: Properties) {
  const blocks = blocksOf(result.lines)
  const further = result.hints.flatMap(blocksOf)
  const next = lessons.find(({ number }) => number === lesson + 1)
  const rest = levelsOf(blocks) - 1 - result.hints.length
  /** How many of the blocks stand above what is asked for step by step. */
  const before = blocks.findLastIndex(({ kind }) => kind === 'hint') + 1
  const shown = before || blocks.findLastIndex(({ kind }) => kind !== 'said') + 1
  const draw = (block: Block, at: number) => <Drawn key={at} block={block} goTo={goTo} />
  const last = useRef<HTMLParagraphElement>(null)
  const asked = () => {
    more()
    // The button goes away with the last level. The hint itself is said already.
    if (rest === 1) requestAnimationFrame(() => last.current?.focus())
  }
  return (
    <div class="verdict">
      {isOld && <p class="since">You have changed your files since this check.</p>}
      {blocks.slice(0, shown).map(draw)}
      {before > 0 && (
        <>
          <div>{further.filter(({ kind }) => kind === 'hint').map(draw)}</div>
          {rest > 0 ? (
            <button type="button" class="more" onClick={asked}>
              {rest === 1 ? 'The last hint' : 'Another hint'}
            </button>
          ) : (
            <p ref={last} class="since" tabIndex={-1}>
              That is the last hint on this; the solution shows a whole answer.
            </p>
          )}
        </>
      )}
      {next && result.verdict.outcome === 'passed' ? (
        <a class="go-on" href={`#${next.number}`}>
          Go on to lesson {next.number}, {next.title}
          <span aria-hidden="true">&nbsp;→</span>
        </a>
      ) : (
        blocks.slice(shown).map(draw)
      )}
    </div>
  )
}

function Drawn({ block, goTo }: { readonly block: Block; readonly goTo: Properties['goTo'] }) {
  switch (block.kind) {
    case 'good':
    case 'bad':
      return (
        <ul class={`checks ${block.kind}`}>
          {block.texts.map((text) => (
            <li key={text}>
              {block.kind === 'good' && <span class="hidden">passed: </span>}
              <Sentence text={text} />
            </li>
          ))}
        </ul>
      )
    case 'passed':
      return <p class="passed">{block.text}</p>
    case 'fields':
      return (
        <dl class="fields">
          {block.fields.map((each) => (
            <div key={each.name}>
              <dt>{each.name}</dt>
              <dd>
                <Value field={each} goTo={goTo} />
              </dd>
            </div>
          ))}
        </dl>
      )
    case 'told':
      return (
        <div class="told">
          <Told text={block.text} goTo={goTo} />
        </div>
      )
    case 'hint':
      return (
        <section class="hint" aria-label={block.title}>
          <h3>{block.title}</h3>
          <Prose markdown={block.markdown} />
        </section>
      )
    case 'printed':
      return (
        <figure class="printed">
          <figcaption>{block.title}</figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <pre tabIndex={0}>{block.text}</pre>
        </figure>
      )
    case 'said':
      return (
        <p>
          <Sentence text={block.text} />
        </p>
      )
  }
}

function Value({ field, goTo }: { readonly field: Field; readonly goTo: Properties['goTo'] }) {
  const { text, isCode } = field
  const { words, code } = wordsAndCode(field)
  if (isCode || VALUE.test(text))
    return (
      <pre>
        <TypeScript code={text} />
      </pre>
    )
  if (code === '') return <Told text={text} goTo={goTo} />
  return (
    <p>
      {placed(words, goTo)}
      <code>
        <TypeScript code={code} />
      </code>
    </p>
  )
}

/** What was printed as a value, and is no sentence. */
const VALUE = /^(['"`[{(+-]|\d|\w+ [{[(<]|(true|false|undefined|null)$)/

/** Some lines, in which a place leads to the editor, and what is indented is code. */
const Told = ({ text, goTo }: { readonly text: string; readonly goTo: Properties['goTo'] }) => (
  <>
    {text
      .trimEnd()
      .split(/\n(?= {2})((?: {2}.*\n?)+)/)
      .map((part, at) =>
        at % 2 ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
          <pre key={at} tabIndex={0}>
            {part.replace(/^ {2}/gm, '').trimEnd()}
          </pre>
        ) : (
          part && <p key={at}>{placed(part, goTo)}</p>
        ),
      )}
  </>
)

const placed = (text: string, goTo: Properties['goTo']) =>
  text.split(/(\b[\w.-]+\.ts:\d+:\d+)/).map((part, at) => {
    if (at % 2 === 0) return <Sentence key={at} text={part} />
    const [file = '', line, column] = part.split(':')
    const place = { file, line: Number(line), column: Number(column) }
    return (
      <button key={at} type="button" class="place" title="Show it in the editor" onClick={() => goTo(place)}>
        {part}
      </button>
    )
  })
