/** A database that is dumped, and restored as another one, by PostgreSQL's own programs. */
import { spawnSync } from 'node:child_process'
import { sql } from './postgres-server'

/** Does something with a copy of this database, which is dropped then. */
export async function withRestored<T>(url: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = new URL(url)
  copy.pathname += '_restored'
  const name = copy.pathname.slice(1)
  await sql(url, `CREATE DATABASE ${name}`)
  try {
    const dump = run(['pg_dump', `--dbname=${url}`])
    run(['psql', '--quiet', '--output=/dev/null', '--set=ON_ERROR_STOP=1', `--dbname=${copy.href}`], dump)
    return await work(copy.href)
  } finally {
    await sql(url, `DROP DATABASE ${name} WITH (FORCE)`)
  }
}

/** Why it cannot be done here, where it is no must. */
export function cannotDump(url: string): string | false {
  if (process.env.CI === 'true') return false
  const { status, stderr, error } = spawnSync('pg_dump', [`--dbname=${url}`, '--schema-only'], { encoding: 'utf8' })
  return status !== 0 && `it needs the pg_dump and psql of the server: ${error?.message ?? stderr}`
}

function run([program = '', ...options]: readonly string[], input?: string): string {
  const { stdout, stderr, status, error } = spawnSync(program, options, { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr || error?.message}`)
  return stdout
}
