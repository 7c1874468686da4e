/** `remoteLog` in a browser: its bundle has nothing of a server, and works with what every browser has. */
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import type { Application } from 'dog-school'
import type * as Http from 'dog-school/http'
import t from 'tap'
import { tools } from '../package/tools'
import { kennel } from './dogs'

// The first run installs tools.
t.setTimeout(300_000)
const src = join(__dirname, '..', '..', 'src')

async function bundled(contents: string): Promise<string> {
  const { build } = await import(require.resolve('esbuild', { paths: [tools('quick')] }))
  const stdin = { contents, resolveDir: src, loader: 'ts' }
  const options = {
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'http',
    target: 'es2022',
  }
  return (await build({ stdin, ...options })).outputFiles[0].text
}

/** What every browser has, and no Buffer, no process. */
const browser = () =>
  createContext({
    ...{ console, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, crypto, atob, btoa },
    ...{ fetch, Request, Response, Headers, AbortController, ReadableStream },
  })

t.test('a bundle of the client has nothing of Node, of the server, of applications', async (t) => {
  const code = await bundled("export { remoteLog } from './http'")
  t.notMatch(code, /node:|serveLog|logHandler|class Application|MemoryRecorder/)
})

t.test('it reads and follows where there is no Buffer, and a handler works there as well', async (t) => {
  const context = browser()
  runInContext(await bundled("export * from './http'"), context)
  const http = runInContext('http', context) as typeof Http
  const school: Application = await kennel(1000)
  const handler = http.logHandler(school, { token: 'bone' })
  const log = http.remoteLog('http://kennel.example/log', { name: 'kennel', token: 'bone', fetch: handler })
  t.strictSame(JSON.stringify(await log.select()), JSON.stringify(await school.notificationLog.select()))
  for await (const { id } of log.follow({ after: 999 })) {
    t.equal(id, 1000)
    break
  }
  for (const state of ['a', '!!!!', 'YQ=', 'Y===', '====']) {
    const lie = async () => {
      const items = [{ id: 1, originator_id: 'a', originator_version: 1, topic: 'a:B.C', state }]
      return Response.json({ name: 'kennel', log_id: 'a', position: 1, items })
    }
    const lied = http.remoteLog('http://kennel.example', { name: 'kennel', fetch: lie })
    await t.rejects(lied.select(), { code: 'REMOTE_LOG', message: /not base64/ }, state)
  }
  await t.rejects(http.serveLog(handler), { name: 'TypeError', message: /needs Node, Bun or Deno/ })
})
