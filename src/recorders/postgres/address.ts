/** The address of a PostgreSQL server. What is said of it never shows the password. */

/** Refuses at once what would be understood as something else, such as the name of a host nobody meant. */
export function mustBeAddress(address: string): void {
  const parsed = parse(address)
  // pg would not heed it, and other tables would be used.
  const tables = ['schema', 'prefix'].find((option) => parsed?.searchParams.has(option))
  if (tables)
    throw new TypeError(
      `${shown(address)} names a ${tables}, which an address cannot: give postgres() the option ${tables}, or npm run move one of its options. ` +
        'The prompt uses the schema public and the prefix stored',
    )
  if (parsed && /^postgres(ql)?:\/\//i.test(address) && !parsed.hash) return
  throw new TypeError(
    `${shown(address)} is not the address of a PostgreSQL server: write postgres://user:password@host:5432/database. ` +
      'In a password, write %23 for #, %2F for /, %3F for ?, %40 for @ and %25 for %',
  )
}

/** A server's address without user, password and options. */
export function nameOf(address: string): string {
  const { hostname, port, pathname, searchParams } = parse(address)!
  return `postgres://${hostname || (searchParams.get('host') ?? 'localhost')}:${port || 5432}${pathname}`
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
