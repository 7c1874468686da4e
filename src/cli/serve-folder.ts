/** Serves the files of a folder to this machine alone, as they were when it began: no path leads out of the folder. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { filesBelow } from './files-below'

export interface FolderServer {
  /** Such as `http://127.0.0.1:7369/`. */
  readonly address: string
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** @param port is asked for first: if it is taken, a free one is used */
export async function serveFolder(folder: string, port = 0): Promise<FolderServer> {
  const files = new Map(filesBelow(folder).map((name) => [`/${name}`, readFileSync(join(folder, name))]))
  let address = ''
  const server = createServer(({ method, url = '', headers: { host } }, response) => {
    const answer = (status: number, contents: string | Buffer, type = 'text/plain; charset=utf-8') =>
      response
        .writeHead(status, {
          'content-type': type,
          'content-length': Buffer.byteLength(contents),
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
        })
        .end(method === 'HEAD' ? undefined : contents)
    // A page of another site, whose name has come to mean 127.0.0.1, is told nothing.
    if (`http://${host}/` !== address) return answer(403, `The notebook is at ${address}\n`)
    if (method !== 'GET' && method !== 'HEAD') return answer(405, 'Only GET and HEAD are answered.\n')
    const name = url.replace(/[?#].*/s, '').replace(/\/$/, '/index.html')
    const contents = files.get(name)
    if (!contents) return answer(404, 'There is no such file.\n')
    answer(200, contents, types[extname(name)] ?? 'application/octet-stream')
  })
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    return listen(0)
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
