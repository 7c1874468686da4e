import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { remoteCommand } from './crash/remote-control'

t.test('threads that open it at once leave no lock', async (t) => {
  const file = `${t.testdir()}/a.db`
  const [, run, ...argv] = remoteCommand(file)
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
