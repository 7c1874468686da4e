/** The thread that knows the types, while someone types. */
import { parentPort, workerData } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import type { TypeService, TypeUser } from './checker-protocol'
import { CellTypes } from './type-service'

const port = parentPort!
const types = new CellTypes(workerData)
const prompt = createBirpc<TypeUser, TypeService>(types, {
  post: (message) => port.postMessage(message),
  on: (hear) => port.on('message', hear),
  bind: 'functions',
})
void prompt.ready.asEvent()
