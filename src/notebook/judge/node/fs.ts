/** In the place of `node:fs`: files in memory, which are those of one answer. */
import { createFsFromVolume, Volume } from 'memfs'
import { process } from './process'

// biome-ignore lint/suspicious/noExplicitAny: it asks for little of a process
export const volume = Volume.fromJSON({}, '/', { process: process as any })
const fs = createFsFromVolume(volume)
export default fs

export const {
  accessSync,
  appendFileSync,
  chmodSync,
  close,
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  createReadStream,
  existsSync,
  fchmodSync,
  fchownSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  promises,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  write,
  writeFileSync,
  writeSync,
} = fs
