/** The texts of the lessons, which come with the page. */
import { type Notebook, readNotebook } from '../course/notebook'
import { hashOf } from './hash'
import { onPage } from './on-page'

const texts: Record<string, string> = import.meta.glob('../../lessons/*/lesson.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export interface Lesson extends Notebook {
  /** Of its whole text: see `hashOf`. */
  readonly hash: string
}

export const lessons: readonly Lesson[] = Object.values(texts)
  .map(onPage)
  .map((text) => ({ ...readNotebook(text), hash: hashOf(text) }))
  .sort((one, other) => one.number - other.number)
