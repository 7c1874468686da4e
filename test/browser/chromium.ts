/** A Chromium with a page of ours: the package as it is published, in bundles for browsers. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { cleanEnvironment } from '../clean-environment'
import { tool } from '../package/building'
import { installed } from '../package/packed'

/** The Chromium of this machine. */
export const executable = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
  } catch {
    return []
  }
})[0]

/** Where there is none, a test of a browser is skipped on a user's machine, and fails in CI. */
export const unlessChromium =
  executable || process.env.CI === 'true' ? {} : { skip: 'there is no chromium on this machine: install one' }

/** Nothing but what it is asked for. */
export const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that is not `localhost`, so that a page there is not secure.
  '--host-resolver-rules=MAP school.test 127.0.0.1',
]
/** A page that lives for seconds: a fifth of its time would go into making code faster that hardly runs. */
const shortLived = '--js-flags=--liftoff-only --no-turbofan'

const ours: Readonly<Record<string, string>> = Object.fromEntries(
  ['page.ts', 'worker.ts'].map((name) => [name, readFileSync(join(__dirname, name), 'utf8')]),
)

/** Serves a page and its worker, whose modules these are, until the test ends; gives the address of the page. */
export async function served(t: Test, modules = ours): Promise<string> {
  const folder = emptyFolder(t)
  installed(folder)
  const { build } = await tool('esbuild')
  const files: Record<string, [type: string, contents: string | Buffer]> = {
    '/': ['text/html', '<!doctype html><title>Dog School</title><script src="/page.js"></script>'],
    '/sql-wasm-browser.wasm': [
      'application/wasm',
      readFileSync(join(folder, 'node_modules', 'sql.js', 'dist', 'sql-wasm-browser.wasm')),
    ],
  }
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  for (const name of ['page', 'worker']) {
    const options = { bundle: true, write: false, target: 'es2022', logLevel: 'error', absWorkingDir: folder }
    const { outputFiles } = await build({ entryPoints: [`./${name}`], ...options })
    files[`/${name}.js`] = ['text/javascript', outputFiles[0].text]
  }
  const server = createServer(({ url = '' }, answer) => {
    const [type, contents] = files[url] ?? []
    // A page in a sandbox is of another origin.
    const headers = { 'content-type': type ?? 'text/plain', 'access-control-allow-origin': '*' }
    answer.writeHead(type ? 200 : 404, headers).end(contents)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

/** What is new in the log is lit for four seconds, and drawn sixty times in each. */
export const still = { reducedMotion: 'reduce' }
const options = { executablePath: executable, env: cleanEnvironment(), headless: true, args: [...quiet, shortLived] }

/**
 * Starts Chromium, with what it keeps in this folder.
 *
 * @param args what it is told on its command line; as a rule, to compile quickly rather than well
 */
export async function started(
  t: Pick<Test, 'teardown'>,
  profile = emptyFolder(t),
  args: readonly string[] = options.args,
  // biome-ignore lint/suspicious/noExplicitAny: the types of playwright are not installed
): Promise<any> {
  const { default: playwright } = await tool('playwright-core', 'browser')
  const context = await playwright.chromium.launchPersistentContext(profile, { ...options, ...still, args })
  context.setDefaultTimeout(patience)
  t.teardown(() => context.close().catch(() => {}))
  return context
}

/** In milliseconds: only what never comes takes as long, however busy the machine is. */
export const patience = 120_000

export function emptyFolder(t: Pick<Test, 'teardown'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-browser-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
