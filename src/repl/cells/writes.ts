/**
 * Makes writes to a terminal survive an interrupt. Ctrl-C can stop JavaScript anywhere, even within a write, and the stream
 * would then wait for ever for that write to finish and print nothing more. (It cannot be finished from outside either: libuv
 * may still have the rest of the data and would finish it a second time.) So each write is synchronous, and an interrupted
 * one can be finished.
 */
import { writeSync } from 'node:fs'

/** The members of a Node stream that an implementation overrides. */
interface Writing {
  _write(text: string | Buffer, encoding: BufferEncoding, done: (error?: Error) => void): void
  _writev: undefined
  readonly _writableState: { readonly writing: boolean; onwrite(): void }
}

/** @returns a function that finishes an interrupted write, if there is one */
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
      // Another process has made this terminal non-blocking; we can wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
}
