/** Bytes as text and as random numbers, in every host. */
import { builtIn } from './host'

const node = builtIn<typeof import('node:buffer')>('buffer')?.Buffer

export const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** Of what is not hex, some bytes all the same. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))

export function toBase64(bytes: Uint8Array): string {
  if (node) return node.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  let text = ''
  // As many arguments as any engine takes.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

/** Undefined if it is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return node
    ? new Uint8Array(node.from(text, 'base64'))
    : Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
