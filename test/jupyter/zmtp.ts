/**
 * As much of ZeroMQ's protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) as a client of a kernel needs: a DEALER, and a SUB
 * that hears everything.
 */
import { connect } from 'node:net'

export interface Channel {
  send(parts: readonly Buffer[]): void
  end(): void
}

const MORE = 1
const LONG = 2
const COMMAND = 4

/**
 * Connects to a socket, and greets it.
 *
 * @param hear is given the parts of each message
 * @throws if nobody listens there
 */
export function channel(port: number, type: 'DEALER' | 'SUB', hear: (parts: Buffer[]) => void): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(greeting()))
    let unread: Buffer = Buffer.alloc(0)
    let isGreeted = false
    let parts: Buffer[] = []
    const send = (message: readonly Buffer[]) =>
      message.forEach((part, at) => void socket.write(frame(at < message.length - 1 ? MORE : 0, part)))
    socket.on('error', reject).on('data', (data) => {
      unread = Buffer.concat([unread, data])
      if (!isGreeted) {
        if (unread.length < 64) return
        unread = unread.subarray(64)
        isGreeted = true
        socket.write(
          frame(COMMAND, Buffer.from(`\x05READY\x0bSocket-Type\0\0\0${String.fromCharCode(type.length)}${type}`)),
        )
      }
      for (let found = firstFrame(unread); found; found = firstFrame(unread)) {
        unread = found.rest
        if (found.flags & COMMAND) {
          if (type === 'SUB') send([Buffer.from([1])])
          resolve({ send, end: () => void socket.destroy() })
          continue
        }
        parts.push(found.body)
        if (found.flags & MORE) continue
        hear(parts)
        parts = []
      }
    })
  })
}

function greeting(): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3])
  bytes.write('NULL', 12)
  return bytes
}

function frame(flags: number, body: Buffer): Buffer {
  const isLong = body.length > 255
  const head = Buffer.alloc(isLong ? 9 : 2)
  head[0] = isLong ? flags | LONG : flags
  if (isLong) head.writeBigUInt64BE(BigInt(body.length), 1)
  else head[1] = body.length
  return Buffer.concat([head, body])
}

function firstFrame(bytes: Buffer) {
  const [flags = 0] = bytes
  const from = flags & LONG ? 9 : 2
  if (bytes.length < from) return undefined
  const to = from + (flags & LONG ? Number(bytes.readBigUInt64BE(1)) : (bytes[1] as number))
  return bytes.length < to ? undefined : { flags, body: bytes.subarray(from, to), rest: bytes.subarray(to) }
}
