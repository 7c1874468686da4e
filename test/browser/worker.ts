/** The worker of a page: it has the school, and does what it is told by a message. Each message gets an answer. */
import { Aggregate, Application, event } from 'dog-school'
import { browserDisk, sqlite } from 'dog-school/sqlite'

@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'dogschool:Dog'
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

let school: Application

const answers: Record<string, (...given: never[]) => Promise<unknown>> = {
  async open(folder = 'dog-school', wait?: number, maxBytes?: number) {
    const options = {
      ...(maxBytes && { maxBytes }),
      ...(wait !== undefined && { disk: browserDisk({ folder, wait }) }),
    }
    const recorder = sqlite('school.db', options)
    await recorder.open()
    school = new Application(recorder, { name: 'DogSchool' })
  },
  async register(name: string) {
    const dog = new Dog(name)
    await school.save(dog)
    return dog.id
  },
  async get(id: string) {
    const { name, tricks } = await school.repository.get(Dog, id)
    return { name, tricks: [...tricks] }
  },
  /** Many saves, one after the other; each one's position is told when it is acknowledged. */
  async save(count: number, size = 0) {
    for (let done = 0; done < count; done++)
      self.postMessage({ saved: (await school.save(new Dog(`${done}`.padEnd(size, '.'))))[0] })
  },
  /** In milliseconds: how long so many saves take, so many at a time. */
  async time(count: number, atOnce: number) {
    const begin = performance.now()
    for (let done = 0; done < count; done += atOnce)
      await Promise.all(Array.from({ length: atOnce }, (_, n) => school.save(new Dog(`${done + n}`))))
    return performance.now() - begin
  },
  async positions() {
    return (await school.recorder.notifications()).map(({ id }) => id)
  },
  async status() {
    return (school.recorder as ReturnType<typeof sqlite>).status()
  },
  async close() {
    await school.close()
  },
}

declare const self: { postMessage(message: unknown): void; onmessage: (message: { data: unknown }) => void }

self.onmessage = async ({ data }) => {
  const { call, given } = data as { call: string; given: never[] }
  try {
    self.postMessage({ answer: await answers[call]?.(...given) })
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    self.postMessage({ refused: { name, code, message } })
  }
}
