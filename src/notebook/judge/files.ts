/** What each lesson's folder holds at its start, and what solves it. They come with the page. */

/** By their names in the learner's folder, such as `dog.ts`. */
export type Files = ReadonlyMap<string, string>

const all: Record<string, string> = import.meta.glob('../../../lessons/*/{start,solution}/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const startOf = (lesson: number): Files => filesIn(lesson, 'start')
export const solutionOf = (lesson: number): Files => filesIn(lesson, 'solution')

/** What its folder is called in a terminal, such as `2-making-the-test-pass`. */
export function folderOf(lesson: number): string {
  const within = new RegExp(`/lessons/(${lesson}-[^/]+)/`)
  return (
    Object.keys(all)
      .map((path) => within.exec(path)?.[1])
      .find((name) => name !== undefined) ?? String(lesson)
  )
}

function filesIn(lesson: number, folder: 'start' | 'solution'): Files {
  const within = new RegExp(`/lessons/${lesson}-[^/]+/${folder}/([^/]+)$`)
  return new Map(
    Object.entries(all).flatMap(([path, text]) => {
      const name = within.exec(path)?.[1]
      return name ? [[name, text] as const] : []
    }),
  )
}
