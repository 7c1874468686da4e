/** The exports of `dog-school/testing`, for tests of what is built on this library, with any test runner. */
export { type ContractCase, recorderContract } from './testing/contract'
