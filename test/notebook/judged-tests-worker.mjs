/** What the page's judge makes of the test files in learner-tests.ts: it is built as that judge is, and sends its results. */
import { beLikeNode } from '../../src/notebook/judge/node/globals'

beLikeNode()
// Other parts of the build may wait for this file: it waits for none of them.
import('./judged-tests-begin.mjs')
  .then(({ begin }) => begin())
  .then(self.postMessage, ({ stack }) => self.postMessage(stack))
