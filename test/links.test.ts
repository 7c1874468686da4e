/** Links between the pages of the repository lead somewhere: to a file that exists, and to a heading that is in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(__dirname, '..')
const github = readdirSync(join(root, '.github')).filter((name) => name.endsWith('.md'))
const pages = [
  'README.md',
  'CHANGELOG.md',
  'src/README.md',
  'src/recorders/README.md',
  'src/recorders/SCALING.md',
  'lessons/README.md',
  ...github.map((name) => `.github/${name}`),
]

const textOf = (file: string): string => readFileSync(file, 'utf8').replace(/^```.*?^```$/gms, '')

/** As GitHub makes it of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading))

for (const page of pages)
  t.test(page, async (t) => {
    const from = join(root, page)
    const links = [...textOf(from).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
      ([, inline, named]) => (inline ?? named) as string,
    )
    for (const link of links.filter((each) => !/^\w+:/.test(each))) {
      const [path = '', heading] = link.split('#')
      const to = path === '' ? from : join(dirname(from), path)
      t.ok(existsSync(to), `${link}: the file exists`)
      if (heading !== undefined) t.ok(anchorsOf(to).includes(heading), `${link}: the heading exists`)
    }
  })
