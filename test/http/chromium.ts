/** `remoteLog` in a true browser: beside the page it is served with, and from another site, which may not read it. */
import { join } from 'node:path'
import { serveLog } from 'dog-school/http'
import { Hono } from 'hono'
import type { Test } from 'tap'
import { tools } from '../package/tools'
import { dog, handlerOf, kennel, token, Waiters } from './dogs'

const src = join(__dirname, '..', '..', 'src')
const page = `import { remoteLog } from './http'
const open = (url: string) => remoteLog(url, { name: 'kennel', token: '${token}', onProblem: () => {} })
const said = (error: { code: string; message: string }) => error.code + ': ' + error.message
Object.assign(window, {
  select: (url: string) => open(url).select().then((events) => events.length, said),
  follow: async (url: string, after: number) => {
    for await (const { id, payload } of open(url).follow({ after })) return [id, payload]
  },
})`

async function bundled(): Promise<string> {
  const { build } = await import(require.resolve('esbuild', { paths: [tools('quick')] }))
  const stdin = { contents: page, resolveDir: src, loader: 'ts' }
  return (await build({ stdin, bundle: true, write: false, target: 'es2022' })).outputFiles[0].text
}

/** The cases, in a Chromium that was started. */
// biome-ignore lint/suspicious/noExplicitAny: the types of playwright are not installed
export async function remoteLogInChromium(t: Test, context: any): Promise<void> {
  const school = await kennel(2500)
  const handler = handlerOf(school)
  const script = await bundled()
  const app = new Hono()
    .get('/', (c) => c.html('<!doctype html><title>Kennel</title><script src="/page.js"></script>'))
    .get('/page.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript' }))
    .get('/moved/*', (c) => c.redirect('/log/position'))
    .mount('/log', handler)
  const served = await serveLog((request) => app.fetch(request))
  const tab = await context.newPage()
  await tab.goto(served.url)
  const call = (name: string, ...given: unknown[]) =>
    tab.evaluate(([name, given]: [string, unknown[]]) => Reflect.get(globalThis, name)(...given), [name, given])

  t.equal(await call('select', `${served.url}/log`), 2500)
  t.match(await call('select', `${served.url}/moved`), /^REMOTE_LOG: .* redirects to another address/)
  t.match(await call('select', served.url), /^REMOTE_LOG: There is no log at/)

  const waiters = new Waiters(school)
  const next = call('follow', `${served.url}/log`, 2500)
  await waiters.until(1)
  await school.save(dog(1))
  t.strictSame(await next, [2501, { name: 'Fido' }])
  await waiters.until(0)

  const elsewhere = served.url.replace('127.0.0.1', 'localhost')
  await tab.goto(`${served.url}/`)
  t.match(await call('select', `${elsewhere}/log`), /^REMOTE_LOG: .* cannot be reached/, 'another site reads nothing')
  await tab.close()
  await served.close()
}
