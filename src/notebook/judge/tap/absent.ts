/** Stands in for a plugin of tap's that nothing on a page can do. */

/** @param names the methods that tests find there */
export const absent = (names: readonly string[]) => () =>
  Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        throw new Error(`t.${name} needs Node, and there is none on a page: use it in the terminal.`)
      },
    ]),
  )
