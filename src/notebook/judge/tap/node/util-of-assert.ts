/** What `assert` takes of `node:util`, but for one thing: values are drawn as Node draws them today. */
import util from '@jspm/core/nodelibs/util'
import { inspect } from 'node-inspect-extracted'

export default { ...util, inspect }
