/** Recorders that are broken on purpose: the log and those who follow it. */
import { type AppendOptions, MemoryRecorder, type NotificationQuery, type StoredEvent } from 'dog-school'
import type { Broken } from './broken'

export const following: readonly Broken[] = [
  ...['start', 'stop', 'limit'].map((option): [string, string, () => MemoryRecorder] => [
    `is off by one in ${option} of the log`,
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override notifications(query: NotificationQuery = {}) {
          const value = query[option as 'start']
          return super.notifications(value === undefined ? query : { ...query, [option]: value + 1 })
        }
      })(),
  ]),
  [
    'limits before it looks at the topics',
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override async notifications({ topics, ...query }: NotificationQuery = {}) {
          return (await super.notifications(query)).filter(({ topic }) => topics?.includes(topic) ?? true)
        }
      })(),
  ],
  [
    'takes no topics for all topics',
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override notifications({ topics, ...query }: NotificationQuery = {}) {
          return super.notifications(topics?.length ? { ...query, topics } : query)
        }
      })(),
  ],
  [
    'does not ask from where a follower goes on',
    'refuses to track what does not go on from the last notification, where that is asked for',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], { tracking }: AppendOptions = {}) {
          return super.append(events, { tracking: tracking && { ...tracking, after: undefined } })
        }
      })(),
  ],
  [
    'takes the number before a notification for the last one that was tracked',
    'refuses to track what does not go on from the last notification, where that is asked for',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], { tracking }: AppendOptions = {}) {
          const last = tracking ? await super.maxTrackingId(tracking.applicationName) : 0
          const isNear = tracking?.after !== undefined && Math.abs(tracking.after - last) < 2
          return super.append(events, { tracking: tracking && { ...tracking, ...(isNear && { after: last }) } })
        }
      })(),
  ],
  [
    'wakes only the first time',
    'wakes all who watch when events are recorded, until they leave',
    () =>
      new (class extends MemoryRecorder {
        override watch(wake: () => void) {
          const leave = super.watch(() => {
            leave()
            wake()
          })
          return leave
        }
      })(),
  ],
  [
    'wakes those who left',
    'wakes all who watch when events are recorded, until they leave',
    () =>
      new (class extends MemoryRecorder {
        override watch(wake: () => void) {
          super.watch(wake)
          return () => undefined
        }
      })(),
  ],
  [
    'gives its log another id each time',
    'has one id for its log',
    () =>
      new (class extends MemoryRecorder {
        override logId = async () => String(Math.random())
      })(),
  ],
  [
    'forgets what was tracked without events',
    'remembers the last notification of each application that follows',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, events.length > 0 ? options : undefined)
        }
      })(),
  ],
  [
    'tracks for all applications together',
    'remembers the last notification of each application that follows',
    () =>
      new (class extends MemoryRecorder {
        override maxTrackingId = () => super.maxTrackingId('kennel')
      })(),
  ],
  [
    'records again what was tracked',
    'refuses a notification that was already tracked, with the events that follow from it',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, options).catch(() => super.append(events))
        }
      })(),
  ],
  [
    'tracks before it records',
    'tracks nothing when the events are refused',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          await super.append([], options)
          return super.append(events)
        }
      })(),
  ],
  [
    'tracks what is no number',
    'refuses to track an id that is not a whole number, with the events that follow from it',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, Number.isSafeInteger(options?.tracking?.notificationId) ? options : undefined)
        }
      })(),
  ],
  [
    'begins with an event of its own',
    'is empty at first',
    () =>
      new (class extends MemoryRecorder {
        override maxNotificationId = async () => (await super.maxNotificationId()) + 1
      })(),
  ],
  [
    'lists the log by aggregate',
    'numbers all events in the order in which they were recorded',
    () =>
      new (class extends MemoryRecorder {
        override async notifications(query?: NotificationQuery) {
          return (await super.notifications(query)).sort((a, b) => (a.aggregateId < b.aggregateId ? -1 : 1))
        }
      })(),
  ],
  [
    'leaves those who watch asleep when it is closed',
    'wakes all who watch when it is closed',
    () =>
      new (class extends MemoryRecorder {
        #left = () => {}
        override watch(wake: () => void) {
          this.#left = super.watch(wake)
          return this.#left
        }
        override async close() {
          this.#left()
          await super.close()
        }
      })(),
  ],
  [
    'looks whether it was tracked, waits, and then records',
    'records only one of many that process the same notification at once',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options: AppendOptions = {}) {
          const { applicationName = '', notificationId = 0 } = options.tracking ?? {}
          if ((await super.maxTrackingId(applicationName)) >= notificationId) return super.append(events, options)
          await null
          return super.append(events)
        }
      })(),
  ],
]
