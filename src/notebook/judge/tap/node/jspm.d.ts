/** The package has no types. */
declare module '@jspm/core/nodelibs/assert' {
  export { default } from 'node:assert'
}
declare module '@jspm/core/nodelibs/util' {
  const util: object
  export default util
}
