/** What was compared, as bars: a box for each kind of work, as long as its figures. */
import type { Cell, Compared } from './compare'
import { groups } from './peer'
import { inGroup, partOf, shown } from './table'

export interface About {
  readonly when: string
  /** Of this library. */
  readonly version: string
  /** The part of the work that was done. */
  readonly size: number
  readonly node: string
  readonly postgres: string
  readonly cpu: string | undefined
  readonly cores: number
}

const [width, margin, gap, line] = [700, 12, 16, 17]
const box = (width - 2 * margin - gap) / 2
/** Within a box: where the bars begin, and how long the longest is. */
const [left, longest] = [132, box - 132 - 70]
const [ours, others] = ['#2b6cb0', '#a0aec0']

/** An SVG. */
export function picture(compared: readonly Compared[], about: About): string {
  const parts = [
    text(
      margin,
      26,
      `This library, dog-school ${about.version}, beside others that record events`,
      'font-size="18" font-weight="bold"',
    ),
    text(
      margin,
      46,
      'A bar is as long as its figure. More is better, except where it says less; the best of each box is in bold.',
      'fill="#444"',
    ),
    text(margin, 63, machine(about), 'fill="#444"'),
    ...(about.size === 1 ? [] : [text(margin, 80, partOf(about.size), 'fill="#c53030" font-weight="bold"')]),
  ]
  let y = about.size === 1 ? 78 : 95
  for (const group of groups) {
    const boxes = inGroup(compared, group)
    if (boxes.length === 0) continue
    parts.push(`<rect x="${margin}" y="${y}" width="${width - 2 * margin}" height="24" fill="#edf2f7"/>`)
    parts.push(text(margin + 8, y + 17, capital(group), 'font-size="15" font-weight="bold"'))
    y += 40
    for (let at = 0; at < boxes.length; at += 2) {
      const pair = boxes.slice(at, at + 2)
      for (const [column, row] of pair.entries()) parts.push(...drawn(row, margin + column * (box + gap), y))
      y += Math.max(...pair.map(({ cells }) => cells.length)) * line + 46
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
}

/** How long a bar is, of 1: that of the greatest figure is 1. */
export function shares(cells: readonly Cell[]): number[] {
  const figures = cells.map(({ figure = 0 }) => figure)
  const most = Math.max(...figures)
  return figures.map((figure) => (most === 0 ? 0 : figure / most))
}

function drawn({ what, unit, lessIsBetter, cells }: Compared, x: number, y: number): string[] {
  const long = shares(cells)
  const found = cells.flatMap(({ figure }) => figure ?? [])
  const best = lessIsBetter ? Math.min(...found) : Math.max(...found)
  return [
    text(x, y + 4, capital(what) + (lessIsBetter ? ': less is better' : ''), 'font-weight="bold"'),
    text(x, y + 18, unit, 'fill="#666" font-size="11"'),
    ...cells.flatMap(({ peer, figure, isImpossible }, at) => {
      const top = y + 24 + at * line
      const size = long[at]! * longest
      return [
        text(x + left - 6, top + 11, peer, 'text-anchor="end" font-size="11"'),
        `<rect x="${x + left}" y="${top}" width="${size.toFixed(1)}" height="${line - 4}" fill="${peer === 'this library' ? ours : others}"/>`,
        figure === undefined
          ? text(x + left + 5, top + 11, isImpossible ? impossible : 'not measured', 'fill="#666" font-size="11"')
          : text(
              x + left + size + 5,
              top + 11,
              shown(figure),
              `font-size="11"${figure === best ? ' font-weight="bold"' : ''}`,
            ),
      ]
    }),
  ]
}

const impossible = 'not possible with it'

const machine = ({ when, node, postgres, cpu, cores }: About): string =>
  `${when.slice(0, 10)}, Node.js ${node.replace('v', '')}, PostgreSQL ${postgres.split(' ')[0]}, ${cores} cores${cpu ? ` of ${cpu}` : ''}`

const capital = (said: string): string => said[0]!.toUpperCase() + said.slice(1)

const escaped = (said: string): string =>
  said.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const text = (x: number, y: number, said: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${more}>${escaped(said)}</text>`
