/** The package has no types. */
declare module '@jspm/core/nodelibs/util' {
  const util: object
  export default util
}
