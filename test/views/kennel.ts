/** A kennel for the tests of views: pups that learn and forget tricks. */
import { Aggregate, Application, defineEvent, event, MemoryRecorder, type Recorder } from 'dog-school'

export const Learnt = defineEvent('Learnt', ['trick'])
export const Lost = defineEvent('Lost', ['trick'])

@event('Born')
export class Pup extends Aggregate {
  readonly tricks = new Set<string>()
  @event(Learnt)
  learn(trick: string) {
    this.tricks.add(trick)
  }
  @event(Lost)
  lose(trick: string) {
    this.tricks.delete(trick)
  }
}

export const open = (recorder: Recorder = new MemoryRecorder()): Application =>
  new Application(recorder, { name: 'views', aggregates: [Pup] })

/** One pup learns these tricks; gives the last position. */
export async function learn(school: Application, ...tricks: string[]): Promise<number> {
  const pup = new Pup()
  for (const trick of tricks) pup.learn(trick)
  return Math.max(...(await school.save(pup)))
}

export interface Gate {
  readonly passed: Promise<void>
  open(): void
}

/** Something to wait at until a test opens it. */
export function gate(): Gate {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
