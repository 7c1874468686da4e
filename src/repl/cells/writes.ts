/**
 * Writes to a terminal that may be broken off. A signal ends JavaScript anywhere, also within a write, and a stream of Node
 * would then show nothing any more: it waits for the end of that write. (Ending it from outside is no way either: the
 * signal may have left the rest of the text to libuv, which then ends it a second time.) So each write is done at once and
 * by nobody else, and what was broken off can be ended.
 */
import { writeSync } from 'node:fs'

/** What a stream of Node has for those who make one. */
interface Writing {
  _write(text: string | Buffer, encoding: BufferEncoding, done: (error?: Error) => void): void
  _writev: undefined
  readonly _writableState: { readonly writing: boolean; onwrite(): void }
}

/** @returns what ends the write that was broken off, if one was */
export function writeAtOnce(stream: NodeJS.WriteStream & { readonly fd: number }): () => void {
  if (!stream.isTTY || process.platform === 'win32') return () => undefined
  const writing = stream as unknown as Writing
  writing._writev = undefined
  writing._write = (text, encoding, done) => {
    try {
      writeAll(stream.fd, typeof text === 'string' ? Buffer.from(text, encoding) : text)
    } catch (error) {
      return done(error as Error)
    }
    done()
  }
  return () => {
    if (writing._writableState.writing) writing._writableState.onwrite()
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; )
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      // Somebody else who writes there has asked not to be kept waiting; we can wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
}
