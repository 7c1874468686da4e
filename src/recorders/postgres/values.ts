/** What goes to a server, and what comes from it. */

/** A row of an answer: text in the form of PostgreSQL, or null. */
export type Values = readonly (string | null)[]
/** What a query is given: numbers become text, bytes become `bytea`. */
export type Given = string | number | boolean | Uint8Array | null | undefined | readonly Given[]

/** The largest bigint, for what has no limit. */
export const MOST = '9223372036854775807'
