/** The line that a verdict names. It is marked until somebody changes it. */
import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass } from '@codemirror/view'
import type { Spot } from './types'

export const markMistake = StateEffect.define<Spot | undefined>()

const line = Decoration.line({ class: 'cm-mistake' })

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, { effects, changes, state, startState }) {
    let now = before.map(changes)
    changes.iterChangedRanges((from, to) => {
      before.between(startState.doc.lineAt(from).from, to, () => {
        now = Decoration.none
      })
    })
    for (const effect of effects)
      if (effect.is(markMistake)) {
        const spot = effect.value
        now =
          spot && spot.line <= state.doc.lines
            ? Decoration.set(line.range(state.doc.line(spot.line).from))
            : Decoration.none
      }
    return now
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** A sign beside the number: colour is never alone. */
const sign = new (class extends GutterMarker {
  override readonly elementClass = 'cm-mistake-number'
})()

const numbers = gutterLineClass.compute([marked], (state) => {
  const at = state.field(marked).iter()
  return at.value ? RangeSet.of(sign.range(at.from)) : RangeSet.empty
})

export const mistakes: Extension = [marked, numbers]
