/**
 * Stands between a recorder and its server, and cuts the connection at a byte of our choice, or says nothing any more.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'

export type Side = 'client' | 'server'

/** What happens when so many more bytes of this side have passed. */
interface Plan {
  readonly side: Side
  left: number
  readonly then: (pair: Pair) => void
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  isMute: boolean
}

export class Wire {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #plan: Plan | undefined
  /** Are new connections refused? */
  isDown = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(t: Test, port: number): Promise<Wire> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const wire = new Wire(server)
    server.on('connection', (client) => wire.#accept(client, connect(port, '127.0.0.1')))
    t.teardown(() => {
      server.close()
      wire.cut()
    })
    return wire
  }

  /** The same address, by way of this wire. */
  url(url: string): string {
    const through = new URL(url)
    through.port = String((this.#server.address() as { port: number }).port)
    return through.href
  }

  /** Cuts all connections now. */
  cut(): void {
    for (const pair of this.#pairs) end(pair)
  }

  /** Cuts a connection when so many more bytes of this side have passed, on whichever it is; resolves then. */
  cutAfter(side: Side, bytes: number): Promise<void> {
    return this.#after(side, bytes, end)
  }

  /**
   * From so many bytes on, nothing passes on that connection any more, and nobody is told. Those that were mute before end:
   * a server has room for so many only.
   */
  muteAfter(side: Side, bytes: number): Promise<void> {
    for (const pair of this.#pairs) if (pair.isMute) end(pair)
    return this.#after(side, bytes, (pair) => {
      pair.isMute = true
    })
  }

  #after(side: Side, left: number, act: (pair: Pair) => void): Promise<void> {
    return new Promise((resolve) => {
      const then = (pair: Pair) => {
        this.#plan = undefined
        act(pair)
        resolve()
      }
      this.#plan = { side, left, then }
    })
  }

  #accept(client: Socket, server: Socket): void {
    const pair = { client, server, isMute: false }
    if (this.isDown) {
      end(pair)
      return
    }
    this.#pairs.add(pair)
    for (const [side, from, to] of [
      ['client', client, server],
      ['server', server, client],
    ] as const) {
      from.on('error', () => {})
      from.on('close', () => {
        if (!pair.isMute) end(pair)
        if (to.destroyed) this.#pairs.delete(pair)
      })
      from.on('data', (bytes) => this.#pass(pair, side, to, bytes))
    }
  }

  #pass(pair: Pair, side: Side, to: Socket, bytes: Buffer): void {
    if (pair.isMute) return
    const plan = this.#plan
    if (plan?.side !== side || plan.left >= bytes.length) {
      if (plan?.side === side) plan.left -= bytes.length
      to.write(bytes)
      return
    }
    // What has passed arrives before the end does.
    to.write(bytes.subarray(0, plan.left), () => plan.then(pair))
    this.#plan = undefined
  }
}

function end({ client, server }: Omit<Pair, 'isMute'>): void {
  server.on('error', () => {})
  client.destroy()
  server.destroy()
}
