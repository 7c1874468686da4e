/** What is said of arguments that cannot be understood: how they are written, without Node's advice on what begins with a dash. */
export function misread(error: unknown, usage: string): string {
  const [what] = (error as Error).message.split('. To specify a positional argument')
  return /'(--help|-h)'$/.test(what!) ? usage : `${what}. ${usage}`
}
