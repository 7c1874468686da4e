/** The folder in which this script of package.json was called: npm changes to the folder of the package. */
export function calledFrom(script: string): string {
  const { INIT_CWD, npm_lifecycle_event } = process.env
  return INIT_CWD && npm_lifecycle_event === script ? INIT_CWD : process.cwd()
}
