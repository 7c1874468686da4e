/** In the place of `node:url`: the paths of POSIX. tap asks for that of its own file too, which has come over the network. */
export const fileURLToPath = (url: string | URL): string => decodeURIComponent(new URL(url).pathname)
export const pathToFileURL = (path: string): URL =>
  new URL(`file://${path.split('/').map(encodeURIComponent).join('/')}`)
