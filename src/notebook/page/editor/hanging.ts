/** A line that is longer than there is room for goes on further right than it began, as in code that cannot be edited. */
import type { Range } from '@codemirror/state'
import { Decoration, EditorView } from '@codemirror/view'

/** Says in a variable how far to the right each line begins; what it is for, the theme says. */
export const hanging = EditorView.decorations.of(({ state: { doc }, visibleRanges }) => {
  const lines: Range<Decoration>[] = []
  for (const { from, to } of visibleRanges)
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      const begins = line.text.search(/\S|$/)
      if (begins > 0) lines.push(Decoration.line({ attributes: { style: `--begins: ${begins}` } }).range(line.from))
      if (line.to >= to) break
    }
  return Decoration.set(lines)
})
