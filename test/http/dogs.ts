/** A kennel for the tests of remote logs, and how to ask its handler without a network. */
import { Aggregate, Application, event, MemoryRecorder, type Recorder } from 'dog-school'
import { type LogHandler, logHandler, type RemoteLogOptions, remoteLog } from 'dog-school/http'

@event('Registered')
export class Dog extends Aggregate {
  static override readonly topic = 'kennel:Dog'
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    return trick
  }
}

export const token = 'bone-7'
export const open = (recorder: Recorder = new MemoryRecorder()) => new Application(recorder, { name: 'kennel' })

/** A kennel with one dog, of so many events. */
export async function kennel(events: number, recorder?: Recorder): Promise<Application> {
  const school = open(recorder)
  if (events > 0) await school.save(dog(events))
  return school
}

export function dog(events: number): Dog {
  const fido = new Dog('Fido')
  for (let i = 2; i <= events; i++) fido.addTrick(`trick ${i}`)
  return fido
}

export const handlerOf = (school: Application, options = {}): LogHandler => logHandler(school, { token, ...options })

/** A remote log that tells nobody of an outage, and does not wait long. */
export const remote = (url: string, options: Partial<RemoteLogOptions> = {}) =>
  remoteLog(url, { name: 'kennel', aggregates: [Dog], token, retryDelay: 1, onProblem: () => undefined, ...options })

/** The same, of a handler in this process. */
export const nearby = (handler: LogHandler, options: Partial<RemoteLogOptions> = {}) =>
  remote('http://kennel.example/log', { fetch: handler, ...options })

/** What any of the answers may have. */
export interface Answer {
  readonly id: string | null
  readonly next_id: string | null
  readonly items: readonly { readonly id: number; readonly state: string }[]
  readonly position: number
  readonly code: string
}

/** Asks a handler, with the token; gives the status and the content. */
export async function ask(handler: LogHandler, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await handler(new Request(`http://kennel.example/log/${path}`, { headers, ...init }))
  return { status: response.status, headers: response.headers, content: (await response.json()) as Answer }
}

/** Those who wait for news of this log. */
export class Waiters {
  #count = 0
  #tell = new Set<() => void>()

  constructor({ recorder }: Application) {
    const { watch } = recorder
    recorder.watch = (wake) => {
      const leave = watch.call(recorder, wake)
      this.#change(1)
      return () => {
        leave()
        this.#change(-1)
      }
    }
  }

  /** Resolves when there are so many. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#count !== count) return
        this.#tell.delete(look)
        resolve()
      }
      this.#tell.add(look)
      look()
    })
  }

  #change(by: number): void {
    this.#count += by
    for (const tell of [...this.#tell]) tell()
  }
}
