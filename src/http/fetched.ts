/**
 * One question and its answer over HTTP, within a time and a size, whatever the other side does.
 */
import { RemoteLogError } from '../errors'
import { quoted, type WireProblem } from './wire'

/** How to ask. */
export interface Asking {
  readonly fetch: (request: Request) => Promise<Response>
  readonly token: string | undefined
  /** In milliseconds, to the last byte of the answer. */
  readonly timeout: number
  /** Ends the question. */
  readonly signal?: AbortSignal | undefined
}

/** How many bytes may still come. Several questions may share it. */
export interface Budget {
  bytes: number
}

const mostOfError = 10_000

/**
 * The JSON that this address answers.
 *
 * @throws RemoteLogError, `isTemporary` if it is worth trying again
 */
export async function fetched(address: string, asking: Asking, budget: Budget): Promise<unknown> {
  const over = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason))
  })
  ended.catch(() => undefined)
  const late = () => over.abort(temporary(`${address} did not answer within ${asking.timeout} ms`))
  const timer = setTimeout(late, asking.timeout)
  const end = () => over.abort(temporary('Nobody waits for the answer any longer'))
  asking.signal?.addEventListener('abort', end)
  try {
    const ask = async () => asking.fetch(question(address, asking, over.signal))
    // A connection that was kept from before may be one that a restarted server knows nothing of: a second is new.
    const again = (error: unknown) => (over.signal.aborted ? Promise.reject(error) : ask())
    // A fetch that knows no signals, and a body that never ends, are left behind.
    const response = await Promise.race([ask().catch(again), ended])
    return await Promise.race([contentOf(response, address, asking.token, budget), ended])
  } catch (error) {
    if (error instanceof RemoteLogError) throw error
    const { message, cause } = Object(error) as Error
    const why = Object(cause).message || message
    throw temporary(`${address} cannot be reached, or the connection broke (${why}): is it served there?`, error)
  } finally {
    clearTimeout(timer)
    asking.signal?.removeEventListener('abort', end)
    // What is left of the answer is not read.
    over.abort()
  }
}

const question = (address: string, { token }: Asking, signal: AbortSignal): Request =>
  new Request(address, {
    headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    // The token is for this address alone.
    redirect: 'manual',
    credentials: 'omit',
    signal,
  })

async function contentOf(
  response: Response,
  address: string,
  token: string | undefined,
  budget: Budget,
): Promise<unknown> {
  if (response.status === 200) return parsed(await textOf(response, address, budget), response, address)
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
    throw new RemoteLogError(
      `${address} redirects to another address, to which the token is not sent: give the address of the log itself`,
    )
  const said = await sayingOf(response, address)
  const status = `${response.status}${said && `, ${said}`}`
  if (response.status === 401 || response.status === 403)
    throw new RemoteLogError(
      `${address} ${token === undefined ? 'asks for a token' : 'refuses the token'} (${status}): give remoteLog() the token that its handler has`,
    )
  if (response.status === 404 || response.status === 405)
    throw new RemoteLogError(`There is no log at ${address} (${status}): give the address where its handler is`)
  if (response.status >= 500 || response.status === 408 || response.status === 429)
    throw temporary(`${address} cannot answer now (${status}): ask again later`)
  throw new RemoteLogError(`${address} refuses the question (${status}): ask for less, or for something else`)
}

/** What the handler says is wrong, if it is one of ours. */
async function sayingOf(response: Response, address: string): Promise<string> {
  try {
    const { code, message } = JSON.parse(await textOf(response, address, { bytes: mostOfError })) as WireProblem
    return typeof code === 'string' ? quoted(`${code}: ${message}`) : ''
  } catch {
    return ''
  }
}

async function textOf(response: Response, address: string, budget: Budget): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  const reader = response.body?.getReader()
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done) break
    budget.bytes -= value.byteLength
    if (budget.bytes < 0)
      throw new RemoteLogError(
        `${address} sends more than the client takes: ask for fewer events at once (limit), or set maxBytes`,
      )
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(text: string, response: Response, address: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const type = quoted(response.headers.get('content-type') ?? 'no type')
    throw new RemoteLogError(`${address} answers with ${type} that is not JSON: give the address of a log`, { cause })
  }
}

const temporary = (message: string, cause?: unknown): RemoteLogError =>
  new RemoteLogError(message, { cause, isTemporary: true })
