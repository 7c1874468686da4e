/** The lessons are written for the terminal. What is said of it alone, is said otherwise on a page. */
import type { Notebook } from '../course/notebook'

/** By the number of the lesson: what its text says, and what the page says instead. */
export const instead: Readonly<Record<number, readonly (readonly [said: string, onPage: string])[]>> = {
  1: [
    [
      'At the prompt, `.next` shows them piece by piece and runs the code in them.',
      'The code in them runs where it stands, as it is or as you edit it.',
    ],
  ],
  5: [
    [
      '`.dry` shows what a line would do, on a copy.',
      'a cell that runs again takes nothing back: it begins another timeline.',
    ],
  ],
  6: [['`.duel` shows it in slow motion.', 'In the terminal, `.duel` shows it in slow motion.']],
  7: [
    ['The school at this prompt has a file', 'In the terminal (`npm start`), the school has a file'],
    [
      'You have been event-sourced all along. Each lesson you opened,',
      'In the terminal, you are event-sourced, too. Each lesson you open,',
    ],
    ['Start again with `npm start`;', 'In the terminal, start again with `npm start`;'],
    ['(`.doc Projection`)', '(in the terminal, `.doc Projection`)'],
  ],
}

export function onPage<N extends Notebook>(lesson: N): N {
  const said = (prose: string) =>
    (instead[lesson.number] ?? []).reduce((text, [before, after]) => text.replace(before, after), prose)
  return { ...lesson, pieces: lesson.pieces.map(({ prose, cell }) => ({ prose: said(prose), cell })) }
}
