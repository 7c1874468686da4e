/** What PostgreSQL has no room for: it would be cut, or refused in words that do not help. */

/** With what is added, a name must not be longer than PostgreSQL's, which would cut it. */
export function mustBeName(option: string, name: string): void {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(name))
    throw new TypeError(
      `${option} is '${name}': use at most 40 small letters, digits and underscores, and no digit at the beginning`,
    )
}

/** In bytes: two of them fit in a row of an index, which has about 2,700. */
const LONGEST = 1000

/** Refuses what PostgreSQL cannot look for. */
export function mustFit(...texts: readonly string[]): void {
  const long = texts.find((text) => text.length > LONGEST / 3 && Buffer.byteLength(text) > LONGEST)
  if (long !== undefined)
    throw new TypeError(
      `'${long.slice(0, 40)}…' has ${Buffer.byteLength(long)} bytes: PostgreSQL looks for ids, topics, tags and keys of up to ${LONGEST}. Shorten it, or use a hash of it`,
    )
}
