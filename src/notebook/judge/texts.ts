/** The hints of all lessons, without the wrong answers that lead to them, and the sentences for their checks. */
import { type Hints, hintsFrom, type Messages, readMessages } from '../../course/texts'
import { lessons } from '../lessons'

const levels: Record<string, readonly string[]> = import.meta.glob('../../../lessons/**/hints/*.md', {
  query: '?levels',
  import: 'default',
  eager: true,
})
const messages: Record<string, string> = import.meta.glob('../../../lessons/*/messages.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** By lesson and id; those that all lessons have in common are those of lesson 0. */
const known = new Map(
  Object.entries(levels).map(([path, texts]) => {
    const [, lesson = '0', id] = /lessons\/(?:(\d+)-[^/]+\/)?hints\/(.+)\.md$/.exec(path) ?? []
    return [`${lesson} ${id}`, texts]
  }),
)

export function hintsOf(lesson: number): Hints {
  const before = lessons.flatMap(({ number }) => (number < lesson ? [number] : [])).reverse()
  return hintsFrom([lesson, 0], before, (of, id) => known.get(`${of} ${id}`) ?? [])
}

export function messagesOf(lesson: number): Messages {
  const [, text = ''] = Object.entries(messages).find(([path]) => path.includes(`/lessons/${lesson}-`)) ?? []
  return readMessages(text)
}
