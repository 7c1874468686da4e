/** In the place of modules of Node's of which little is asked: `node:os`, `node:crypto`, `node:net`. */
export const hostname = (): string => 'page'
export const tmpdir = (): string => '/tmp'
export const homedir = (): string => '/'
export const platform = (): string => 'browser'
export const EOL = '\n'
export const availableParallelism = (): number => 1
export const loadavg = (): number[] => [0, 0, 0]

export const randomUUID = (): string => globalThis.crypto.randomUUID()
export const randomBytes = (size: number): Buffer =>
  Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(size)))
export const getRandomValues = <T extends Uint8Array>(array: T): T => globalThis.crypto.getRandomValues(array as never)
export const webcrypto = globalThis.crypto
export const { subtle } = globalThis.crypto

const noSockets = () => {
  throw Object.assign(new Error('There are no sockets on a page'), { code: 'ENOTSUP' })
}
export const connect = noSockets
export const createServer = noSockets
