/**
 * Rates as bars: a group for each kind of work, in which the fastest that keeps anything has the whole width. What is in
 * memory only would make all others look alike: it is a figure without a bar.
 */
import type { Compared } from '../peers'

const [width, bar, left] = [640, 18, 180]
const colours = ['#2b6cb0', '#718096', '#dd6b20', '#805ad5', '#38a169', '#d69e2e']

interface About {
  readonly when: string
  readonly node: string
  readonly postgres: string
  readonly cpu: string | undefined
  readonly cores: number
}

const isKept = (name: string): boolean => !name.includes('in memory')

/** An SVG. */
export function picture(figures: readonly Compared[], { when, node, postgres, cpu, cores }: About): string {
  let y = 60
  const parts: string[] = []
  for (const { what, rates } of figures) {
    parts.push(text(10, y, what, 'font-weight="bold"'))
    const most = Math.max(...Object.entries(rates).map(([name, rate = 0]) => (isKept(name) ? rate : 0)))
    for (const [at, [name, rate = 0]] of Object.entries(rates).entries()) {
      y += bar + 4
      const long = isKept(name) ? Math.max(1, (rate / most) * width) : 0
      parts.push(text(left - 8, y, name, 'text-anchor="end"'))
      parts.push(
        `<rect x="${left}" y="${y - 13}" width="${long.toFixed(1)}" height="${bar}" fill="${colours[at % colours.length]}"/>`,
      )
      parts.push(text(left + long + 6, y, Number(rate.toPrecision(3)).toLocaleString('en')))
    }
    y += 40
  }
  const about = `${when.slice(0, 10)}, Node.js ${node}, PostgreSQL ${postgres}, ${cores} cores${cpu ? ` of ${cpu}` : ''}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 100}" height="${y + 10}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="white"/>
${text(10, 24, 'Events a second: longer is faster', 'font-size="17"')}
${parts.join('\n')}
${text(10, y, about, 'fill="#555"')}
</svg>
`
}

const text = (x: number, y: number, said: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${more}>${said.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
