/** The README is true: its program runs and prints what it says, its commands exist, its map is the house. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cleanEnvironment } from './clean-environment'

const root = join(__dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({ language, text }))
/** There, npm is a script of the shell. */
const isWindows = process.platform === 'win32'
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

t.test('the session at the prompt shows what it says', async (t) => {
  const session = blocks.find(({ text }) => text.startsWith('> '))?.text ?? ''
  const input = session.replace(/^(?!> ).*\n/gm, '').replace(/^> /gm, '')
  const env = cleanEnvironment({ DOG_SCHOOL_DB: join(t.testdir(), 'readme.db') })
  const said = execFileSync('npm', ['start', '--silent', '--', '--no-types'], {
    cwd: root,
    env,
    input,
    encoding: 'utf8',
    shell: isWindows,
  })
  t.match(said, session.trim())
  const again = execFileSync('node', [join(root, 'src', 'cli', 'main.cjs'), '--no-types'], {
    env,
    input: '.dogs\n',
    encoding: 'utf8',
  })
  t.match(again, /Fido.*roll over/s, 'and another process finds the dog')
})

t.test('a session goes into a notebook of Jupyter and out of it, and so do the lessons', async (t) => {
  const folder = t.testdir()
  const [write = '', again = ''] = readme.match(/(?<=`)\.(export|load) \S+?( \S+)?\.ipynb(?=`)/g) ?? []
  const [, ...lessons] = /npm run (notebook) -- (--ipynb) ([\w/-]+)/.exec(readme) ?? []
  const env = cleanEnvironment({ DOG_SCHOOL_DB: ':memory:' })
  const main = join(root, 'src', 'cli', 'main.cjs')
  const start = (input: string) =>
    execFileSync('node', [main, '--no-types'], { cwd: folder, env, input, encoding: 'utf8' })
  t.match(start(`await school.registerDog('Fido')\n${write}\n`), /1 line written to/)
  t.match(start(`${again}\n.dogs\n`), /Fido/)
  t.match(execFileSync('node', [main, ...lessons], { cwd: folder, env, encoding: 'utf8' }), /as 7 notebooks/)
  t.equal(readdirSync(join(folder, lessons.at(-1) ?? '')).filter((name) => name.endsWith('.ipynb')).length, 7)
})

t.test('the program runs, and prints what its comment says', async (t) => {
  const program = blocks.find(({ text }) => text.startsWith('import '))?.text ?? ''
  t.ok(program.split('\n').length <= 30, 'it is short')
  const [imports = '', body = ''] = program.split(/\n\n(?=@event)/)
  const folder = t.testdir()
  writeFileSync(join(folder, 'tour.ts'), `${imports}\nasync function main() {\n${body}\n}\nmain()\n`)
  const run = join(root, 'src', 'node', 'run.cjs')
  const out = execFileSync('node', [run, 'tour.ts'], {
    cwd: folder,
    env: cleanEnvironment(),
    encoding: 'utf8',
  })
  const [said = ''] = /(?<=console\.log\(loaded.*\/\/ ).*/.exec(program) ?? []
  t.equal(out.split('\n')[0], said)
  t.match(
    out,
    /1 application:Dog\.Registered \{ name: 'Fido' \}\n2 application:Dog\.TrickAdded \{ trick: 'roll over' \}/,
  )
})

t.test('its program awaits at the top, so a new project is told what makes that possible', async (t) => {
  const folder = t.testdir({ 'package.json': '{ "type": "commonjs" }' })
  const [command = ''] = /^npm pkg set \S+/m.exec(readme) ?? ['npm --version']
  execFileSync(command, { cwd: folder, env: cleanEnvironment(), shell: true })
  t.equal(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type, 'module')
})

t.test('every npm script that it names exists', async (t) => {
  for (const [, name = ''] of readme.matchAll(/npm run ([\w:]+)/g)) t.ok(name in scripts, name)
})

t.test('its map names every file and folder of src, in the order in which they are read', async (t) => {
  const map = readme.slice(readme.indexOf('## The house'))
  const named = [...map.matchAll(/`([a-z-]+\.ts|[a-z]+\/)`/g)].map(([, name = '']) => name)
  const there = readdirSync(join(root, 'src'), { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => !['tsconfig.json', 'README.md'].includes(name))
  t.strictSame(
    there.filter((name) => !named.includes(name)),
    [],
    'nothing is left out',
  )
  t.strictSame(
    named.filter(
      (name) =>
        !there.includes(name) &&
        !['', 'src/repl', 'src/checkpoints'].some((room) => existsSync(join(root, room, name))),
    ),
    [],
    'nothing is made up',
  )
})
