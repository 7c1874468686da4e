/** A worker of the page that judges answers. What it loads finds it like Node. */
// Before code of anybody else is there.
import '../worker/alone'
import { beLikeNode } from './node/globals'

beLikeNode()
const { begin } = await import('./begin')

/** That there is an export tells the build that this is a module, which is waited for. */
export const begun = await begin()
