/** All who are compared. */
import { act } from './act'
import { pgByHand, sqliteByHand } from './by-hand'
import { castore } from './castore'
import { emmett, emmettInFile } from './emmett'
import { install } from './install'
import { inFile, inMemory, onPostgres } from './ours'
import type { Peer } from './peer'
import { python } from './python'

const boundless: Peer = {
  name: 'BoundlessDB',
  group: 'durable in a file',
  packages: ['boundlessdb@latest'],
  async open() {
    await install(this.packages)
    throw new Error('it can be installed now: tell the benchmarks how it is used')
  },
}

export const peers: readonly Peer[] = [
  onPostgres,
  pgByHand,
  emmett,
  act,
  inFile,
  sqliteByHand,
  emmettInFile,
  python,
  boundless,
  inMemory,
  castore,
]
