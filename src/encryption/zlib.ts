/** Compresses with zlib, as the Python library does. */
import { unzlibSync, zlibSync } from 'fflate'
import type { Compressor } from '../mapping/packing'
import { builtIn } from './host'

/** zlib, for the option `compressor` of an application. */
export function zlib(): Compressor {
  const node = builtIn<typeof import('node:zlib')>('zlib')
  return node
    ? { compress: (bytes) => node.deflateSync(bytes), decompress: (bytes) => node.inflateSync(bytes) }
    : { compress: (bytes) => zlibSync(bytes), decompress: (bytes) => unzlibSync(bytes) }
}
