/** The exports of `dog-school/testing`, for tests of what is built on this library, with any test runner. */

export { Consequence, Situation } from './testing/chain'
export { type ContractCase, type ContractOptions, recorderContract } from './testing/contract'
export { given } from './testing/given'
export type { ExpectedError } from './testing/outcome'
export type { SaidEvent } from './testing/said'
