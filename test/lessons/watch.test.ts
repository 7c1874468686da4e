/** `npm run watch` as a learner runs it, through a pipe: each save is checked, and each key does what it says. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { lessons } from '../../src/checkpoints/folders'
import { watchFolder } from '../../src/cli/watch-files'
import { cleanEnvironment } from '../clean-environment'

const main = join(__dirname, '..', '..', 'src', 'cli', 'main.cjs')
const count = lessons().length

/** How long a text is waited for: what comes at all comes within seconds, on a machine with time to spare. */
const patience = 600_000

/**
 * Waits for a text among what was said since the last time. A file may be seen while it is being written: what is waited for is
 * the check that has seen all of it, and not the next one.
 */
function listen(child: ChildProcessWithoutNullStreams) {
  let said = ''
  let hasEnded = false
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    look()
  })
  child.stdout.on('end', () => {
    hasEnded = true
    look()
  })
  return async (wanted: RegExp): Promise<string> => {
    const late = setTimeout(() => child.kill(), patience)
    for (;;) {
      const found = wanted.exec(said)
      if (!found && hasEnded) throw new Error(`Waited for ${wanted}, and heard:\n${said}`)
      if (found) {
        clearTimeout(late)
        const heard = said.slice(0, found.index + found[0].length)
        said = said.slice(heard.length)
        return heard
      }
      await new Promise<void>((resolve) => {
        look = resolve
      })
    }
  }
}

t.test('from lesson 2 to lesson 3', async (t) => {
  const home = t.testdir()
  const school = join(home, 'my-school')
  const child = spawn('node', [main, 'watch', '2'], { cwd: home, env: cleanEnvironment({ DOG_SCHOOL_HOME: school }) })
  t.teardown(() => child.kill('SIGKILL'))
  const hear = listen(child)
  const press = (keys: string) => child.stdin.write(keys)
  const [, two] = lessons()
  const folder = join(school, two?.name ?? '')

  t.match(
    await hear(/q quit\n/),
    new RegExp(
      `^Lesson 2 of ${count} {2}\\[\\.>\\.{${count - 2}}\\] {2}0 passed\\n\\nThis is supposed to fail: you have not written`,
    ),
  )
  press('h')
  t.match(await hear(/q quit\n/), /Hint 2 of 3\n.*press h\n\n/s, 'the keys are below it')
  press('h')
  t.match(await hear(/q quit\n/), /Hint 3 of 3\n/)
  press('n')
  await hear(/Lesson 2 is not passed yet\. Press n again/)
  press('x')
  await hear(/The keys are: .*\n/)
  press('c')
  t.match(await hear(/q quit\n/), /✗ Not true yet: A dog has a method/)

  const start = readFileSync(join(folder, 'dog.ts'), 'utf8')
  writeFileSync(join(folder, 'dog.ts'), start.replace('readonly name: string) {}', 'readonly name: string) {} // mine'))
  t.notMatch(await hear(/It is checked again when you save\..*?q quit\n/s), /supposed to fail/)

  press('r')
  await hear(/Press r again to start my-school\/2-.* again/)
  press('r')
  await hear(/What you had is in .*until.*supposed to fail.*?q quit\n/s)
  t.equal(readFileSync(join(folder, 'dog.ts'), 'utf8'), start)
  t.equal(readdirSync(school).filter((name) => name.startsWith('2-')).length, 2)

  cpSync(join(two?.folder ?? '', 'solution'), folder, { recursive: true })
  await hear(/\[\.#\.{5}\] {2}1 passed.*Passed\. That was lesson 2\.\nNext: press n.*?q quit\n/s)
  press('n')
  await hear(new RegExp(`^Lesson 3 of ${count} {2}\\[\\.#>.*?q quit\\n`, 'ms'))
  press('cx')
  t.match(
    await hear(/q quit\nThe keys are: .*\n/),
    /^The keys are: /,
    'what is said during a check is said behind it too',
  )
  writeFileSync(join(folder, 'dog.ts'), start)
  // The lesson whose file is saved.
  await hear(/^Lesson 2 of.*?q quit\n/ms)
  const left = new Promise((resolve) => child.on('exit', resolve))
  press('q')
  t.equal(await left, 0)
})

t.test('a folder is watched until it is closed', async (t) => {
  const folder = t.testdir({ 'dog.ts': '' })
  symlinkSync(join(folder, 'nowhere'), join(folder, '.#dog.ts'), 'junction')
  let heard = 0
  const next = () => new Promise<void>((resolve) => watches.push(resolve))
  const watches: (() => void)[] = []
  const watch = watchFolder(
    folder,
    () => {
      heard++
      watches.shift()?.()
    },
    5,
  )
  for (const change of [
    () => writeFileSync(join(folder, 'dog.ts'), 'one'),
    () => writeFileSync(join(folder, 'dog.ts'), 'longer'),
    () => writeFileSync(join(folder, 'dog-school.ts'), ''),
    () => rmSync(join(folder, 'dog.ts')),
  ]) {
    const changed = next()
    change()
    await changed
  }
  t.equal(heard, 4, 'a change is reported once')
  watch.close()
  writeFileSync(join(folder, 'dog.ts'), 'too late')
  await sleep(50)
  t.equal(heard, 4)
})
