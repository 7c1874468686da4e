/** What is written in one host is what is written in the other: bytes as text, and hashes. */
import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { fromBase64, toBase64 } from '../../src/values/base64'
import { toHex } from '../../src/values/bytes'
import { hosts, inHost, loadedIn } from './hosts'

const folder = join(__dirname, '..', '..', 'src', 'encryption')
const bytes = fc.uint8Array({ maxLength: 300 })

for (const host of hosts)
  t.test(`in ${host}`, async (t) => {
    const { fromHex } = loadedIn<typeof import('../../src/encryption/bytes')>(host, join(folder, 'bytes'))
    const { sha256, hmac } = loadedIn<typeof import('../../src/encryption/sha256')>(host, join(folder, 'sha256'))
    const base64 = (bytes: Uint8Array) => inHost(host, () => toBase64(bytes))
    const fromText = (text: string) => inHost(host, () => fromBase64(text))
    fc.assert(
      fc.property(bytes, fc.string(), (bytes, text) => {
        const node = Buffer.from(bytes)
        const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
        return (
          base64(bytes.subarray(1)) === node.subarray(1).toString('base64') &&
          node.equals(fromText(node.toString('base64')) ?? Buffer.from('none')) &&
          (isBase64 || fromText(text) === undefined) &&
          toHex(bytes) === node.toString('hex') &&
          node.equals(fromHex(node.toString('hex'))) &&
          toHex(sha256(bytes)) === createHash('sha256').update(bytes).digest('hex') &&
          toHex(hmac(bytes, node)) === createHmac('sha256', bytes).update(bytes).digest('hex')
        )
      }),
    )
    const large = Uint8Array.from({ length: 100_001 }, (_, at) => at)
    t.equal(base64(large), Buffer.from(large).toString('base64'))
    for (const none of ['A===', '====', 'AB=C', 'AAA', 'A\nAA']) t.equal(fromText(none), undefined, none)
  })

t.test('they are two', async (t) => {
  const [node, browser] = hosts.map((host) => loadedIn<{ sha256: object }>(host, join(folder, 'sha256')).sha256)
  t.not(node, browser)
})
