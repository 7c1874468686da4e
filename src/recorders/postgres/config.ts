/** How connections to a PostgreSQL server are made. */
export interface ServerOptions {
  /** How many connections may be open at a time; 10 by default. One more listens. */
  readonly connections?: number | undefined
  /** For how many milliseconds a server that is away, silent or full is waited for; 30,000 by default. */
  readonly patience?: number | undefined
  /** TLS, as in `pg`: true, or what `node:tls` takes, such as `{ ca }`. */
  readonly ssl?: boolean | object | undefined
  /** Only reads: the server refuses everything else on these connections. */
  readonly readOnly?: boolean
}

/** What `pg` is given. It has types of its own, which whoever uses this library need not have. */
export interface Config {
  readonly connectionString: string
  readonly keepAlive: boolean
  readonly keepAliveInitialDelayMillis: number
  readonly ssl?: boolean | object
  readonly connectionTimeoutMillis?: number
}

export function configOf(url: string, { ssl, readOnly }: ServerOptions): Config {
  return {
    connectionString: readOnly ? readingOnly(url) : url,
    // A connection that is not used must not be forgotten by what stands between, and is known when it is lost.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(ssl !== undefined && { ssl }),
  }
}

/** In the address, because what is there counts before the other options. */
function readingOnly(url: string): string {
  const [, given = ''] = /[?&]options=([^&]*)/.exec(url) ?? []
  return `${url}${url.includes('?') ? '&' : '?'}options=${given}%20-c%20default_transaction_read_only%3Don`
}
