/** Fits sentences into a width. */

/** Breaks long lines at blanks; a line keeps its indentation. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? ''
      const lines: string[] = []
      let current = ''
      for (const word of line.trim().split(/ /)) {
        if (current !== '' && indent.length + current.length + 1 + word.length > width) {
          lines.push(indent + current)
          current = word
        } else current = current === '' ? word : `${current} ${word}`
      }
      return line.length <= width ? [line] : [...lines, indent + current]
    })
    .join('\n')
}
