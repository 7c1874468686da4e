/** The address of a PostgreSQL server. What is said of it never shows the password. */

const FORM = 'postgres://user:password@host:5432/database'

/** Refuses at once what would be understood as something else, such as the name of a host nobody meant. */
export function mustBeAddress(address: unknown): asserts address is string {
  if (typeof address !== 'string')
    throw new TypeError(`The address of a PostgreSQL server is ${kindOf(address)}: give a string, such as '${FORM}'`)
  const parsed = parse(address)
  // pg would not heed it, and other tables would be used.
  const tables = ['schema', 'prefix'].find((option) => parsed?.searchParams.has(option))
  if (tables)
    throw new TypeError(
      `${shown(address)} names a ${tables}, which an address cannot: give postgres() the option ${tables}, or npm start (--${tables}) and npm run move one of their options`,
    )
  if (!parsed || !/^postgres(ql)?:\/\//i.test(address) || parsed.hash)
    throw new TypeError(
      `${shown(address)} is not the address of a PostgreSQL server: write ${FORM}. ` +
        (hasBadPort(address)
          ? 'The port is a number up to 65535'
          : 'In a password, write %23 for #, %2F for /, %3F for ?, %40 for @ and %25 for %'),
    )
  // pg would use the one that has the name of the user.
  if (!databaseOf(parsed))
    throw new TypeError(`${shown(address)} names no database: write ${FORM}, or set PGDATABASE in the environment`)
}

/** A server's address without user, password and options. */
export function nameOf(address: string): string {
  const parsed = parse(address)!
  const { hostname, port, searchParams } = parsed
  const { PGHOST, PGPORT } = process.env
  const host = hostname || searchParams.get('host') || PGHOST || 'localhost'
  return `postgres://${host}:${port || PGPORT || 5432}/${databaseOf(parsed)}`
}

const databaseOf = ({ pathname }: URL): string | undefined => pathname.slice(1) || process.env.PGDATABASE

const kindOf = (value: unknown): string =>
  value === undefined
    ? 'undefined, as an environment variable is that is not set'
    : value === null
      ? 'null'
      : `of the type ${typeof value}`

/** What follows the host; but a colon before an @ belongs to a password. */
function hasBadPort(address: string): boolean {
  const [, port] = /^\w+:\/\/(?:.*@)?[^@/?]*:([^@/?\]]+)(?=[/?]|$)(?!.*@)/s.exec(address) ?? []
  return port !== undefined && !(Number(port) <= 65535)
}

function parse(address: string): URL | undefined {
  try {
    // This decodes what pg will decode.
    decodeURIComponent(address)
    return new URL(address)
  } catch {
    return undefined
  }
}

/** There may be a password anywhere before an @, and after a ?. */
const shown = (address: string): string => `'${address.replace(/.*@/s, '…@').replace(/\?.*/s, '?…')}'`
