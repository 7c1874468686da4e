/** The package has no types; its modules are those of Node. */
declare module '@jspm/core/nodelibs/assert' {
  export { default } from 'node:assert'
}
declare module '@jspm/core/nodelibs/buffer' {
  export { Buffer } from 'node:buffer'
}
declare module '@jspm/core/nodelibs/events' {
  export { default } from 'node:events'
}
declare module '@jspm/core/nodelibs/path' {
  export { default } from 'node:path'
}
