/** What the build makes of declarations.ts. */
declare module 'virtual:declarations' {
  const declared: import('./project').Declared
  export default declared
}
