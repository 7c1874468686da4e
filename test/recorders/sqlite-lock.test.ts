import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs, { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { nodeDisk, type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { stored } from './crash/stored'

const lock = '.dog-school-lock'
const run = join(__dirname, 'crash', 'run.cjs')

/** Another process that opens a database, says so, and stays. */
async function other(t: Test, file: string): Promise<{ pid: number; end(signal: NodeJS.Signals): Promise<void> }> {
  const child = spawn(process.execPath, [shortLived, run, join(__dirname, 'crash', 'holder.ts'), file], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const end = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    return ended
  }
  t.teardown(() => end('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return { pid: child.pid!, end }
}

t.test('one writer at a time: the second is told who has it, and may read', async (t) => {
  const file = `${t.testdir()}/a.db`
  const holder = await other(t, file)
  const message = new RegExp(`process ${holder.pid} on ${hostname()}.*readOnly`)
  await t.rejects(sqlite(file).open(), { code: 'DATABASE_LOCKED', message })
  const reader = sqlite(file, { readOnly: true })
  t.equal(await reader.maxNotificationId(), 1, 'what the other has saved, in file and journal')
  const refusals: Promise<unknown>[] = [
    reader.append([stored('fido', 2)]),
    reader.saveSnapshot(stored('fido', 1)),
    reader.checkpoint(),
    reader.query('DELETE FROM tracking', { write: true }),
  ]
  for (const refused of refusals) await t.rejects(() => refused, { code: 'READ_ONLY' })
  await reader.close()
  t.ok(existsSync(file + lock), "the lock is still the other one's")
  await holder.end('SIGKILL')
  const next = sqlite(file)
  t.same(await next.append([stored('fido', 2)]), [2], 'a lock of a process that was killed is taken over')
  await next.close()
  t.notOk(existsSync(file + lock))
})

t.test('of two processes that come after a crash, one takes over', async (t) => {
  const file = `${t.testdir()}/a.db`
  const holder = await other(t, file)
  await holder.end('SIGKILL')
  const both = [sqlite(file), sqlite(file)]
  const opened = await Promise.allSettled(both.map((each) => each.open()))
  t.same(opened.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  await Promise.all(both.map((each) => each.close()))
})

t.test('the same file twice in one process', async (t) => {
  const file = `${t.testdir()}/a.db`
  const first = sqlite(file)
  await first.append([stored('fido', 1)])
  const second = sqlite(file)
  await t.rejects(second.append([stored('fido', 2)]), { code: 'DATABASE_LOCKED', message: /in this process/ })
  await first.close()
  t.same(await second.append([stored('fido', 2)]), [2], 'it can be opened when the first is closed')
  await second.close()
})

t.test('owners that are gone, and owners that cannot be seen', async (t) => {
  const file = `${t.testdir()}/a.db`
  const here = hostname()
  const takes = async (owner: object | string): Promise<string> => {
    const text = typeof owner === 'string' ? owner : JSON.stringify({ key: 'k', began: undefined, ...owner })
    writeFileSync(file + lock, text)
    const school = sqlite(file)
    try {
      await school.open()
      await school.close()
      return 'taken over'
    } catch (error) {
      t.equal(readFileSync(file + lock, 'utf8'), text, 'the lock is left alone')
      return (error as { code: string }).code
    }
  }
  t.equal(await takes({ pid: 2 ** 22 + 1, host: here }), 'taken over', 'no such process')
  t.equal(await takes({ pid: process.ppid, host: here }), 'DATABASE_LOCKED', 'a living one')
  t.equal(await takes({ pid: 2 ** 22 + 1, host: 'elsewhere' }), 'DATABASE_LOCKED', 'on another machine')
  t.equal(await takes('no JSON'), 'DATABASE_LOCKED', 'written by nobody we know')
  if (existsSync('/proc/self/stat'))
    t.equal(
      await takes({ pid: process.ppid, host: here, began: 'boot 1' }),
      'taken over',
      'its number is another process now',
    )
})

t.test('a lock of the first version, as it wrote it', async (t) => {
  const file = `${t.testdir()}/a.db`
  const holder = await other(t, file)
  const { pid, host, began, key } = JSON.parse(readFileSync(file + lock, 'utf8'))
  await holder.end('SIGKILL')
  const living = { pid: process.ppid, host, key }
  writeFileSync(file + lock, `${JSON.stringify(living)}\n`)
  await t.rejects(sqlite(file).open(), { code: 'DATABASE_LOCKED', message: /process \d+ on / })
  writeFileSync(file + lock, `${JSON.stringify({ pid, host, began, key })}\n`)
  const school = sqlite(file)
  t.equal(await school.maxNotificationId(), 1)
  await school.close()
})

t.test('if it cannot be seen whether the owner is alive, the error says how to continue', async (t) => {
  const file = `${t.testdir()}/a.db`
  const remove = new RegExp(`remove ${file + lock}`)
  const refused = async (owner: object, message: RegExp): Promise<void> => {
    const text = JSON.stringify({ key: 'k', host: hostname(), ...owner })
    writeFileSync(file + lock, text)
    await t.rejects(sqlite(file).open(), { code: 'DATABASE_LOCKED', message }, text)
    await t.rejects(sqlite(file).open(), { message: remove }, text)
  }
  await refused({ pid: process.ppid }, /process \d+ on /)
  await refused({ pid: process.pid }, /already open in this process/)
  await refused({ pid: 2 ** 22 + 1, host: 'elsewhere' }, /on elsewhere/)
  await refused({ pid: 2 ** 22 + 1, numbers: 'of another container' }, /cannot be seen from here/)
  await refused({ pid: process.pid, numbers: 'of another container' }, /process \d+ on .* cannot be seen from here/)
  await refused({ pid: 2 ** 22 + 1, numbers: '' }, /cannot be seen from here/)
  await refused({ pid: 2 ** 22 + 1, numbers: 'of another container', listens: true }, /cannot be seen from here/)
  await refused({ pid: 2 ** 22 + 1, numbers: 'of another container', listens: false }, /cannot be seen from here/)
  await refused({ pid: 'none' }, /another process/)
})

t.test('the error does not say to remove the lock of an owner that is certainly alive', async (t) => {
  const file = `${t.testdir()}/a.db`
  const messageOf = (school: SqliteRecorder): Promise<string> => school.open().then(String, ({ message }) => message)
  const holder = await other(t, file)
  const hint = existsSync('/proc/self/stat') ? /remove / : /\bnever\b/
  t.notMatch(await messageOf(sqlite(file)), hint)
  await holder.end('SIGKILL')
  const school = sqlite(file)
  await school.open()
  t.notMatch(await messageOf(sqlite(file)), hint)
  await school.close()
})

t.test('files of processes that were killed while they took a lock are removed', async (t) => {
  const folder = t.testdir()
  const file = `${folder}/a.db`
  const kept = [`${lock}.txt`, `${lock}.bak`, '-dog-school-lock.1', '.dog-school-live.txt', '.dog-school-live.00000000']
  const left = ['.4711', `.${randomUUID()}`, '.takeover.4711', `.takeover.${randomUUID()}`]
  for (const ending of [...kept, ...left.map((each) => lock + each)]) writeFileSync(file + ending, '')
  writeFileSync(`${file}${lock}.takeover`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), key: 'k' }))
  writeFileSync(`${folder}/b.db${lock}.4711`, '')
  const school = sqlite(file)
  await school.open()
  await school.close()
  t.same(readdirSync(folder).sort(), [`b.db${lock}.4711`, ...kept.map((ending) => `a.db${ending}`)].sort())
})

t.test('a lock can be taken although another process removes its draft', (t) => {
  const file = `${t.testdir()}/a.db${lock}`
  const { linkSync } = fs
  t.teardown(() => {
    fs.linkSync = linkSync
  })
  let times = 0
  fs.linkSync = (from, to) => {
    if (++times <= 2) rmSync(from)
    linkSync(from, to)
  }
  t.equal(nodeDisk.create(file, Buffer.from('mine')), true)
  t.equal(nodeDisk.create(file, Buffer.from('yours')), false)
  t.equal(times, 4)
  t.same(readdirSync(dirname(file)), [basename(file)])
  t.throws(() => nodeDisk.create(`${file}/none/x`, Buffer.from('mine')), { code: 'ENOTDIR' })
  t.end()
})

t.test('a lock that was taken from us by hand is not removed', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.open()
  writeFileSync(file + lock, '{"key":"of somebody else"}')
  await school.close()
  t.ok(existsSync(file + lock))
})

t.test('a process that just ends loses nothing', async (t) => {
  const file = `${t.testdir()}/a.db`
  const holder = await other(t, file)
  await holder.end('SIGTERM')
  const next = sqlite(file)
  t.equal(await next.maxNotificationId(), 1)
  await next.close()
})
