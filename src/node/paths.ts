/** Where this installation is, and where the learner's work is. */
import { join } from 'node:path'

/** The folder that the README is in. */
export const kit = join(__dirname, '..', '..')
/** What Node has to load first, to run TypeScript. */
export const register = join(__dirname, 'register.cjs')
/** What loads TypeScript sooner than a `require` does. */
export const typescript = join(__dirname, 'typescript.cjs')
/** Runs a TypeScript file: for processes of their own. */
export const run = join(__dirname, 'run.cjs')
/** A flag for a process that ends soon: much of its time would go into making SQLite's code faster. */
export const shortLived = '--liftoff-only'
/** For what can be made again at any time. */
export const cache = join(kit, 'node_modules', '.cache', 'dog-school')
/** The folder that the lessons are in. */
export const lessonsFolder = (): string => process.env.DOG_SCHOOL_LESSONS || join(kit, 'lessons')
/** The folder that the learner's copies are in: that of the clone, from wherever the command was given. */
export const mySchool = (): string => process.env.DOG_SCHOOL_HOME || join(kit, 'my-school')
