/** How large a store on a server is, and how it is. */
import type { Server } from './server'
import { type Layout, namesIn, schemaVersion } from './tables'

export interface PostgresStatus {
  /** Its address, without the password. */
  readonly server: string
  /** Of PostgreSQL. */
  readonly version: string
  readonly user: string
  /** The table of the events. */
  readonly table: string
  /** The size of the table and its indexes. */
  readonly bytes: number
  /** The number of recorded events. */
  readonly events: number
  readonly schema: number
  readonly readOnly: boolean
  /** `yes`, or the setting of the server for which an acknowledged event may be lost. */
  readonly durable: string
  /** `ok`, or how many aggregates do not have all versions from 1 to the newest. */
  readonly integrity: string
}

/** With these, a server acknowledges what a loss of power can take back. */
const risks = `SELECT string_agg(name || ' is ' || setting, ', ' ORDER BY name) FROM pg_settings
  WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off'`

export const tableOf = ({ schema = 'public', prefix = 'stored' }: Partial<Layout>): string =>
  `${schema}.${prefix}_events`

export async function statusOf(server: Server, layout: Layout): Promise<PostgresStatus> {
  const { events } = namesIn(layout)
  const [[version, user, readOnly, bytes, count, broken, risk] = []] = await server.ask(
    `SELECT current_setting('server_version'), current_user, current_setting('transaction_read_only'),
       pg_total_relation_size($1::text::regclass), (SELECT count(*) FROM ${events}),
       (SELECT count(*) FROM (SELECT FROM ${events} GROUP BY originator_id
          HAVING min(originator_version) <> 1 OR max(originator_version) <> count(*)) AS its),
       (${risks})`,
    [events],
  )
  return {
    server: server.name,
    version: version ?? '',
    user: user ?? '',
    table: tableOf(layout),
    bytes: Number(bytes),
    events: Number(count),
    schema: schemaVersion,
    readOnly: readOnly === 'on',
    durable: risk ?? 'yes',
    integrity: broken === '0' ? 'ok' : `versions are missing of ${broken} aggregate${broken === '1' ? '' : 's'}`,
  }
}
