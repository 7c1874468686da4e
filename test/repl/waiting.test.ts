/** The sign of life of what takes long. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { silent, waitingOn } from '../../src/repl/render/waiting'

const look = { width: 80, colour: true, unicode: true }

function listen() {
  const written: string[] = []
  let heard: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    heard = resolve
  })
  const write = (text: string) => {
    written.push(text)
    heard()
  }
  return { written, first, write }
}

t.test('what takes long is named, and wiped away when it is done', async (t) => {
  const { written, first, write } = listen()
  let end: (value: number) => void = () => undefined
  const work = new Promise<number>((resolve) => {
    end = resolve
  })
  const done = waitingOn({ write }, () => look)('checking', work)
  await first
  t.match(written, [/checking…/])
  end(3)
  t.equal(await done, 3)
  t.match(written, [/checking…/, '\r\u001b[K'])
})

t.test('so it is when the work fails', async (t) => {
  const { written, first, write } = listen()
  const work = first.then(() => {
    throw new Error('no')
  })
  await t.rejects(waitingOn({ write }, () => ({ ...look, unicode: false }))('checking', work), /no/)
  t.match(written, [/checking\.\.\./, '\r\u001b[K'])
})

t.test('what is done soon, and where nobody looks, nothing is said', async (t) => {
  const { written, write } = listen()
  t.equal(await waitingOn({ write }, () => look)('checking', Promise.resolve(1)), 1)
  t.equal(await silent('checking', Promise.resolve(2)), 2)
  await sleep(400)
  t.strictSame(written, [])
})
