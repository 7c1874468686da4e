/** In the place of `node:worker_threads`: tests are not divided among threads here. */
export const isMainThread = true
export const parentPort = null
export const workerData = undefined
export class Worker {}
