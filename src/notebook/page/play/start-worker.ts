/**
 * Starts the workers, which run the learner's code, without a network.
 *
 * A static host sends no security policy, and that of a page binds none of its workers but those made from a blob. So the
 * worker begins as a blob, which loads the true one, in a frame whose policy allows `eval`, as the page's does not.
 */
import judge from '../../judge/judge-worker.ts?worker&url'
import session from '../../worker/worker.ts?worker&url'
import confinedPage from './confined.html?url&no-inline'
import { firstLines } from './first-lines'
import { giveSqlite } from './sqlite'

/** Their full addresses. */
const addresses = { judge, session }

let heard = () => {}
/** Resolves when the first worker has been heard of: it has loaded its script. */
export const firstWorker = new Promise<void>((resolve) => {
  heard = resolve
})

/** Resolves to a worker that takes messages at once; rejects if nothing would confine it. */
export async function startWorker(which: keyof typeof addresses): Promise<Worker> {
  const { Worker, WebAssembly } = await confined()
  const url = URL.createObjectURL(new Blob([firstLines(addresses[which])], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  giveSqlite(worker, WebAssembly)
  worker.addEventListener('message', () => heard(), { once: true })
  return worker
}

type Confined = Window & typeof globalThis
let frame: Promise<Confined> | undefined

/** The frame that workers are started in. */
function confined(): Promise<Confined> {
  frame ??= new Promise((resolve, reject) => {
    const element = document.createElement('iframe')
    element.hidden = true
    element.title = 'Where the worker starts'
    element.src = confinedPage
    element.addEventListener('load', () => {
      // What a host says of a file that is missing has no policy.
      if (element.contentDocument?.querySelector('[http-equiv=Content-Security-Policy]'))
        resolve(element.contentWindow as Confined)
      else reject(new Error('confined.html could not be loaded'))
    })
    document.body.append(element)
  })
  return frame
}
