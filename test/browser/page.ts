/** The page: `ask` calls its worker, `begin` starts another one, and `end` kills it. */
import { Aggregate, Application, event } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'

@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'dogschool:Dog'
  constructor(readonly name: string) {
    super()
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
declare const window: any

let worker: { postMessage(message: unknown): void; onmessage: (message: { data: unknown }) => void; terminate(): void }

Object.assign(window, {
  begin() {
    worker = new window.Worker('/worker.js')
  },
  end() {
    worker.terminate()
  },
  ask(call: string, ...given: unknown[]): Promise<unknown> {
    return new Promise((resolve) => {
      worker.onmessage = ({ data }) => {
        const said = data as { saved?: number; answer?: unknown; refused?: unknown }
        if (said.saved) window.saved?.(said.saved)
        else resolve(said.refused ?? said.answer)
      }
      worker.postMessage({ call, given })
    })
  },
  /** Begins many saves, kills the worker when so many were acknowledged, and gives how many were. */
  killAfter(count: number, size: number): Promise<number[]> {
    return new Promise((resolve) => {
      const acknowledged: number[] = []
      worker.onmessage = ({ data }) => {
        acknowledged.push((data as { saved: number }).saved)
        if (acknowledged.length !== count) return
        worker.terminate()
        resolve(acknowledged)
      }
      worker.postMessage({ call: 'save', given: [1000, size] })
    })
  },
  /** Loads the page in a frame that the browser keeps nothing for. */
  inSandbox(): Promise<void> {
    const frame = window.document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = '/'
    return new Promise((resolve) => {
      frame.onload = () => resolve()
      window.document.body.append(frame)
    })
  },
  async inMemory() {
    const school = new Application(undefined, { name: 'DogSchool' })
    const dog = new Dog('Fido')
    await school.save(dog)
    return (await school.repository.get(Dog, dog.id)).name
  },
  async onPage(name: string) {
    const school = sqlite(name)
    try {
      await school.open()
      return name
    } catch (error) {
      const { code, message } = error as Error & { code?: string }
      return { code, message }
    }
  },
})
window.begin()
