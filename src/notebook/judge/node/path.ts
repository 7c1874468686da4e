/** In the place of `node:path`, for the paths of POSIX: they begin in the working directory of this process. */
import path from '@jspm/core/nodelibs/path'
import { process } from './process'

export const resolve = (...parts: string[]): string => path.resolve(process.cwd(), ...parts)
export const relative = (from: string, to: string): string => path.relative(resolve(from), resolve(to))
export const { basename, delimiter, dirname, extname, format, isAbsolute, join, normalize, parse, sep } = path

const own = { ...path, resolve, relative }
export const posix = own
export default own
