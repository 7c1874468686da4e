/** Bytes as text, and random ones, in every host. */
export const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** Of what is not hex, some bytes all the same. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))

/** Is this the JSON of an event, which was neither compressed nor encrypted? */
export const isJson = (bytes: Uint8Array): boolean => bytes[0] === 0x7b && bytes[1] === 0x22
