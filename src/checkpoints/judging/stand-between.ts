/** Stands between the files of a folder and the modules that they ask for. */
import { Module } from 'node:module'
import { sep } from 'node:path'
import { realFolder } from '../sources'

type Load = (request: string, parent: { readonly filename?: string } | undefined, isMain: boolean) => unknown
const loader = Module as unknown as { _load: Load; _resolveFilename(request: string, parent: unknown): string }

export interface Asked {
  /** As it was written. */
  readonly request: string
  /** The file that asks, with its whole path. */
  readonly from: string
  /** The file that is meant; undefined where there is none. */
  resolved(): string | undefined
  load(): unknown
}

/** Answers what is asked, until the function that it returns is called. */
export function standBetween(folder: string, answer: (asked: Asked) => unknown): () => void {
  const inside = realFolder(folder) + sep
  const real = loader._load
  loader._load = (request, parent, isMain) => {
    const load = () => real.call(loader, request, parent, isMain)
    const from = parent?.filename
    if (!from?.startsWith(inside)) return load()
    const resolved = () => {
      try {
        return loader._resolveFilename(request, parent)
      } catch {
        return undefined
      }
    }
    return answer({ request, from, resolved, load })
  }
  return () => {
    loader._load = real
  }
}
