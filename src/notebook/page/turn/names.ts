/** How a file may be called that somebody adds. */

/** What was typed as a name, or what is wrong with it. `dog` is `dog.ts`; another ending is not made one. */
export function named(typed: string, taken: readonly string[]): { readonly name: string } | { readonly wrong: string } {
  const given = typed.trim()
  const [, stem, ending] = /^(.+)\.(\w+)$/.exec(given) ?? []
  if (stem !== undefined && ending !== 'ts' && ending !== 'test')
    return { wrong: `The files here are TypeScript, so a name ends in .ts: ${stem}.ts?` }
  const name = ending === 'ts' ? given : `${given}.ts`
  if (taken.includes(name)) return { wrong: `There is a ${name} already.` }
  const isName = /^[\w-]+(\.[\w-]+)*\.ts$/.test(name)
  return isName ? { name } : { wrong: 'A name has letters, digits, - and dots, and ends in .ts.' }
}
