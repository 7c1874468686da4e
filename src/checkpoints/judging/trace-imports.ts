/** Which modules a file loads when it is run: what a file says of its imports is not asked, what it does is. */
import { join, relative, sep } from 'node:path'
import { signsOf } from '../../course/signs'
import { sourceAt, sourcesIn } from '../sources'
import { standBetween } from './host'

/** One module asked for another. Files of the folder are named as `./dog`. */
export interface Import {
  readonly from: string
  /** A file of the folder, or the request as it was written. */
  readonly to: string
}

/** What the files of a folder ask for, from now on. */
export interface Watched {
  /** It grows while they run: a file may ask for another one late. */
  readonly imports: readonly Import[]
  stop(): void
}

/** Tells what the files of a folder ask for, until it is stopped. */
export function watchImports(folder: string): Watched {
  const imports: Import[] = []
  const name = (file: string) => `./${relative(folder, file)}`.replace(/\.[cm]?ts$/, '')
  const isInside = (file: string) => file.startsWith(folder + sep)
  const stop = standBetween(folder, ({ request, from, resolved, load }) => {
    const to = resolved()
    imports.push({ from: name(from), to: to !== undefined && isInside(to) ? name(to) : request })
    return load()
  })
  return { imports, stop }
}

/** What the files of a folder say that they import, also as a type, of which nothing is left when they run. */
export function writtenImports(folder: string): readonly Import[] {
  return sourcesIn(folder).flatMap((name) => {
    const code = signsOf(sourceAt(join(folder, name)))
    return code
      .filter(({ type }, at) => type === 'StringLiteral' && /^(from|import)$/.test(code[at - 1]?.value ?? ''))
      .map(({ value }) => ({
        from: `./${name.replace(/\.ts$/, '')}`,
        to: value.slice(1, -1).replace(/^(\..*)\.[cm]?[jt]s$/, '$1'),
      }))
  })
}

/** Whether `from` leads to `to`, over as many modules as it takes. */
export function leadsTo(imports: readonly Import[], from: string, to: string, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false
  seen.add(from)
  return imports.some((each) => each.from === from && (each.to === to || leadsTo(imports, each.to, to, seen)))
}
