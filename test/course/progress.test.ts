/** What is remembered of a learner: which hint is next, how many were asked for, which lesson is open. */
import t from 'tap'
import { Progress } from '../../src/course/progress'

t.test('each failure begins at the first level of its hint, which it shows itself', async (t) => {
  const progress = new Progress()
  progress.fail(2, 'a')
  progress.takeHint(2, 'a', 1)
  t.match(progress.lesson(2), { hint: 'a', level: 1, hints: 0 }, 'nobody has asked for that one')
  progress.takeHint(2, 'a', 2)
  progress.takeHint(2, 'a', 3)
  t.match(progress.lesson(2), { level: 3, hints: 2 })
  progress.fail(2, 'a')
  t.match(progress.lesson(2), { level: 1, hints: 2 })
})
