/**
 * Serves a handler with node:http, which is loaded only then: in a bundle for browsers, there is nothing of it.
 *
 * Requests are read without their bodies, because a log is only read.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RemoteLogError } from '../errors'
import { isLoopback } from './gate'
import { mustBeLimits } from './limits'
import { openHandlers } from './log-handler'

export interface ServeOptions {
  /** By default one that is free: see `url`. */
  readonly port?: number
  /** The address to listen at; by default 127.0.0.1, which only programs of this machine reach. */
  readonly host?: string
  /** How long a client may take to send its question, or to take any of the answer, in milliseconds; 30,000 by default. */
  readonly timeout?: number
}

export interface ServedLog {
  /** Such as `http://127.0.0.1:8080`, without a slash at its end. */
  readonly url: string
  /** Ends what is being answered, and stops listening. */
  close(): Promise<void>
}

const missing = 'serveLog() needs Node, Bun or Deno: elsewhere, give the handler to the server that is there'

/**
 * Listens, and gives each request to the handler.
 *
 * @throws TypeError for options that mean nothing, and a handler without a token at an address that others reach
 * @throws RemoteLogError if the port cannot be had
 */
export async function serveLog(
  handler: (request: Request) => Promise<Response> | Response,
  { port = 0, host = '127.0.0.1', timeout = 30_000 }: ServeOptions = {},
): Promise<ServedLog> {
  if (typeof handler !== 'function')
    throw new TypeError('serveLog() takes a handler: serveLog(logHandler(school, { token }))')
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`port of serveLog() is a whole number up to 65535, not ${port}: is the variable set?`)
  mustBeLimits('serveLog', { timeout })
  const http = globalThis.process?.getBuiltinModule?.('node:http')
  if (!http) throw new TypeError(missing)
  if (openHandlers.has(handler as never) && !isLoopback(host))
    throw new TypeError(`Everybody who reaches ${host} could read this log: give logHandler() a token`)
  const limits = {
    requestTimeout: timeout,
    headersTimeout: timeout,
    connectionsCheckingInterval: Math.min(timeout, 5000),
  }
  const server = http.createServer(limits, (incoming, outgoing) => {
    answer(handler, incoming, outgoing, timeout).catch(() => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500).end()
    })
  })
  const { port: actual, family } = await listening(server, port, host)
  return {
    url: `http://${family === 'IPv6' ? `[${host.replace(/[[\]]/g, '')}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new RemoteLogError(`Port ${port} of ${host} cannot be had (${cause.message}): choose another port or host`, {
          cause,
        }),
      ),
    )
    server.listen(port, host.replace(/[[\]]/g, ''), () => resolve(server.address() as AddressInfo))
  })
}

async function answer(
  handler: (request: Request) => Promise<Response> | Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  timeout: number,
): Promise<void> {
  const { method = 'GET', headers, url = '' } = incoming
  // The body of a refused method is not read.
  if (method !== 'GET') outgoing.shouldKeepAlive = false
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const request = requestOf(url, method, headers, gone.signal)
  const response = request ? await handler(request) : new Response(null, { status: 400 })
  outgoing.statusCode = response.status
  outgoing.setHeaders(response.headers)
  // One that takes nothing of the answer for so long is gone.
  outgoing.setTimeout(timeout, () => outgoing.destroy())
  const { pipeline } = process.getBuiltinModule('node:stream/promises')
  if (response.body) await pipeline(response.body, outgoing)
  else outgoing.end()
}

/** Undefined for what a browser would not send: a host that is none, a method that is forbidden. */
function requestOf(url: string, method: string, given: IncomingHttpHeaders, signal: AbortSignal): Request | undefined {
  const headers = Object.entries(given).map(([name, value]) => [name, String(value)] as [string, string])
  try {
    return new Request(new URL(url, `http://${given.host ?? 'localhost'}`), { method, headers, signal })
  } catch {
    return undefined
  }
}
