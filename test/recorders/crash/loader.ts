/**
 * Opens a database with the sql.js that is at this place: `node run.cjs loader.ts PLACE WASM…`. It tries one WASM after
 * the other: a path, a URL, `URL …`, `bytes …`, or `nothing`. `reject` leaves another promise to itself.
 */
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { sqlite } from 'dog-school/sqlite'

const [place = '', ...given] = process.argv.slice(3)
const loader = Module as unknown as { _resolveFilename(name: string, ...rest: unknown[]): string }
const resolve = loader._resolveFilename
loader._resolveFilename = (name, ...rest) => (name === 'sql.js' ? place : resolve(name, ...rest))

const wasmOf = (text: string): string | URL | Uint8Array | undefined => {
  const [how, what = ''] = text.split(' ')
  if (how === 'URL') return new URL(what)
  if (how === 'bytes') return new Uint8Array(readFileSync(what))
  return how === 'nothing' ? undefined : text
}

async function main(): Promise<void> {
  for (const text of given) {
    if (text === 'reject') void Promise.reject(new Error('somebody else'))
    const wasm = wasmOf(text)
    try {
      await sqlite(':memory:', wasm ? { wasm } : {}).open()
      console.log('works')
      return
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      console.log(`${code} ${message}`)
    }
  }
  await new Promise(setImmediate)
  console.log('still here')
}

void main()
