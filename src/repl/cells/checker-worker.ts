/** The thread that checks types. */
import { parentPort, workerData } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { typescript } from '../../node/paths'
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
const { keepCode } = require(typescript) as { keepCode(): void }
keepCode()
