/** Connections on which nothing is heard any more must not keep anybody waiting, nor a process from ending. */
import type { Client } from 'pg'

/** How long a connection may take to end as the protocol has it, in milliseconds. */
const ENDS_IN = 1000

/** Ends a connection. One that is in the middle of a query is cut, and so is one that does not end. */
export async function end(client: Client): Promise<void> {
  const late = setTimeout(() => cutOff(client), ENDS_IN)
  await client.end().catch(() => {})
  clearTimeout(late)
}

/** Does some work with a connection, which is ended if that takes too long: the work then fails, as if it had been cut. */
export async function within<T>(patience: number, client: Client, work: () => Promise<T>): Promise<T> {
  const late = setTimeout(() => void end(client), patience)
  try {
    return await work()
  } finally {
    clearTimeout(late)
  }
}

function cutOff(client: Client): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
  connection.stream.destroy()
}
