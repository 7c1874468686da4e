/** What a worker of the page begins with: it loads the script, and keeps the messages that come before that is there. */

/** @param script its full address; @returns the text of a module, which no build changes */
export const firstLines = (script: string): string => `
const early = []
const keep = ({ data }) => early.push(data)
addEventListener('message', keep)
await import(${JSON.stringify(script)})
removeEventListener('message', keep)
for (const data of early) dispatchEvent(new MessageEvent('message', { data }))
`
