/**
 * Containers that share a host name and a folder, each with processes that it numbers from 1: real ones, as far
 * as the lock can tell them from those of a container program.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { type Remote, remote, remoteCommand } from './crash/remote-control'

const lock = '.dog-school-lock'
const works = (command: readonly string[]): boolean =>
  spawnSync(command[0]!, [...command.slice(1), 'true']).status === 0
const plain = ['unshare', '--pid', '--fork', '--kill-child']
/** A user who is not root can be root in a container. */
const unshare = [plain, [...plain, '--user', '--map-root-user']].find((each) => works([...each, '--mount-proc']))
const skip = unshare ? false : 'no PID namespace can be made here (unshare)'
if (process.env.CI && skip) t.fail(skip)

const locked = { code: 'DATABASE_LOCKED' }
const unseen = /process 1 on .* cannot be seen from here.*remove /

/** A process that is number 1 of a container of its own. */
const contained = (t: Test, file: string, { deaf = false, prelude = 'true' } = {}): Remote =>
  remote(t, [
    ...unshare!,
    '--mount-proc',
    'sh',
    '-c',
    `${prelude} && exec "$@"`,
    'sh',
    ...remoteCommand(file, ...(deaf ? ['deaf'] : [])),
  ])

async function all(file: string): Promise<string[]> {
  const school = sqlite(file)
  const found = await school.notifications()
  await school.close()
  return found.map(({ id, aggregateId, version }) => `${id} ${aggregateId} ${version}`)
}

t.test('containers that share a host name', { skip }, async (t) => {
  t.test('the lock of a living process is not taken, and nothing is lost', async (t) => {
    const file = `${t.testdir()}/a.db`
    const [first, second] = [contained(t, file), contained(t, file)]
    t.match(await first.tell('append fido 1'), { value: [1], pid: 1 })
    t.match(await second.tell('append rex 1'), { ...locked, message: /process 1 on/, pid: 1 })
    await t.rejects(sqlite(file).open(), { ...locked, message: /process 1 on/ }, 'nor from outside')
    t.match(await first.tell('append fido 2'), { value: [2] })
    t.match(await first.tell('close'), { value: null })
    t.match(await second.tell('append rex 1'), { value: [3] })
    t.match(await second.tell('close'), { value: null })
    t.same(await all(file), ['1 fido 1', '2 fido 2', '3 rex 1'])
  })

  t.test('the lock of a killed process is taken by the next', async (t) => {
    const file = `${t.testdir()}/a.db`
    for (const version of [1, 2, 3]) {
      const container = contained(t, file)
      t.match(await container.tell(`append fido ${version}`), { value: [version], pid: 1 })
      await container.kill()
    }
    t.same(await all(file), ['1 fido 1', '2 fido 2', '3 fido 3'], 'from outside as well')
    t.same(readdirSync(dirname(file)), ['a.db'])
  })

  t.test('from a container, the lock of one outside is not taken while that lives', async (t) => {
    const file = `${t.testdir()}/a.db`
    const outside = remote(t, remoteCommand(file))
    const inside = contained(t, file)
    t.match(await outside.tell('append fido 1'), { value: [1] })
    t.match(await inside.tell('append rex 1'), locked)
    await outside.kill()
    t.match(await inside.tell('append rex 1'), { value: [2] })
  })

  t.test('without a socket, a lock of another container is left alone', async (t) => {
    const file = `${t.testdir()}/a.db`
    const [first, second] = [contained(t, file, { deaf: true }), contained(t, file)]
    t.match(await first.tell('append fido 1'), { value: [1] })
    t.match(await second.tell('append rex 1'), { ...locked, message: unseen })
    await first.kill()
    t.match(await second.tell('append rex 1'), { ...locked, message: unseen })
    rmSync(/remove (.*)$/.exec((await second.tell('append rex 1')).message ?? '')![1]!)
    t.match(await second.tell('append rex 1'), { value: [2] }, 'after what was said to do')
  })

  t.test('whose container has made up its own start of the machine', async (t) => {
    const file = `${t.testdir({ boot: '11111111-2222-4333-8444-555555555555\n' })}/a.db`
    const prelude = `mount --bind '${dirname(file)}/boot' /proc/sys/kernel/random/boot_id`
    const holder = contained(t, file, { prelude })
    t.match(await holder.tell('append fido 1'), { value: [1] })
    t.match(JSON.parse(readFileSync(file + lock, 'utf8')), { began: /^11111111-/ })
    await t.rejects(sqlite(file).open(), locked)
    await holder.kill()
    t.same(await all(file), ['1 fido 1'])
  })

  t.test('on a file system that may be that of another machine, nobody listens', async (t) => {
    const folder = t.testdir({ mounted: {} })
    const holder = contained(t, `${folder}/mounted/a.db`, { prelude: `mount -t ramfs ramfs '${folder}/mounted'` })
    t.match(await holder.tell('append fido 1'), { value: [1] })
    t.match(await holder.tell('lock'), { value: /"listens":false/ })
  })

  t.test('whose /proc shows the processes of another container', async (t) => {
    const file = `${t.testdir()}/a.db`
    for (const hearing of [[], ['deaf']]) {
      const holder = remote(t, [...unshare!, ...remoteCommand(file, ...hearing)])
      t.match(await holder.tell('open'), { value: null, pid: 1 })
      t.notMatch(JSON.parse(readFileSync(file + lock, 'utf8')), { began: /./ }, 'what it shows is not believed')
      await t.rejects(sqlite(file).open(), locked)
      t.match(await holder.tell('close'), { value: null })
    }
  })
})
