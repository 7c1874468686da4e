/** The texts of the lessons, which come with the page. */
import { type Notebook, readNotebook } from '../course/notebook'

const texts: Record<string, string> = import.meta.glob('../../lessons/*/lesson.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const lessons: readonly Notebook[] = Object.values(texts)
  .map(readNotebook)
  .sort((one, other) => one.number - other.number)
