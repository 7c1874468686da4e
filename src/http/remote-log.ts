/** The log of an application on another machine. */

import { NotificationLog } from '../following/notification-log'
import { Mapper, type MapperOptions } from '../mapping/mapper'
import { isToken } from './gate'
import { mustBeLimits } from './limits'
import { RemoteSource } from './remote-source'

/** Besides these, what an application takes that reads these events: `aggregates`, `compressor`, `cipher`, `keys`. */
export interface RemoteLogOptions extends Omit<MapperOptions, 'module'> {
  /** The name of the application whose log it is. Another one's is refused. */
  readonly name: string
  /** What the handler of the log was given. */
  readonly token?: string | undefined
  /** How long an answer may take, to its last byte, in milliseconds; 30,000 by default. */
  readonly timeout?: number
  /** How much one call may read, in bytes of JSON; 64 MB by default. */
  readonly maxBytes?: number
  /** How long a follower's question waits for news before it is asked again, in milliseconds; 20,000 by default. */
  readonly wait?: number
  /** The pause after a lost connection, in milliseconds, longer after each further failure; 100 by default, at most 5 seconds. */
  readonly retryDelay?: number
  /** Hears why a follower has to wait, once for each outage; by default, it is a warning on the console. */
  readonly onProblem?: (problem: Error) => void
  /** In place of the global one. It may be a handler of this process. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/**
 * The log that `logHandler` gives at this address, as if it were here: `select`, `section`, `follow`, and whatever
 * reads a log. While somebody follows it, reads wait for a connection that was lost.
 *
 * @throws TypeError for an address or options that mean nothing
 * @throws (each read) RemoteLogError if the log cannot be reached, refuses, or is not one
 * @throws (each read) LogChangedError if it is another application's, or another one than before
 */
export function remoteLog(url: string, options: RemoteLogOptions): NotificationLog {
  if (!options?.name)
    throw new TypeError(
      "remoteLog() takes an address and the name of the application: remoteLog(url, { name: 'school' })",
    )
  const { name, token, timeout = 30_000, maxBytes = 64 * 2 ** 20, wait = 20_000, retryDelay = 100 } = options
  mustBeLimits('remoteLog', { timeout, maxBytes, wait, retryDelay })
  if (token !== undefined && !isToken(token))
    throw new TypeError('The token of remoteLog() is a string of letters, digits and punctuation: is the variable set?')
  const source = new RemoteSource(addressOf(url), {
    name,
    token,
    timeout,
    maxBytes,
    wait,
    retryDelay,
    onProblem:
      options.onProblem ??
      ((problem) => console.warn(`${problem.name}: ${problem.message} It is asked until it answers.`)),
    fetch: options.fetch ?? ((request) => fetch(request)),
  })
  return new NotificationLog(source, new Mapper({ ...options, module: name }))
}

/** Without a slash at its end. A password in it would be shown in errors. */
function addressOf(url: string): string {
  const { protocol = '', username, password, search, hash, href = '' } = URL.canParse(url) ? new URL(url) : {}
  if (!/^https?:$/.test(protocol) || username || password || search || hash)
    throw new TypeError(
      `The address of a remote log is https://host/path, with nothing before or after it, and the token is an option`,
    )
  return href.replace(/\/+$/, '')
}
