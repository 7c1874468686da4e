/** Where OpenTelemetry is not installed, and what watching costs nobody who does not ask for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { installedToRun } from '../package/packed'
import { started } from '../package/started'

t.setTimeout(300_000)

const program = `
const school = new Application(undefined, { name: 'kennel' })
const { save } = school
instrument(school).then((stop) => {
  console.log(school.save === save, typeof stop)
  stop()
  return instrument({}).catch((error) => console.log(error.name))
})
`

t.test('without @opentelemetry/api nothing is watched, and that is no error', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-untraced-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  installedToRun(folder)
  const ways = {
    'program.cjs':
      "const { Application } = require('dog-school'); const { instrument } = require('dog-school/opentelemetry')",
    'program.mjs': "import { Application } from 'dog-school'; import { instrument } from 'dog-school/opentelemetry'",
  }
  for (const [name, imports] of Object.entries(ways)) {
    writeFileSync(join(folder, name), imports + program)
    const { out, error } = await started(folder, ['node', name])
    t.equal(error, undefined)
    t.equal(out, 'true function\nTypeError\n', name)
  }
})
