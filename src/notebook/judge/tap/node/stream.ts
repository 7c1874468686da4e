/** In the place of `node:stream`: minipass asks of a value whether it is one of Node's streams. Nothing here is. */
export default class Stream {}
