/** What GitHub reads: the workflow runs on the Nodes that are supported, and the forms have what a form must have. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { versions } from './repl/nodes'

const root = join(__dirname, '..')
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8')
const { engines, scripts } = JSON.parse(read('package.json'))

t.test('the workflow runs every Node that is supported, on three systems', async (t) => {
  const { test } = parse(read('.github', 'workflows', 'test.yml')).jobs
  const { os, node } = test.strategy.matrix
  t.strictSame(node, [...versions], 'the list that the tests of the prompt have')
  t.match(engines.node, new RegExp(`^>=${node[0]}\\.`), 'the first is the oldest that package.json allows')
  t.strictSame(os.map((name: string) => name.split('-')[0]).sort(), ['macos', 'ubuntu', 'windows'])
  const commands: string[] = test.steps.flatMap(({ run = [] }) => run)
  t.strictSame(commands.slice(-2), ['npm ci', 'npm test'])
  // A system that is misspelt here would count for nothing, or for everything.
  for (const [, name = ''] of JSON.stringify(test).matchAll(/matrix\.os [!=]= '([^']*)'/g))
    t.ok(os.includes(name), name)
})

t.test('no npm script needs a shell of Unix', async (t) => {
  for (const [name, command] of Object.entries<string>(scripts))
    t.notMatch(command, /(^|&& *)\w+=|[;|`$'*]|(?<!&)&(?!&)|\bsh\b|\.sh\b|(^|&& *)(rm|cp|mv|mkdir|cat|env) /, name)
})

const forms = join('.github', 'ISSUE_TEMPLATE')
for (const file of readdirSync(join(root, forms)).filter((name) => name !== 'config.yml'))
  t.test(file, async (t) => {
    const { name, description, body } = parse(read(forms, file))
    t.ok(name && description, 'has a name and a description')
    const ids = body.map(({ id }: { id: string }) => id)
    t.equal(new Set(ids).size, ids.length, 'its fields have names of their own')
    for (const { type, id, attributes } of body) {
      t.ok(['input', 'textarea', 'dropdown', 'checkboxes'].includes(type), `${id} is a ${type}`)
      t.ok(attributes.label, `${id} has a label`)
      t.equal(Array.isArray(attributes.options), type === 'dropdown' || type === 'checkboxes', `${id}: options`)
    }
  })

t.test('the form for hints asks what it takes to write one', async (t) => {
  const { body } = parse(read(forms, 'hint-that-misses.yml'))
  t.strictSame(
    body
      .filter(({ validations }: { validations?: { required?: boolean } }) => validations?.required)
      .map(({ id }: { id: string }) => id),
    ['lesson', 'answer', 'hint', 'mistake'],
  )
})

t.test('what tells how to choose a form can be read', async (t) =>
  t.strictSame(parse(read(forms, 'config.yml')), { blank_issues_enabled: true }),
)
