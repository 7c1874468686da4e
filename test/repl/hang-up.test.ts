/** What becomes of the prompt when its terminal goes away, or somebody asks it to end: no process is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { main, type Options, openTerminal, runaways, terminal } from './pseudo-terminal'

t.setTimeout(900_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

/**
 * A sitting that has registered a dog and has a connection with this process. It would keep a process alive; its end is
 * the end of the process, whoever else waits for that.
 */
async function sitting(t: Test, options: Options = {}) {
  const folder = t.testdir()
  const server = await listening(t)
  const { port } = server.address() as AddressInfo
  const sitting = openTerminal(folder, options)
  await sitting.see(/> $/)
  await sitting.type("await school.registerDog('Fido')", /\+1 Registered/)
  const [[socket]] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    sitting.type(`import { connect } from 'node:net'; const line = connect(${port}); 'connected'`, /'connected'\s+> $/),
  ])
  const ended = once(socket.on('error', () => undefined).resume(), 'close')
  return { ...sitting, folder, ended }
}

async function listening(t: Test): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  return server
}

/** How much is recorded. (A process that has just been killed may still count as living: nothing is to be written here.) */
async function recorded(folder: string): Promise<number> {
  const store = sqlite(join(folder, 'dogs.db'), { readOnly: true })
  await store.open()
  const count = await store.maxNotificationId()
  await store.close()
  return count
}

const inGoodOrder = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('dogs.db'))

terminal('the terminal goes away', async (t) => {
  const [withoutPause, ...withPauses] = runaways
  const halfALine = { 'half a line': "await school.registerDog('Half')" }
  const doings = isLong ? { nothing: '', ...halfALine } : halfALine
  for (const [doing, typed] of Object.entries(doings))
    await t.test(`from somebody who types ${doing}`, async (t) => {
      const { press, see, tear, ended, folder } = await sitting(t)
      await press(typed)
      await see(new RegExp(typed.replace(/[()]/g, '\\$&')))
      tear()
      await ended
      t.strictSame(inGoodOrder(folder), ['dogs.db'], 'the store was closed')
      t.equal(await recorded(folder), 1, 'and nothing ran that was not entered')
    })
  // While a cell waits for ever, the prompt is as idle as under half a line: that one is in the long form.
  for (const runaway of isLong ? withPauses : withPauses.slice(0, 1))
    await t.test(`from under ${runaway}`, async (t) => {
      const { type, tear, ended, folder } = await sitting(t)
      await type(runaway, /begun/)
      tear()
      await ended
      t.strictSame(inGoodOrder(folder), ['dogs.db'], 'the store was closed')
    })
  await t.test('from under a loop that lets nobody hear of it', async (t) => {
    const { type, tear, ended, folder } = await sitting(t)
    await type(withoutPause, /begun/)
    tear()
    await ended
    t.equal(await recorded(folder), 1)
  })
  await t.test('from a process that no signal tells', async (t) => {
    // In a session of its own, the terminal is not the one that would send it.
    const outer = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: 'inherit' })`
    const command = `'${process.execPath}' -e "${outer}" '${main}' --no-types --db dogs.db`
    const { tear, ended, folder } = await sitting(t, { command })
    tear()
    await ended
    t.strictSame(inGoodOrder(folder), ['dogs.db'], 'the store was closed')
  })
})

terminal('a process that is asked to end gives the terminal back', async (t) => {
  const command = `'${process.execPath}' '${main}' --no-types --db dogs.db; echo "left with $?"; stty -a`
  const { type, see, ended, folder } = await sitting(t, { command })
  const [, id] = /\n(\d+)\s+> $/.exec(await type('process.pid', /\n\d+\s+> $/)) ?? []
  process.kill(Number(id), 'SIGTERM')
  await ended
  await see(/left with 143/)
  await see(/ icanon /)
  t.strictSame(inGoodOrder(folder), ['dogs.db'])
})

/** A session in a pipe: what it said so far is waited for as well. */
function piped(t: Test, ...lines: string[]) {
  // The test runner puts its own handlers of signals into every Node that is started, unless another program starts it.
  const child = spawn(
    'env',
    ['-u', 'NODE_OPTIONS', process.execPath, shortLived, main, '--no-types', '--db', ':memory:'],
    {
      env: cleanEnvironment(),
    },
  )
  t.teardown(() => child.kill('SIGKILL'))
  child.stdin.on('error', () => undefined).write(lines.map((line) => `${line}\n`).join(''))
  const heard = (wanted: RegExp) =>
    new Promise<void>((resolve) => {
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (wanted.test(said)) resolve()
      })
    })
  return { child, heard }
}

t.test('Ctrl-C ends a session in a pipe, whatever it does', async (t) => {
  for (const runaway of runaways) {
    const { child, heard } = piped(t, runaway)
    await heard(/\nbegun/)
    child.kill('SIGINT')
    const [, signal] = await once(child, 'close')
    t.equal(signal, 'SIGINT', runaway)
  }
})

t.test('a session in a pipe that nobody reads any more ends, in good order', async (t) => {
  const { child, heard } = piped(t, '1 + 1')
  await heard(/\n2\n/)
  child.stdout.destroy()
  child.stdin.write('2 + 2\n'.repeat(3))
  const [status] = await once(child, 'exit')
  t.equal(status, 141)
})
