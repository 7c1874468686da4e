/**
 * A link to a notebook with its history: `#3:1…` is what was done in lesson 3, as data. What is behind `#` is sent to no
 * server. It begins with the number of this form; the rest is JSON, compressed with a checksum, in the characters of addresses.
 */
import { currentOf, type History, isUnread } from '../../history'

/** A form that cannot be read here will have another number. */
const FORM = '1'
/** How long an address may be in characters: that of the browser which takes the least. */
const LONGEST = 1_000_000
/** In bytes. What says that it is longer was made to fill the memory. */
const LARGEST = 16_000_000

/** Says what is wrong with a link, and what to do. */
export class LinkError extends Error {}

/** What may stand in a link. @throws LinkError if it cannot be in one */
export function forLink(history: History): History {
  if (currentOf(history).before)
    throw new LinkError('A link cannot carry the database that this timeline begins with: save it, and send the file.')
  return { ...history, timelines: history.timelines.filter((each) => !each.before && !isUnread(each)) }
}

/**
 * What stands behind the number of the lesson.
 *
 * @param files of its exercise, which a page that does not know them leaves out
 * @throws LinkError if it would be too long
 */
export async function packed(
  history: History,
  files?: ReadonlyMap<string, string>,
  longest = LONGEST,
): Promise<string> {
  const value = files ? { ...history, files: [...files] } : history
  const json = new TextEncoder().encode(JSON.stringify(value))
  const link = FORM + lettersOf(await through(new CompressionStream('deflate'), json))
  if (link.length <= longest) return link
  throw new LinkError(
    `This history is too long for a link: it would have ${link.length.toLocaleString('en')} characters, and browsers take ${longest.toLocaleString('en')}. Save the database instead.`,
  )
}

export interface Copied {
  readonly length: number
  /** What some programs take. */
  readonly longest: number
  /** Whether what was written in the exercise is in it; undefined if that is nothing. */
  readonly hasFiles: boolean | undefined
  /** The timelines that are not in it, as each begins with a database. */
  readonly left: readonly string[]
}

/** What to say of a link. */
export function copied({ length, longest, hasFiles, left }: Copied): string {
  const files = hasFiles === undefined ? '' : `, with${hasFiles ? '' : 'out'} the files of your exercise`
  return [
    `Copied${files}. It has ${length.toLocaleString('en')} characters${length > longest ? ': some programs cut such a link, so send it in a file.' : '.'}`,
    ...(hasFiles === false
      ? ['With them it would be too long for many programs: “Download the exercises”, and send them, too.']
      : []),
    ...(left.length > 0
      ? [`What begins with a database does not travel with it (${left.join(', ')}): save it, and send the file.`]
      : []),
  ].join(' ')
}

/** Nothing of it is certain yet: see `historyOf`. @throws LinkError if it is broken, too long, or of a later form */
export async function unpacked(link: string): Promise<unknown> {
  if (link.length > LONGEST)
    throw new LinkError(
      'This link is longer than any that this page makes. Ask whoever sent it for the database instead.',
    )
  if (/^[2-9]/.test(link))
    throw new LinkError(
      'This link was made by a newer version of this page. Reload the page, or ask whoever keeps it to update it.',
    )
  try {
    if (!link.startsWith(FORM)) throw new TypeError('it does not begin as one')
    const json = await through(new DecompressionStream('deflate'), bytesOf(link.slice(1)))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch (cause) {
    throw broken(cause)
  }
}

export const broken = (cause: unknown): LinkError =>
  new LinkError(
    'This link is broken: a part of it may have been cut off or changed on the way. Ask whoever sent it to send it again, in a file if need be.',
    { cause },
  )

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  // What is wrong is heard by the reader.
  writer.write(bytes).catch(() => undefined)
  writer.close().catch(() => undefined)
  const parts: Uint8Array[] = []
  let size = 0
  for (const reader = stream.readable.getReader(); ; ) {
    const { value, done } = await reader.read()
    if (done) break
    size += value.length
    if (size > LARGEST) throw new RangeError('it is too large')
    parts.push(value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Base64, in the letters that an address may have. */
function lettersOf(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

const bytesOf = (letters: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
