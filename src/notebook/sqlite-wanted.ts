/** What a worker says when it needs the WebAssembly of SQLite: whoever has started it sends the compiled module. */
export const WANTED = 'SQLite'

/** What it is sent where that cannot be had: what the reader can do. */
export interface NoSqlite {
  readonly noSqlite: string
}
