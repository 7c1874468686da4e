/** A log of events that only a test has said: without a store, and without a class whose events they are. */
import { idForm, type LoggedEvent, now } from '../events/event'
import { NotificationLog } from '../following/notification-log'
import type { Mapper } from '../mapping/mapper'
import type { NotificationQuery } from '../port/recorder'
import { copyValue, type Payload } from '../values/value'
import type { SaidEvent } from './said'

let logs = 0

/** Events at the positions 1, 2, 3…; each is the next one of its aggregate, which has a name if the test gives it none. */
export function saidLog(events: readonly SaidEvent[]): NotificationLog {
  const id = `said-${++logs}`
  const versions = new Map<string, number>()
  const all = events.map((event, i): LoggedEvent => {
    const { name, topic = name, payload, timestamp = now(), metadata } = event
    const aggregateId = idForm(event.aggregateId ?? 'unnamed')
    const version = event.version ?? (versions.get(aggregateId) ?? 0) + 1
    versions.set(aggregateId, version)
    const frozen = copyValue(payload, true, name) as Payload
    const logged = { id: i + 1, topic, name, payload: frozen, aggregateId, version, timestamp }
    return metadata ? { ...logged, metadata } : logged
  })
  const source = {
    notifications: async ({ start = 1, stop = Infinity, limit = Infinity, topics }: NotificationQuery = {}) =>
      all
        .filter(({ id, topic }) => id >= start && id <= stop && (topics?.includes(topic) ?? true))
        .slice(0, limit)
        .map(({ id }) => ({ id })),
    maxNotificationId: async () => all.length,
    logId: async () => id,
    watch: () => () => undefined,
  }
  const mapper = { form: 'text', logged: ({ id }: { id: number }) => [all[id - 1]] }
  return new NotificationLog(source as never, mapper as unknown as Mapper)
}
