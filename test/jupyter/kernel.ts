/** Deno's kernel of Jupyter, driven by the protocol of kernels (https://jupyter-client.readthedocs.io/en/stable/messaging.html). */
import { spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { cleanEnvironment } from '../clean-environment'
import { tools } from '../package/tools'
import { channel } from './zmtp'

/** What a cell did. */
export interface Ran {
  readonly status: 'ok' | 'error'
  /** The value that it shows, by MIME type. */
  data?: Readonly<Record<string, string>>
  /** What it printed, and the error that it ended with. */
  said: string
}

export interface Kernel {
  /** Runs cells, one after the other, and gives what each did. */
  run(cells: readonly string[]): Promise<Ran[]>
}

interface Message {
  readonly header: { readonly msg_type: string }
  readonly parent: { readonly msg_id?: string }
  // biome-ignore lint/suspicious/noExplicitAny: each kind of message has another
  readonly content: any
}

/** Deno's program, which its package brings for this machine. */
export function deno(): string {
  const scope = join(tools('jupyter'), 'node_modules', '@deno')
  const names = existsSync(scope) ? readdirSync(scope) : []
  const found = names.flatMap((name) => ['deno', 'deno.exe'].map((file) => join(scope, name, file))).find(existsSync)
  if (!found) throw new Error('There is no Deno for this machine.')
  return found
}

/** Where it cannot be had, a test of the kernel is skipped on a user's machine, and fails in CI. */
export function unlessDeno(): { readonly skip?: string } {
  try {
    deno()
    return {}
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return { skip: `Deno cannot be installed here: ${(error as Error).message.split('\n')[0]}` }
  }
}

/** A kernel that was started in this folder, and ends with the test. */
export async function startedKernel(t: Test, folder: string): Promise<Kernel> {
  const [shell, iopub, stdin, control, hb] = (await freePorts(5)) as [number, number, number, number, number]
  const key = randomUUID()
  const file = join(t.testdir({}), 'connection.json')
  writeFileSync(
    file,
    JSON.stringify({
      ...{ ip: '127.0.0.1', transport: 'tcp', kernel_name: 'deno', signature_scheme: 'hmac-sha256', key },
      ...{ shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: hb },
    }),
  )
  const env = cleanEnvironment({ NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(tools('jupyter'), 'cache') })
  const child = spawn(deno(), ['jupyter', '--kernel', '--conn', file], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text
  })
  const gone = new Promise<never>((_, reject) =>
    child.once('exit', (status, signal) =>
      reject(new Error(`The kernel has ended (${signal ?? status}): ${complaint}`)),
    ),
  )
  gone.catch(() => undefined)
  t.teardown(() => child.kill('SIGKILL'))

  const waiting = new Map<string, (message: Message) => void>()
  const hear = (parts: Buffer[]) => {
    const message = read(parts)
    waiting.get(message.parent.msg_id ?? '')?.(message)
  }
  const open = async (port: number, type: 'DEALER' | 'SUB') => {
    const opened = await Promise.race([whenListening(() => channel(port, type, hear)), gone])
    t.teardown(opened.end)
    return opened
  }
  await open(iopub, 'SUB')
  const { send } = await open(shell, 'DEALER')

  /** Resolves with the reply, when the kernel is idle again if it is to say so. */
  const ask = (type: string, content: object, also?: (message: Message) => void) => {
    const id = randomUUID()
    const done = new Promise<{ reply: Message['content']; isIdle: boolean }>((resolve) => {
      let [reply, isIdle]: [Message['content'], boolean] = [undefined, false]
      waiting.set(id, (message) => {
        const { msg_type } = message.header
        if (msg_type === `${type}_reply`) reply = message.content
        else if (msg_type === 'status') isIdle ||= message.content.execution_state === 'idle'
        else also?.(message)
        if (reply && (isIdle || !also)) resolve({ reply, isIdle })
      })
    })
    send(
      written(
        key,
        { msg_id: id, msg_type: `${type}_request`, username: '', session: '', date: '', version: '5.3' },
        content,
      ),
    )
    return Promise.race([done, gone])
  }
  // What it says before it has heard of the subscription is lost.
  while (!(await ask('kernel_info', {})).isIdle);

  return {
    async run(cells) {
      const all: Ran[] = []
      for (const code of cells) {
        const ran = { said: '' } as { -readonly [K in keyof Ran]: Ran[K] }
        all.push(ran)
        const { reply } = await ask(
          'execute',
          { code, silent: false, store_history: true, allow_stdin: false },
          ({ header, content }) => {
            if (header.msg_type === 'execute_result') ran.data = content.data
            if (header.msg_type === 'stream') ran.said += content.text
            if (header.msg_type === 'error') ran.said += content.evalue
          },
        )
        ran.status = reply.status
      }
      // It may be idle before it has sent the last value.
      await ask('execute', { code: 'await new Promise((done) => setTimeout(done))', silent: false }, () => undefined)
      return all
    },
  }
}

const DELIMITER = '<IDS|MSG>'

function written(key: string, header: object, content: object): Buffer[] {
  const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)))
  const signature = createHmac('sha256', key)
  for (const part of parts) signature.update(part)
  return [Buffer.from(DELIMITER), Buffer.from(signature.digest('hex')), ...parts]
}

function read(parts: readonly Buffer[]): Message {
  const from = parts.findIndex((part) => part.toString() === DELIMITER) + 2
  const [header, parent, , content] = parts.slice(from, from + 4).map((part) => JSON.parse(part.toString()))
  return { header, parent, content }
}

/** The kernel tells nobody that it listens: it is asked until it does. */
async function whenListening<T>(connect: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await connect()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error
      await new Promise((again) => setTimeout(again, 10))
    }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}
