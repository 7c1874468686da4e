/**
 * Events as a test says them: by name and payload, and with as much else as matters to the test.
 */
import { DomainEvent, idForm, type Metadata } from '../events/event'
import { EventType } from '../events/event-type'
import { show, showBoth } from './show'

/** What `TrickAdded.of({ trick: 'sit' })` returns, an event that was recorded, or any `{ name, payload }`. */
export interface SaidEvent {
  readonly name: string
  readonly payload: object
  /** Its stored name, for followers that go by it. */
  readonly topic?: string | undefined
  /** Compared if it is said, and so are the next ones. */
  readonly aggregateId?: string | undefined
  readonly version?: number | undefined
  readonly timestamp?: string | undefined
  readonly metadata?: Metadata | undefined
}

type Aspect = 'aggregateId' | 'version' | 'timestamp' | 'metadata'
const aspects: Readonly<Record<Aspect, (value: unknown) => string>> = {
  aggregateId: (id) => ` of ${show(idForm(id as string))}`,
  version: (version) => `, version ${version}`,
  timestamp: (timestamp) => `, at ${timestamp}`,
  metadata: (metadata) => `, metadata ${show(metadata)}`,
}
const differences: Readonly<Record<Aspect, string>> = {
  aggregateId: 'happened to another aggregate',
  version: 'has another version',
  timestamp: 'happened at another time',
  metadata: 'has other metadata',
}

/** What is said of it besides its name and payload. Each DomainEvent has metadata, most of them none. */
const saidOf = (event: SaidEvent): Aspect[] =>
  (Object.keys(aspects) as Aspect[]).filter((aspect) => event[aspect] !== undefined && Object.hasOwn(event, aspect))

const aspectText = (aspect: Aspect, event: SaidEvent): string =>
  event[aspect] === undefined ? '' : aspects[aspect](event[aspect])

const written = ({ name }: SaidEvent, payload: string, event: SaidEvent, said: readonly Aspect[]): string =>
  `${name} ${payload}${said.map((aspect) => aspectText(aspect, event)).join('')}`

/** `TrickAdded { trick: 'sit' } of 'fido'` */
export const eventText = (event: SaidEvent): string =>
  written(event, show(event.payload), event, event instanceof DomainEvent ? [] : saidOf(event))

/** One below the other. */
export const eventsText = (events: readonly SaidEvent[]): string => events.map(eventText).join('\n')

/** An expected event, and the one that was recorded in its place with as much as is said of the first. */
export function eventTexts(expected: SaidEvent, got: SaidEvent): [string, string] {
  const said = saidOf(expected)
  const [wanted, payload] = showBoth(expected.payload, got.payload)
  return [written(expected, wanted, expected, said), written(got, payload, got, said)]
}

/** How an event differs from the expected one of the same name. */
export function difference(expected: SaidEvent, got: SaidEvent): string {
  const [wanted, payload] = showBoth(expected.payload, got.payload)
  const aspect = saidOf(expected).find((each) => aspectText(each, expected) !== aspectText(each, got))
  return wanted !== payload || aspect === undefined ? 'has another payload' : differences[aspect]
}

/** @throws TypeError for what is not an event */
export function mustBeSaid(events: readonly unknown[], where: string): asserts events is SaidEvent[] {
  for (const event of events) {
    const { name, payload } = Object(event) as Partial<SaidEvent>
    if (typeof name === 'string' && typeof payload === 'object' && payload !== null) continue
    const got = Array.isArray(event)
      ? 'an array: spread it, ...events'
      : event instanceof EventType
        ? `the event type ${name}: say what has happened, ${name}.of({ … })`
        : show(event)
    throw new TypeError(`${where} takes events, TrickAdded.of({ trick: 'sit' }), not ${got}`)
  }
}
