/** A lesson's code fits a terminal, where it is indented. That every lesson does so is part of its proof. */
import t from 'tap'
import { textFaults } from '../../src/course/proof'

const wide = /is code, and longer than 76 columns/

t.test('code of 77 columns is a fault, in every kind of fence', async (t) => {
  const faults = (code: string, fence = 'ts') =>
    textFaults('2-a-title', `# 2 · A title\n\n\`\`\`${fence}\n${code}\n\`\`\`\n`).filter((fault) => wide.test(fault))
  t.strictSame(faults('x'.repeat(76)), [])
  t.strictSame(faults('x'.repeat(77)), ['line 4 is code, and longer than 76 columns'])
  t.equal(faults('x'.repeat(77), 'text').length, 1)
  t.strictSame(faults(`${'x'.repeat(70)} // → 'what is shown'`), [], 'what is shown comes below the code')
  t.strictSame(
    textFaults('2-a-title', `# 2 · A title\n\n${'x'.repeat(77)}\n`).filter((fault) => wide.test(fault)),
    [],
  )
})
