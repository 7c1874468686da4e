/** Compresses with zlib, as the Python library does. */
import { unzlibSync, zlibSync } from 'fflate'
import { CorruptEventError } from '../errors'
import type { Compressor } from '../mapping/packing'
import { isJson } from './bytes'
import { builtIn } from './host'

/** zlib, for the option `compressor` of an application. */
export function zlib(): Compressor {
  const node = builtIn<typeof import('node:zlib')>('zlib')
  const [deflate, inflate] = node ? [node.deflateSync, node.inflateSync] : [zlibSync, inJavaScript]
  return {
    compress: (bytes) => deflate(bytes),
    decompress(bytes) {
      if (isJson(bytes))
        throw new CorruptEventError(
          'it is not compressed: it was recorded without a compressor, so open the store without one',
        )
      return inflate(bytes)
    },
  }
}

/** fflate does not compare the checksum at the end, so what is damaged could read as something else. */
function inJavaScript(bytes: Uint8Array): Uint8Array {
  const plain = unzlibSync(bytes)
  const end = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4)
  if (end.getUint32(0) !== adler32(plain)) throw new TypeError('its checksum is another one')
  return plain
}

function adler32(bytes: Uint8Array): number {
  let [one, two] = [1, 0]
  for (const byte of bytes) {
    one = (one + byte) % 65521
    two = (two + one) % 65521
  }
  return two * 65536 + one
}
