/** The `sqlite3` program as another one that has a database open, for as long as a test wants. */
import { spawn } from 'node:child_process'
import type { Test } from 'tap'

export interface OtherProgram {
  /** Runs SQL in it; returns what it prints. */
  run(sql: string): Promise<string>
  /** Lets it close the file and end. */
  close(): Promise<void>
  kill(): Promise<void>
}

export function otherProgram(t: Test, file: string): OtherProgram {
  const child = spawn('sqlite3', ['-bail', file], { stdio: ['pipe', 'pipe', 'pipe'] })
  let printed = ''
  let heard = (): void => {}
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      printed += text
      heard()
    })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  void ended.then(() => heard())
  t.teardown(() => {
    child.kill('SIGKILL')
    return ended
  })
  return {
    async run(sql) {
      printed = ''
      child.stdin.write(`${sql};\n.print done\n`)
      await new Promise<void>((resolve) => {
        heard = () => (/^done$/m.test(printed) || child.exitCode !== null) && resolve()
      })
      return printed.replace(/^done$/m, '').trim()
    },
    close() {
      child.stdin.end()
      return ended
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
