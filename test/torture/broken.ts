/** Recorders that break a promise, each as others have done it: a campaign that does not report them proves nothing. */
import type { Recorder } from 'dog-school'
import { type PostgresOptions, PostgresRecorder } from '../../src/recorders/postgres'
import { CutError, connectTo, type Server } from '../../src/recorders/postgres/server'

export type Broken = 'early' | 'blind' | 'hasty'

/** Acknowledges before it is recorded. */
export function early<T extends Recorder>(store: T): T {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'append')
        return async (...given: Parameters<Recorder['append']>) => {
          const last = await target.maxNotificationId()
          void target.append(...given).catch(() => {})
          return given[0].map((_, at) => last + at + 1)
        }
      const found = Reflect.get(target, name)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
}

/** Tries again after a cut, without asking whether it happened. */
function blind(server: Server): Server {
  return changed(server, {
    async tell(sql, given) {
      for (;;)
        try {
          return await server.tell(sql, given)
        } catch (error) {
          if (!(error instanceof CutError)) throw error
        }
    },
  })
}

/** Reads what is not final: what is committed, as far as it goes. */
function hasty(server: Server): Server {
  return changed(server, {
    ask: (sql, given) =>
      /_final"?\(\)/.test(sql) ? server.ask('SELECT max(notification_id) FROM stored_events') : server.ask(sql, given),
  })
}

function changed(server: Server, changes: Partial<Server>): Server {
  const { ask, tell, script, listen, close } = server
  const own = { ask, tell, script, listen, close }
  const bound = Object.fromEntries(
    Object.entries(own).map(([name, method]) => [name, (method as () => void).bind(server)]),
  )
  return { ...(bound as unknown as Server), name: server.name, ...changes }
}

export function brokenPostgres(urls: readonly string[], options: PostgresOptions, how: Broken): Recorder {
  const server = connectTo(urls, options)
  if (how === 'early') return early(new PostgresRecorder(server, options))
  return new PostgresRecorder(how === 'blind' ? blind(server) : hasty(server), options)
}
