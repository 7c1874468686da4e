/** PGlite: PostgreSQL in this process, for machines without a server. It shows what one connection can show. */
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { Client, type Notification } from 'pg'
import type { Given, Server, Values } from '../../src/recorders/postgres/server'
import { told } from '../../src/recorders/postgres/told'

const raw = { getTypeParser: () => (text: string) => text }

/** Starting it takes two seconds of the processor: one is for all stores of a test. */
export class PgliteServer implements Server {
  readonly name = 'PGlite'
  readonly #running = new PGlite()
  readonly #client = new Client({ ...createPgConfig(this.#running), types: raw })
  readonly #connected = this.#client.connect()

  async ask(sql: string, given?: readonly Given[]): Promise<Values[]> {
    return this.tell(sql, given)
  }

  async tell(sql: string, given: readonly Given[] = []): Promise<Values[]> {
    await this.#connected
    try {
      const { rows } = await this.#client.query({ text: sql, values: [...given], rowMode: 'array' })
      return rows as unknown as Values[]
    } catch (error) {
      throw told(error, this.name, '')
    }
  }

  async script(statements: readonly string[]): Promise<void> {
    await this.tell(statements.join(';\n'))
  }

  async query(): Promise<never> {
    throw new Error('a person asks on a connection of his own, and there is only one')
  }

  async listen(channel: string, heard: (said: string) => void): Promise<() => Promise<void>> {
    const hear = ({ channel: of, payload }: Notification) => of === channel && heard(payload ?? '')
    this.#client.on('notification', hear)
    await this.tell(`LISTEN "${channel}"`)
    return async () => void this.#client.off('notification', hear)
  }

  async close(): Promise<void> {
    await this.#client.end()
    await this.#running.close()
  }
}
