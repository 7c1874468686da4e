/** Situations of an application: what is in its log, a command or events elsewhere, and what they add to the log. */
import type { Application } from '../application'
import { ReactionError } from '../errors'
import { DomainEvent, type LoggedEvent, NewEvent } from '../events/event'
import type { NotificationLog } from '../following/notification-log'
import { placed } from '../slices/recorded-as'
import { attempt, type Outcome } from './outcome'
import type { SaidEvent } from './said'
import { saidLog } from './said-log'

/** Records these events, runs the command, and reads what the log has more then. */
export async function runOnApplication<A extends Application>(
  application: A,
  given: readonly SaidEvent[],
  command: (application: A) => unknown,
): Promise<Outcome> {
  for (const event of given) await application.save(...(await recordable(event, application)))
  const before = await application.notificationLog.max()
  const { thrown } = await attempt(() => command(application))
  const recorded: LoggedEvent[] = await application.notificationLog.select({ start: before + 1 })
  return thrown ? { recorded, thrown } : { recorded }
}

async function recordable(event: SaidEvent, application: Application): Promise<readonly DomainEvent[]> {
  if (event instanceof DomainEvent) return [event]
  if (!(event instanceof NewEvent))
    throw new TypeError(
      `given(application) takes events with a type, ${event.name}.of({ … }, id), so that it can record them`,
    )
  return placed([event], application, new Map())
}

/** What reacts to other applications: a ProcessApplication. */
export interface Policy extends Application {
  catchUpWith(upstream: { readonly name: string; readonly notificationLog: NotificationLog }): Promise<unknown>
}

export const isPolicy = (application: Application): application is Policy => 'catchUpWith' in application

/** To how many logs of tests it has reacted: each is another application. */
const upstreams = new WeakMap<Policy, number>()

/** Has a policy react to these events of another application. */
export async function react(policy: Policy, events: readonly SaidEvent[]): Promise<void> {
  const count = (upstreams.get(policy) ?? 0) + 1
  upstreams.set(policy, count)
  const name = count === 1 ? 'upstream' : `upstream-${count}`
  try {
    await policy.catchUpWith({ name, notificationLog: saidLog(events) })
  } catch (error) {
    // What a test expects is what its handler throws.
    throw error instanceof ReactionError ? (error.cause ?? error) : error
  }
}
