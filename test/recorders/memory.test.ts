/** The memory recorder keeps the contract of all recorders. */
import { MemoryRecorder } from 'dog-school'
import t from 'tap'
import { recorderContract } from '../contract/recorder'

recorderContract(t, () => new MemoryRecorder())
