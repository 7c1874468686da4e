/** Who may read a log: those with its token, or, where that was asked for, those on this machine. */
import { Refusal } from './parameters'

/** Why a request is refused, if it is. */
export type Gate = (request: Request) => Promise<Refusal | undefined>

const encoder = new TextEncoder()
const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)))

/** @throws TypeError if there is no token to compare with */
export function gate(token: string | readonly string[] | false): Gate {
  if (token === false) return async (request) => (isLoopback(new URL(request.url).hostname) ? undefined : notHere())
  const tokens = [token].flat()
  if (tokens.length === 0 || !tokens.every(isToken))
    throw new TypeError(
      'logHandler() needs a token, a string of letters, digits and punctuation (is the variable set?), or { token: false } for this machine alone',
    )
  let known: Promise<Uint8Array[]> | undefined
  return async (request) => {
    known ??= Promise.all(tokens.map(digestOf))
    const shown = await digestOf(/^bearer +(.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
    // Every byte of every digest is looked at, so the time tells nothing of how much of it is right.
    const differences = (await known).map((each) => each.reduce((all, byte, i) => all | (byte ^ Number(shown[i])), 0))
    return differences.includes(0) ? undefined : new Refusal(401, 'UNAUTHORIZED', 'Send the token of this log')
  }
}

/** A header can hold it. */
export const isToken = (token: unknown): token is string => typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)

/** By this name, only programs of the same machine come here: a name that another site gave it is refused. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host)

const notHere = (): Refusal =>
  new Refusal(403, 'FORBIDDEN', 'This log is for its own machine: ask for localhost, or give the handler a token')
