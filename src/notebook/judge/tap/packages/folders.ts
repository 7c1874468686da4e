/** In the place of `mkdirp` and `rimraf`, which make and remove the folders of `t.testdir()`. */
import { mkdirSync, rmSync } from 'node:fs'

export const mkdirpSync = (folder: string) => mkdirSync(folder, { recursive: true })
export const rimrafSync = (folder: string) => rmSync(folder, { recursive: true, force: true })
export const rimraf = async (folder: string) => rimrafSync(folder)
