/**
 * Turns replies into text for a terminal. Only this room knows about colours, widths and tables, and colour never carries
 * information that the text does not.
 */
import { inspect, types } from 'node:util'
import type { Line } from '../../course/report'
import type { Mistake } from '../cells/cell'
import type { News, Reply } from '../session/reply'
import { renderEntries } from './entries'
import { type Look, paint } from './look'
import { mistakeSaid } from './mistake'
import { drawnCode, renderProse, spoken } from './prose'
import { renderTable } from './table'
import { renderTimeline } from './timeline'
import { fitted, hanging, wrapped, wrappedCode } from './width'

/** The text without a line end; empty for a reply that says nothing. */
export function render(reply: Reply, look: Look): string {
  switch (reply.kind) {
    case 'nothing':
      return ''
    case 'value': {
      // Node's own output for a promise is noise; its value is not known yet.
      if (types.isPromise(reply.value)) return `Promise ${paint('dim', '(await it to see what it gives)', look)}`
      const shown = inspect(reply.value, { colors: look.colour, depth: 4, breakLength: Math.max(20, look.width - 4) })
      return reply.isPointedAt ? `${look.unicode ? '→' : '=>'} ${shown}` : shown
    }
    case 'prose':
      return renderProse(reply.markdown, look) + (reply.goesOn ? '\n' : '')
    case 'cell':
      return drawnCode(reply.code, 'ts', { ...look, width: look.width - 2 }).replace(/^/gm, '  ')
    case 'report':
      return reply.lines.map((line) => renderLine(line, look)).join('\n')
    case 'text':
      return wrapped(spoken(reply.text, look), look.width)
    case 'entries':
      return renderEntries(reply.title, reply.entries, look)
    case 'table':
      return reply.rows.length > 0 ? renderTable(reply.rows, look) : wrapped(spoken(reply.empty, look), look.width)
    case 'code':
      if (reply.language === 'diff')
        return reply.text
          .split('\n')
          .map((line) => paintedDiff(line, look))
          .join('\n')
      return drawnCode(reply.text, reply.language, look)
    case 'news':
      return paint('dim', wrapped(news(reply.events, look), look.width), look)
    case 'timeline':
      return renderTimeline(reply.events, reply.form, look)
    case 'problem': {
      const next = reply.next === undefined ? [] : [wrapped(spoken(reply.next, look), look.width)]
      return [paint('red', wrapped(spoken(reply.says, look), look.width), look), ...next].join('\n')
    }
    case 'mistakes':
      return reply.mistakes.map((mistake) => renderMistake(reply, mistake, look)).join('\n')
    case 'all':
      return reply.replies
        .map((each) => render(each, look))
        .filter((each) => each !== '')
        .join('\n')
  }
}

const foreign = ' (by another writer)'

/** `+1 TrickAdded · fido v3`; for many events, the number of each kind. */
function news(events: readonly News[], { unicode }: Look): string {
  const dot = unicode ? '·' : '-'
  if (events.length <= 3)
    return events
      .map(({ name, who, version, isForeign }) => `+1 ${name} ${dot} ${who} v${version}${isForeign ? foreign : ''}`)
      .join('\n')
  const counts = new Map<string, number>()
  for (const { name } of events) counts.set(name, (counts.get(name) ?? 0) + 1)
  const kinds = [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
  const who = new Set(events.map((each) => each.who)).size
  const by = events.every(({ isForeign }) => isForeign) ? foreign : ''
  return `+${events.length} events ${dot} ${kinds} ${dot} ${who === 1 ? events[0]?.who : `${who} aggregates`}${by}`
}

type Mistakes = Extract<Reply, { readonly kind: 'mistakes' }>
function renderMistake({ text, advice }: Mistakes, mistake: Mistake, look: Look): string {
  const { where, source, mark, sentence, advice: usual } = mistakeSaid(text, mistake)
  const known = advice ?? usual
  const says = wrapped(text.includes('\n') ? `${where}: ${sentence}` : sentence, look.width)
  const next = known === undefined ? [] : [wrapped(spoken(known, look), look.width)]
  return [source, paint('red', mark, look), paint('red', says, look), ...next].join('\n')
}

/** A line that is broken has its sign in front of each part. */
function paintedDiff(long: string, look: Look): string {
  const line = long[0] + fitted(long.slice(1), look.width - 1).replaceAll('\n', `\n${long[0]}`)
  if (line.startsWith('+')) return paint('green', line, look)
  return line.startsWith('-') ? paint('red', line, look) : line
}

const tones = { heading: 'bold', good: 'green', bad: 'red', quiet: 'dim', plain: undefined, code: undefined } as const
/** Indents markdown in a report like the rest of it. */
const margin = '    '

function renderLine({ tone, text, column = 0 }: Line, look: Look): string {
  if (tone === 'markdown')
    return renderProse(text, { ...look, width: look.width - margin.length }).replace(/^(?=.)/gm, margin)
  const style = tones[tone]
  const line = look.unicode ? text : text.replaceAll('✓', 'ok').replaceAll('✗', 'no').replaceAll('·', '-')
  const said = tone === 'good' || tone === 'bad' || (column === 0 && tone !== 'code') ? spoken(line, look) : line
  const lines = hanging(said, column, look.width, tone === 'code' ? wrappedCode : wrapped)
  return style ? paint(style, lines, look) : lines
}
