/** The checksum CRC-32 where there is no `node:zlib`. */
const checksums = new Uint32Array(256).map((_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1
  return byte
})

export function crc32(bytes: Uint8Array, seed = 0): number {
  let sum = ~seed
  for (let at = 0; at < bytes.length; at++) sum = (sum >>> 8) ^ checksums[(sum ^ bytes[at]!) & 255]!
  return ~sum >>> 0
}
