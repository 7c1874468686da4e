/** Starts a process that teaches dogs tricks when it is told to: see rival.ts. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { run } from '../../node/paths'
import { Refusal } from '../session/refusal'
import type { Writer } from '../session/scratch'
import type { School } from './current-school'
import type { FromRival, ToRival } from './rival'

export interface Rival extends Writer {
  end(): void
}

/** @param url of the server @param schema of the tables */
export async function startRival(url: string, schema: string, { file }: School): Promise<Rival> {
  const child = fork(run, [join(__dirname, 'rival.ts')], { stdio: 'ignore', execArgv: [] })
  /** What it says next. It says one thing for each that it is told. */
  const tell = (said: ToRival): Promise<FromRival> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Refusal('A process of the duel ended before its time.', 'Try: .duel'))
      child.once('exit', ended)
      child.once('message', (answer: FromRival) => {
        child.off('exit', ended)
        resolve(answer)
      })
      child.send(said)
    })
  const versionOf = (answer: FromRival): number => {
    if ('version' in answer) return answer.version
    throw Object.assign(new Error(answer.refused.message), { name: answer.refused.name })
  }
  versionOf(await tell({ url, schema, ...file }))
  return {
    name: `Process ${child.pid}`,
    load: async (dogId) => versionOf(await tell({ load: dogId })),
    async teach(trick) {
      const answer = await tell({ teach: trick })
      return 'version' in answer ? answer.version : answer.refused
    },
    end: () => child.disconnect(),
  }
}
