/** Recorders that are broken on purpose: queries over tags, and appends with a condition. */
import {
  type AppendOptions,
  type EventQuery,
  MemoryRecorder,
  matches,
  type Notification,
  type ReadOptions,
  type StoredEvent,
} from 'dog-school'
import type { Broken } from './broken'

const selection = 'joins topics by or, tags by and, and items by or'
const part = 'reads a part of what a query selects: after, upTo, limit, newest first, and all of them together'
const unseen = 'records nothing if an event matches that the writer has not seen'
const arguments_ = 'refuses tags and queries that are none, and records nothing then'

/** What a reader that changes each item of a query selects. */
const reading = (what: string, change: (item: EventQuery[number]) => EventQuery[number]): Broken => [
  what,
  selection,
  () =>
    new (class extends MemoryRecorder {
      override read(query: EventQuery, options?: ReadOptions) {
        return super.read(query.map(change), options)
      }
    })(),
]

/** An append that changes what it is given. */
const appending = (
  what: string,
  noticedBy: string,
  change: (events: readonly StoredEvent[], options: AppendOptions) => [readonly StoredEvent[], AppendOptions],
): Broken => [
  what,
  noticedBy,
  () =>
    new (class extends MemoryRecorder {
      override async append(events: readonly StoredEvent[], options: AppendOptions = {}) {
        return super.append(...change(events, options))
      }
    })(),
]

const without = <T extends object>(object: T, key: keyof T): T => {
  const { [key]: _, ...rest } = object
  return rest as T
}

export const boundaries: readonly Broken[] = [
  [
    'returns all events for each query',
    'returns the events that a query selects, as the log does',
    () =>
      new (class extends MemoryRecorder {
        override read = async () => this.notifications()
      })(),
  ],
  reading('looks only at the first tag', (item) => ({ ...item, ...(item.tags && { tags: item.tags.slice(0, 1) }) })),
  reading('looks only at the first topic', (item) =>
    item.topics ? { ...item, topics: item.topics.slice(0, 1) } : item,
  ),
  reading('does not look at topics where there are tags', (item) =>
    item.tags?.length ? without(item, 'topics') : item,
  ),
  reading('does not look at tags where there are topics', (item) => (item.topics ? without(item, 'tags') : item)),
  reading('takes no topics for all topics', (item) => (item.topics?.length === 0 ? without(item, 'topics') : item)),
  [
    'looks only at the first item',
    selection,
    () =>
      new (class extends MemoryRecorder {
        override read = (query: EventQuery, options?: ReadOptions) => super.read(query.slice(0, 1), options)
      })(),
  ],
  [
    'returns an event once for each item that it matches',
    selection,
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, options?: ReadOptions) {
          const found: Notification[] = []
          for (const item of query) found.push(...(await super.read([item], options)))
          return found.sort((a, b) => a.id - b.id)
        }
      })(),
  ],
  ...['after', 'upTo', 'limit'].map(
    (option): Broken => [
      `is off by one in ${option} of a query`,
      part,
      () =>
        new (class extends MemoryRecorder {
          override read(query: EventQuery, options: ReadOptions = {}) {
            const value = options[option as 'after']
            return super.read(query, value === undefined ? options : { ...options, [option]: value + 1 })
          }
        })(),
    ],
  ),
  [
    'limits what a query selects before it turns it round',
    part,
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, { descending = false, ...options }: ReadOptions = {}) {
          const found = await super.read(query, options)
          return descending ? found.reverse() : found
        }
      })(),
  ],
  [
    'limits each item of a query, and not the query',
    part,
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, { limit = Infinity, ...options }: ReadOptions = {}) {
          const found = new Set<number>()
          for (const item of query) for (const { id } of await super.read([item], { ...options, limit })) found.add(id)
          return (await super.read(query, options)).filter(({ id }) => found.has(id))
        }
      })(),
  ],
  [
    'always returns tags',
    'returns tags only when asked, each once and in order',
    () =>
      new (class extends MemoryRecorder {
        override read = (query: EventQuery, options?: ReadOptions) => super.read(query, { ...options, tagged: true })
      })(),
  ],
  [
    'returns tags in the order in which they were given',
    'returns tags only when asked, each once and in order',
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, options?: ReadOptions) {
          return (await super.read(query, options)).map((event) =>
            event.tags ? { ...event, tags: [...event.tags].reverse() } : event,
          )
        }
      })(),
  ],
  appending(
    'does not know version 0',
    'gives an event of version 0 the next version of its aggregate',
    (events, options) => [events.map((event) => ({ ...event, version: event.version || 1 })), options],
  ),
  [
    'gives each event the next version, whatever it has',
    'gives an event of version 0 the next version of its aggregate',
    () =>
      new (class extends MemoryRecorder {
        override append = (events: readonly StoredEvent[], options?: AppendOptions) =>
          super.append(
            events.map((event) => ({ ...event, version: 0 })),
            options,
          )
      })(),
  ],
  appending('is off by one in what was seen', unseen, (events, { after, ...options }) => [
    events,
    options.failIfEventsMatch && after !== undefined ? { ...options, after: after + 1 } : options,
  ]),
  appending('looks only at the first item of a condition', unseen, (events, { failIfEventsMatch, ...options }) => [
    events,
    failIfEventsMatch ? { ...options, failIfEventsMatch: failIfEventsMatch.slice(0, 1) } : options,
  ]),
  appending('looks at a condition only if there are events', unseen, (events, options) => [
    events,
    events.length > 0 ? options : without(without(options, 'failIfEventsMatch'), 'after'),
  ]),
  [
    'tracks before it looks at the condition',
    unseen,
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], { tracking, ...options }: AppendOptions = {}) {
          if (tracking) await super.append([], { tracking })
          return super.append(events, options)
        }
      })(),
  ],
  appending('forgets what was seen', 'records if what matches was seen, or nothing matches', (events, options) => [
    events,
    without(options, 'after'),
  ]),
  [
    'takes its own events for those of others',
    'does not count the events of the append itself',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options: AppendOptions = {}) {
          const { failIfEventsMatch = [] } = options
          if (!events.some((event) => matches(failIfEventsMatch, event))) return super.append(events, options)
          return super.append(events, { failIfEventsMatch: [{}] }).then(() => super.append(events, options))
        }
      })(),
  ],
  [
    'checks the condition, waits, and then writes',
    'lets exactly one of fifty writers of one boundary win',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options: AppendOptions = {}) {
          await super.append([], options)
          await null
          return super.append(events)
        }
      })(),
  ],
  [
    'takes any new event for one in the boundary',
    'lets fifty writers of fifty boundaries all win, whoever else writes',
    () =>
      new (class extends MemoryRecorder {
        override append = (events: readonly StoredEvent[], options: AppendOptions = {}) =>
          super.append(events, options.failIfEventsMatch ? { ...options, failIfEventsMatch: [{}] } : options)
      })(),
  ],
  [
    'cannot look for 1,500 tags at once',
    'finds events by any tag, one in 1,500 too, and with 1,500 tags or items',
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, options?: ReadOptions) {
          if (query.some(({ tags = [] }) => tags.length > 999)) throw new Error('too many SQL variables')
          return super.read(query, options)
        }
      })(),
  ],
  [
    'looks for tags with LIKE',
    'finds events by any tag, one in 1,500 too, and with 1,500 tags or items',
    () =>
      new (class extends MemoryRecorder {
        override async read(query: EventQuery, options?: ReadOptions) {
          return super.read(query[0]?.tags?.[0] === '%' ? [{}] : query, options)
        }
      })(),
  ],
  appending('takes empty tags, and leaves them out', arguments_, (events, options) => [
    events.map((event) => (Array.isArray(event.tags) ? { ...event, tags: event.tags.filter(Boolean) } : event)),
    options,
  ]),
  [
    'takes an item that it does not understand for all events',
    arguments_,
    () =>
      new (class extends MemoryRecorder {
        override read(query: EventQuery, options?: ReadOptions) {
          const understood = (item: object | null) => item && ('tags' in item || 'topics' in item)
          return super.read(Array.isArray(query) ? query.map((item) => (understood(item) ? item : {})) : query, options)
        }
      })(),
  ],
  appending('ignores after where there is no query', arguments_, (events, options) => [
    events,
    options.failIfEventsMatch ? options : without(options, 'after'),
  ]),
  [
    'keeps the tags that it was given',
    'is not changed when tags or queries are changed afterwards',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          await null
          return super.append(events, options)
        }
      })(),
  ],
]
