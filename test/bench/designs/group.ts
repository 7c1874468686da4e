/** Appends that wait while others are recorded go together, in one statement. */
import type { Client } from 'pg'
import { state } from './designs'

interface Waiting {
  readonly id: string
  readonly version: number
  readonly done: () => void
}

export class Group {
  readonly #client: Client
  readonly #isLocked: boolean
  #waiting: Waiting[] = []
  #isBusy = false

  constructor(client: Client, isLocked: boolean) {
    this.#client = client
    this.#isLocked = isLocked
  }

  append(id: string, version: number): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ id, version, done })
      if (!this.#isBusy) this.#flush().catch(failed)
    })
  }

  async #flush(): Promise<void> {
    this.#isBusy = true
    // What is added in the same turn goes together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0)
      await this.#client.query({
        name: 'group',
        text: 'SELECT append_all($1, $2, $3, $4)',
        values: [
          this.#isLocked,
          group.map(({ id }) => id),
          group.map(({ version }) => version),
          group.map(() => state),
        ],
      })
      for (const { done } of group) done()
      // Those who waited append the next one.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    this.#isBusy = false
  }
}
