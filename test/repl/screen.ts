/** What a terminal shows after all that was written to it, as far as the prompt needs one: rows, a cursor, no scrolling. */

const part = new RegExp(`${'\u001b'}\\[([?\\d;]*)([A-Za-z])|[\\s\\S]`, 'gu')

export function rowsOf(written: string, columns: number): string[] {
  const rows: string[][] = [[]]
  let row = 0
  let column = 0
  const current = () => {
    while (rows.length <= row) rows.push([])
    return rows[row] as string[]
  }
  for (const [sign, numbers = '', command] of written.matchAll(part)) {
    const number = Number(numbers || 1)
    if (command === 'A') row = Math.max(0, row - number)
    else if (command === 'B') row += number
    else if (command === 'C') column = Math.min(columns - 1, column + number)
    else if (command === 'D') column = Math.max(0, column - number)
    else if (command === 'G') column = number - 1
    else if (command === 'J') {
      current().length = Math.min(current().length, column)
      rows.length = row + 1
    } else if (sign === '\r') column = 0
    else if (sign === '\n') row++
    else if (command === undefined) {
      if (column === columns) {
        row++
        column = 0
      }
      const cells = current()
      while (cells.length < column) cells.push(' ')
      cells[column++] = sign
    }
  }
  return rows.map((cells) => cells.join('').trimEnd())
}
