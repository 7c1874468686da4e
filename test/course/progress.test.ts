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

t.test('the lesson that was opened last is the current one, until it passes', async (t) => {
  const progress = new Progress()
  t.equal(progress.current(7), 1)
  progress.pass(1)
  t.equal(progress.current(7), 2, 'the first that has not passed')
  progress.goTo(5)
  t.equal(progress.current(7), 5)
  t.equal(progress.following(7), 2)
  t.equal(progress.current(3), 2, 'unless it is no longer there')
  progress.pass(5)
  t.equal(progress.current(7), 2)
  progress.goTo(1)
  t.equal(progress.current(7), 1, 'one may go back')
  const { version } = progress
  progress.goTo(1)
  t.equal(progress.version, version, 'the same twice is one event')
  progress.pass(1)
  t.equal(progress.current(7), 2, 'and passes it again')
  const replayed = Progress.replay(progress.collectEvents())
  t.equal(replayed.current(7), 2)
})
