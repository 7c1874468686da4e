/**
 * Makes of a thread of Node's what a worker of a page is, before the script that it was started with is loaded: it has the
 * globals of a browser, and none of Node's. Whatever the script sends comes to the thread that started it.
 */
'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const { runInNewContext } = require('node:vm')

const node = process
const { clearInterval, clearTimeout, setInterval, setTimeout } = globalThis

/** What Node has in common with the browsers. */
const web = `AbortController AbortSignal Blob BroadcastChannel ByteLengthQueuingStrategy CompressionStream
  CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventTarget FormData Headers
  MessageChannel MessageEvent MessagePort Performance ReadableStream Request Response SubtleCrypto TextDecoder
  TextDecoderStream TextEncoder TextEncoderStream TransformStream URL URLSearchParams WebAssembly WritableStream atob btoa
  console crypto fetch performance queueMicrotask structuredClone`
const known = new Set([...web.split(/\s+/), ...runInNewContext('Reflect.ownKeys(globalThis)')])
for (const name of Reflect.ownKeys(globalThis)) if (!known.has(name)) delete globalThis[name]

/** A browser's timers are numbers. */
const timers = new Map()
let last = 0
function counted(start, repeats) {
  return (run, after, ...rest) => {
    const id = ++last
    const ring = (...values) => {
      if (!repeats) timers.delete(id)
      run(...values)
    }
    timers.set(id, start(ring, after, ...rest))
    return id
  }
}
function stop(clear) {
  return (id) => {
    clear(timers.get(id))
    timers.delete(id)
  }
}

const events = new EventTarget()
const tell = (type, what) => events.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), what))
for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'])
  globalThis[name] = events[name].bind(events)

Object.assign(globalThis, {
  self: globalThis,
  location: new URL('http://localhost/assets/worker.js'),
  navigator: { language: 'en', userAgent: 'Node', hardwareConcurrency: 1 },
  postMessage: (data, transferred) => parentPort.postMessage(data, transferred),
  close: () => node.exit(),
  setTimeout: counted(setTimeout, false),
  setInterval: counted(setInterval, true),
  clearTimeout: stop(clearTimeout),
  clearInterval: stop(clearInterval),
})

// Nobody ends a worker because something was thrown in it; what nobody hears is in the log.
const log = console.error
node.on('uncaughtException', (error) => tell('error', { error, message: String(error) }) && log('Uncaught', error))
node.on(
  'unhandledRejection',
  (reason, promise) => tell('unhandledrejection', { reason, promise }) && log('Uncaught', reason),
)

import(workerData.script).then(
  // What was sent before has waited.
  () =>
    parentPort.on('message', (data) => {
      const event = new MessageEvent('message', { data })
      globalThis.onmessage?.(event)
      events.dispatchEvent(event)
    }),
  (error) => {
    node.removeAllListeners('unhandledRejection')
    throw error
  },
)
