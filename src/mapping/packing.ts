/**
 * Texts as a recorder stores them: as they are, or compressed and then encrypted.
 */
import type { StateForm } from '../port/recorder'

/** Compresses states, such as `zlib()` of `dog-school/encryption`. */
export interface Compressor {
  compress(bytes: Uint8Array): Uint8Array
  decompress(bytes: Uint8Array): Uint8Array
}

/** Encrypts states, after they are compressed, such as `aesGcm(key)` of `dog-school/encryption`. */
export interface Cipher {
  encrypt(bytes: Uint8Array): Uint8Array
  decrypt(bytes: Uint8Array): Uint8Array
}

export interface Packing {
  readonly form: StateForm
  readonly pack: (text: string) => string | Uint8Array
  readonly unpack: (state: string | Uint8Array) => string
}

const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

export function packing({
  compressor,
  cipher,
}: {
  readonly compressor?: Compressor
  readonly cipher?: Cipher
}): Packing {
  mustDo({ compressor }, 'zlib()', ['compress', 'decompress'])
  mustDo({ cipher }, 'aesGcm(key)', ['encrypt', 'decrypt'])
  if (!compressor && !cipher)
    return {
      form: 'text',
      pack: (text) => text,
      unpack: (state) => (typeof state === 'string' ? state : decoder.decode(state ?? new Uint8Array())),
    }
  return {
    form: 'bytes',
    pack: (text) => {
      const bytes = encoder.encode(text)
      const small = compressor ? atOnce(compressor.compress(bytes), 'compress') : bytes
      return cipher ? atOnce(cipher.encrypt(small), 'encrypt') : small
    },
    unpack: (state) => {
      const bytes = typeof state === 'string' ? encoder.encode(state) : state
      if (!(bytes instanceof Uint8Array)) throw new TypeError('there is nothing in it')
      const small = cipher ? atOnce(cipher.decrypt(bytes), 'decrypt') : bytes
      return decoder.decode(compressor ? atOnce(compressor.decompress(small), 'decompress') : small)
    },
  }
}

function atOnce(bytes: unknown, by: string): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  throw new TypeError(`${by}() must return bytes at once`)
}

function mustDo(option: Readonly<Record<string, unknown>>, example: string, methods: readonly string[]): void {
  const [[name, value] = ['', undefined]] = Object.entries(option)
  if (value === undefined || methods.every((method) => typeof Object(value)[method] === 'function')) return
  throw new TypeError(
    `The option ${name} takes ${example} of dog-school/encryption, or what has ${methods.join('() and ')}()`,
  )
}
