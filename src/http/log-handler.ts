/**
 * Serves the log of an application: one function from `Request` to `Response`, for node:http (see `serveLog`), Hono,
 * Bun, Deno, Next, and whatever else speaks the Fetch standard.
 *
 *     GET …/position?after=17&wait=20000        which log this is and its newest position, once that is not 17
 *     GET …/notifications/1,10                  a section
 *     GET …/notifications?start=1&stop=9&limit=10&topic=kennel:Dog.Registered&topic=…
 *
 * Who has no token learns nothing, not even which addresses there are. There are no CORS headers: pages of other sites
 * cannot read it.
 */
import type { Application } from '../application'
import { ClosedError } from '../errors'
import type { Notification, NotificationQuery, Recorder } from '../port/recorder'
import { gate } from './gate'
import { mustBeLimits } from './limits'
import { newest, Places } from './newest'
import { parameters, Refusal } from './parameters'
import { type LogState, toWire, type WireSection } from './wire'

export interface LogHandlerOptions {
  /**
   * What a client has to show (`Authorization: Bearer …`); several while one is replaced by another. `false` lets
   * everybody in who comes to this machine's own address (localhost, 127.0.0.1, [::1]), and nobody else.
   */
  readonly token: string | readonly string[] | false
  /** How many events an answer has at most; 1000 by default. */
  readonly maxEvents?: number
  /** How many bytes of states an answer has at most, unless one event alone has more; 4 MB by default. */
  readonly maxBytes?: number
  /** How many questions may wait for news at a time; 100 by default. */
  readonly maxFollowers?: number
  /** How long one may wait, in milliseconds; 30,000 by default. */
  readonly maxWait?: number
  /** Hears what kept the log from being read, of which a client is told nothing; by default, it is a warning on the console. */
  readonly onProblem?: (problem: unknown) => void
}

/** Answers every request, and never rejects. */
export type LogHandler = (request: Request) => Promise<Response>

/** @internal Those that let everybody in. */
export const openHandlers = new WeakSet<LogHandler>()

/** How many events are read at a time, until an answer has enough bytes. */
const step = 100

/**
 * The log of this application for clients elsewhere: see `remoteLog`. It may be mounted at any path.
 *
 * @throws TypeError for options that mean nothing, an empty token among them
 */
export function logHandler(
  application: Pick<Application, 'name' | 'recorder'>,
  options: LogHandlerOptions,
): LogHandler {
  const { name, recorder } = Object(application) as typeof application
  if (!name || typeof recorder?.notifications !== 'function' || !options)
    throw new TypeError('logHandler() takes an application and its options: logHandler(school, { token })')
  const { maxEvents = 1000, maxBytes = 4 * 2 ** 20, maxFollowers = 100, maxWait = 30_000 } = options
  mustBeLimits('logHandler', { maxEvents, maxBytes, maxFollowers, maxWait })
  const onProblem = options.onProblem ?? ((problem) => console.warn('A remote log could not be read:', problem))
  const places = new Places(maxFollowers)
  const admits = gate(options.token)

  const state = async (position?: number): Promise<LogState> => ({
    name,
    log_id: await recorder.logId(),
    position: position ?? (await recorder.maxNotificationId()),
  })

  async function section(query: NotificationQuery): Promise<WireSection> {
    const limit = Math.min(query.limit ?? Infinity, maxEvents)
    const [rows, isFull] = await page(recorder, query, limit, maxBytes)
    const [first, last] = [rows[0]?.id, rows.at(-1)?.id]
    return {
      id: last ? `${first},${last}` : null,
      next_id: last && isFull ? `${last + 1},${last + limit}` : null,
      items: rows.map(toWire),
      // Read after them, so that it is no earlier than the last.
      ...(await state()),
    }
  }

  async function answer(request: Request): Promise<unknown> {
    const { pathname, search, searchParams } = new URL(request.url)
    if (request.method !== 'GET') throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'The log is only read: use GET')
    if (search.length > 8000) throw new Refusal(414, 'TOO_LONG', 'Ask for fewer topics: at most 8,000 characters')
    const [, route, id] = /\/(position|notifications)(?:\/([^/]*))?$/.exec(pathname) ?? []
    if (route === 'notifications') return section(parameters.section(searchParams, id))
    if (route !== 'position' || id !== undefined)
      throw new Refusal(404, 'NOT_FOUND', 'Ask for position, notifications or notifications/1,10')
    const { after, wait } = parameters.position(searchParams)
    return state(await newest(recorder, after, Math.min(wait, maxWait), request.signal, places))
  }

  const handler: LogHandler = async (request) => {
    try {
      const refusal = await admits(request)
      if (refusal) throw refusal
      return json(200, await answer(request))
    } catch (error) {
      if (error instanceof Refusal) return json(error.status, { code: error.code, message: error.message })
      if (error instanceof ClosedError)
        return json(503, { code: 'CLOSED', message: 'The store of this log is closed: ask again later' })
      onProblem(error)
      return json(500, { code: 'INTERNAL', message: 'The log cannot be read: its application was told why' })
    }
  }
  if (options.token === false) openHandlers.add(handler)
  return handler
}

/** The rows of an answer, and whether there may be more. */
async function page(recorder: Recorder, query: NotificationQuery, limit: number, maxBytes: number) {
  const rows: Notification[] = []
  let bytes = 0
  for (let start = query.start ?? 1; rows.length < limit; ) {
    const size = Math.min(step, limit - rows.length)
    const more = await recorder.notifications({ ...query, start, limit: size, as: 'bytes' })
    for (const row of more) {
      bytes += row.state.length
      if (bytes > maxBytes && rows.length > 0) return [rows, true] as const
      rows.push(row)
    }
    if (more.length < size) return [rows, false] as const
    start = (more.at(-1)?.id ?? start) + 1
  }
  return [rows, true] as const
}

function json(status: number, content: unknown): Response {
  return new Response(JSON.stringify(content), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 405 && { allow: 'GET' }),
    },
  })
}
