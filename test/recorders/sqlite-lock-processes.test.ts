import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { hasEnded, type Remote, remote, remoteCommand } from './crash/remote-control'
import { stored } from './crash/stored'

const lock = '.dog-school-lock'
const elsewhere = process.platform === 'linux' ? false : 'only Linux tells so much of processes'
/** As where sockets tell nothing: on a network drive, say. */
const { listen: _, isListening: __, ...rest } = nodeDisk
const deaf: Disk = rest
const locked = { code: 'DATABASE_LOCKED' }
const socketsOf = (file: string): string[] =>
  readdirSync(dirname(file)).filter((name) => name.includes('.dog-school-live.'))

/** The lock, as one who sees it from another container finds it. */
function fromAnotherContainer(file: string): void {
  const owner = JSON.parse(readFileSync(file + lock, 'utf8'))
  writeFileSync(file + lock, JSON.stringify({ ...owner, pid: 1, numbers: 'of another container' }))
}

async function opened(t: Test): Promise<{ file: string; holder: Remote }> {
  const file = `${t.testdir()}/a.db`
  const holder = remote(t, remoteCommand(file))
  t.match(await holder.tell('append fido 1'), { value: [1] })
  return { file, holder }
}

t.test('a process that nobody has reaped does not lock its file for ever', { skip: elsewhere }, async (t) => {
  for (const disk of [nodeDisk, deaf]) {
    const file = `${t.testdir()}/a.db`
    // The shell starts it and then becomes a program that asks for none of its children.
    const script = 'exec 3<&0; "$@" <&3 & exec sleep 1000 >&-'
    const parent = remote(t, ['sh', '-c', script, 'sh', ...remoteCommand(file, disk === deaf ? 'deaf' : 'hearing')])
    const { value, pid } = await parent.tell('append fido 1')
    t.same(value, [1])
    await t.rejects(sqlite(file, { disk }).open(), { ...locked, message: new RegExp(`process ${pid} on`) })
    process.kill(pid, 'SIGKILL')
    while (!hasEnded(pid)) await new Promise(setImmediate)
    t.ok(process.kill(pid, 0), 'it still has its number')
    const school = sqlite(file, { disk })
    t.same(await school.append([stored('fido', 2)]), [2])
    await school.close()
  }
})

t.test('a living process in another container is seen to be alive', { skip: elsewhere }, async (t) => {
  const { file, holder } = await opened(t)
  fromAnotherContainer(file)
  const refused = await sqlite(file).open().catch(String)
  t.match(refused, /process 1 on .* close it there/)
  t.notMatch(refused, /remove/, 'so nobody is told to remove the lock')
  t.match(await holder.tell('append fido 2'), { value: [2] }, 'it is not disturbed')
  await t.rejects(sqlite(file, { disk: deaf }).open(), { ...locked, message: /cannot be seen from here.*remove / })
  t.match(await holder.tell('close'), { value: null })
  t.same(readdirSync(dirname(file)), ['a.db'])
})

t.test('an ended process in another container is seen to have ended', { skip: elsewhere }, async (t) => {
  const { file, holder } = await opened(t)
  fromAnotherContainer(file)
  await holder.kill()
  t.equal(socketsOf(file).length, 1)
  await t.rejects(sqlite(file, { disk: deaf }).open(), { ...locked, message: /remove / })
  const school = sqlite(file)
  t.same(await school.append([stored('fido', 2)]), [2])
  t.equal(socketsOf(file).length, 1, 'its socket is tidied away')
  await school.close()
  t.same(readdirSync(dirname(file)), ['a.db'])
})

t.test(
  'the lock of a process whose socket is missing, or is not a socket, is not touched',
  { skip: elsewhere },
  async (t) => {
    const { file, holder } = await opened(t)
    fromAnotherContainer(file)
    await holder.kill()
    const [socket] = socketsOf(file).map((name) => join(dirname(file), name))
    rmSync(socket!)
    await t.rejects(sqlite(file).open(), { ...locked, message: /cannot be seen from here.*remove / })
    writeFileSync(socket!, '')
    await t.rejects(sqlite(file).open(), { ...locked, message: /cannot be seen from here.*remove / })
  },
)

t.test('a connection to the socket is closed at once', { skip: elsewhere }, async (t) => {
  const { file, holder } = await opened(t)
  // The path of a socket may not be long.
  const folder = openSync(dirname(file), 'r')
  await once(createConnection(`/proc/self/fd/${folder}/${socketsOf(file)[0]}`), 'close')
  closeSync(folder)
  t.match(await holder.tell('append fido 2'), { value: [2] })
})

t.test('names that are too long for a socket, and folders that are deep', { skip: elsewhere }, async (t) => {
  const deep = `${t.testdir({ ['d'.repeat(120)]: { ['e'.repeat(120)]: {} } })}/${'d'.repeat(120)}/${'e'.repeat(120)}`
  for (const [name, sockets] of [
    ['a.db', 1],
    [`${'n'.repeat(100)}.db`, 0],
  ] as const) {
    const school = sqlite(`${deep}/${name}`)
    await school.append([stored('fido', 1)])
    t.equal(socketsOf(`${deep}/${name}`).length, sockets)
    await t.rejects(sqlite(`${deep}/${name}`).open(), locked)
    await school.close()
    t.equal(socketsOf(`${deep}/${name}`).length, 0)
  }
})

t.test('a database that is open keeps no process from ending', async (t) => {
  const { file, holder } = await opened(t)
  const ended = once(holder.process, 'exit')
  holder.process.stdin?.end()
  t.same(await ended, [0, null])
  const school = sqlite(file)
  t.equal(await school.maxNotificationId(), 1)
  await school.close()
})

t.test('threads that open it at once leave no lock', async (t) => {
  const file = `${t.testdir()}/a.db`
  const [, , run, ...argv] = remoteCommand(file)
  const threads = Array.from({ length: 4 }, () => new Worker(run!, { argv, stdin: true, stdout: true }))
  t.teardown(() => Promise.all(threads.map((thread) => thread.terminate())))
  const answers = threads.map((thread) => thread.stdout.setEncoding('utf8')[Symbol.asyncIterator]())
  const tell = async (order: string): Promise<Record<string, unknown>[]> => {
    for (const thread of threads) thread.stdin?.write(`${order}\n`)
    return Promise.all(answers.map(async (each) => JSON.parse((await each.next()).value as string)))
  }
  for (let round = 1; round <= 20; round++) {
    const codes = (await tell('open')).map(({ code }) => code)
    t.ok(codes.filter((code) => code === undefined).length <= 1, 'no two have it')
    t.same(
      codes.filter((code) => code !== undefined && code !== 'DATABASE_LOCKED'),
      [],
    )
    t.ok((await tell('close')).every(({ code }) => code === undefined))
    t.same(
      readdirSync(dirname(file)).filter((name) => name !== 'a.db'),
      [],
    )
  }
})

t.test('a thread that is ended leaves nothing that lasts', { skip: elsewhere }, async (t) => {
  const file = `${t.testdir()}/a.db`
  const [, , run, ...argv] = remoteCommand(file)
  const thread = new Worker(run!, { argv, stdin: true, stdout: true })
  thread.stdin?.write('append fido 1\n')
  t.match(String(await once(thread.stdout, 'data')), /"value":\[1\]/)
  await t.rejects(sqlite(file).open(), { ...locked, message: /already open in this process/ })
  await thread.terminate()
  const school = sqlite(file)
  t.same(await school.append([stored('fido', 2)]), [2])
  await school.close()
})
