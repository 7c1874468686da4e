/** What a lesson says to type at the prompt is typed at one, and killed by it: nothing is lost. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { lessons, textOf } from '../../src/checkpoints/folders'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { DogSchool } from '../the-school'

const root = join(__dirname, '..', '..')
const texts = lessons().map((lesson) => textOf(lesson, 'lesson.md'))
const text = texts.find((each) => each.includes('\n> .sql ')) ?? ''
const [plug = '', after = '', progress = ''] = [...text.matchAll(/^```text\n(.*?)^```$/gms)].map(([, lines = '']) =>
  lines.replace(/^> /gm, ''),
)

const folder = t.testdir()
const prompt = (input: string) =>
  spawnSync('node', [shortLived, join(root, 'src', 'cli', 'main.cjs'), '--no-types'], {
    cwd: folder,
    env: cleanEnvironment(),
    input,
    encoding: 'utf8',
  })

t.test('a prompt is killed, and the next one finds the dog', async (t) => {
  t.equal(prompt(plug).signal, 'SIGKILL')
  const { status, stdout, stderr } = prompt(after)
  t.match(stdout, /Rex.*play dead/)
  t.match(stdout, / 1 +dogschool:Dog\.Registered +1\n +2 +dogschool:Dog\.TrickAdded +2\n/)
  t.strictSame([status, stderr], [0, ''])
})

t.test('the log of an aggregate that somebody else has open can be read', async (t) => {
  mkdirSync(join(folder, 'my-school'))
  const school = new DogSchool(sqlite(join(folder, 'my-school', 'progress.db')))
  await school.registerDog('Fido')
  const { status, stdout, stderr } = prompt(progress)
  t.match(stdout, /\[ 'Registered' \]/)
  t.strictSame([status, stderr], [0, ''])
  await school.close()
})
