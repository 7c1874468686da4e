/** How the editor looks: the colours are the page's, so light and dark come with it. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const box = {
  border: '1px solid var(--line)',
  borderRadius: '0.4rem',
  backgroundColor: 'var(--raised)',
  color: 'var(--text)',
  boxShadow: '0 4px 16px rgb(0 0 0 / 16%)',
}

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflowX: 'auto' },
  // A line that is longer than there is room for is broken: to read is more than to align.
  '.cm-content': {
    padding: '0.75rem 0',
    caretColor: 'var(--accent)',
    whiteSpace: 'break-spaces',
    wordBreak: 'break-word',
    overflowWrap: 'anywhere',
    flexShrink: '1',
  },
  '.cm-line': {
    '--hangs': 'calc((var(--begins, 0) + 2) * 1ch)',
    padding: '0 1.1rem 0 calc(0.5rem + var(--hangs))',
    textIndent: 'calc(-1 * var(--hangs))',
  },
  // Above them may be the round corner of a cell.
  '.cm-gutters': {
    backgroundColor: 'var(--raised)',
    border: 'none',
    borderTopLeftRadius: '0.6rem',
    color: 'var(--quiet)',
  },
  '.cm-lineNumbers .cm-gutterElement': {
    minWidth: '2.6rem',
    padding: '0 0.4rem 0 0',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-mistake': { backgroundColor: 'var(--problem-ground)', boxShadow: 'inset 2px 0 0 var(--problem)' },
  '.cm-mistake-number': { color: 'var(--problem)', fontWeight: '700' },
  '.cm-mistake-number::before': { content: '"✗ " / "mistake "' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-ground)', outline: '1px solid var(--accent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--problem-ground)' },
  '.cm-tooltip': box,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '0.875rem', maxHeight: '14rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.15rem 0.7rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.8' },
  '.cm-tooltip-hover': { maxWidth: 'min(36rem, 92vw)', padding: '0.5rem 0.75rem', fontSize: '0.875rem' },
  '.cm-tooltip-hover pre': { margin: '0', fontFamily: 'var(--mono)', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-tooltip-hover p': { margin: '0.4rem 0 0', fontFamily: 'var(--sans)', lineHeight: '1.5', whiteSpace: 'pre-line' },
  '.cm-tooltip-lint': { padding: '0' },
  '.cm-diagnostic': { padding: '0.15rem 0 0.15rem 0.6rem', fontFamily: 'var(--sans)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--problem)' },
  '.cm-diagnosticSource': { color: 'var(--quiet)', fontSize: '0.8125rem', opacity: '1' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--problem)',
    textUnderlineOffset: '0.2em',
    textDecorationSkipInk: 'none',
  },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--text)' },
  '.keyword': { color: 'var(--keyword)' },
  '.string': { color: 'var(--string)' },
  '.number': { color: 'var(--number)' },
  '.comment': { color: 'var(--quiet)', fontStyle: 'italic' },
  '@media (max-width: 40rem)': {
    '.cm-lineNumbers .cm-gutterElement': { minWidth: '1.8rem' },
    '.cm-line': { paddingRight: '0.75rem' },
  },
})

/** As the page colours code that cannot be edited. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.bool, tags.null, tags.self], color: 'var(--keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--string)' },
  { tag: tags.number, color: 'var(--number)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
])

export const look: Extension = [theme, syntaxHighlighting(colours)]
