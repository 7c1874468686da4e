/** Bytes as text, and random ones, in every host. */
export const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** Of what is not hex, some bytes all the same. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
