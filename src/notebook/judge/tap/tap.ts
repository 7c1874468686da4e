/** The real tap, where there is no Node. Loaded by who judges a learner's tests, and by nobody else. */
import { Assertions } from '@tapjs/asserts'
import * as tap from 'tap'
import { showFrames } from './call-sites'
import { type FindSourceMap, useSourceMaps } from './node/module'

/** @param findSourceMap by the name of a learner's file: tap tells places in the source */
export function tapOfPage(findSourceMap: FindSourceMap) {
  showFrames()
  useSourceMaps(findSourceMap)
  return { tap, Assertions }
}
