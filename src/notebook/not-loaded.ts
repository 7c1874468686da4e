/** What is said of a part that comes behind the page and cannot be had, as without a network. The next use tries again. */
export const notLoaded = (what: string): string => `${what} could not be loaded: try again when there is a network.`

/** That sentence, where it is in a message. */
export const saysNotLoaded = (message: string): string | undefined =>
  /^(?:Error: )*(.+? could not be loaded: try again when there is a network\.)/.exec(message)?.[1]
