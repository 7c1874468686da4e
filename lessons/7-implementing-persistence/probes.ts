/** What finds out how a school keeps its events: files that were opened, asked, or opened again. */
import { type Application, MemoryRecorder } from 'dog-school'
import { SqliteRecorder, sqlite } from 'dog-school/sqlite'
import type { Schools } from '../../src/checkpoints/judging/watch-school'
import { summary } from '../../src/course/example'

/** What comes instead of a school that has the recorder which it is made with; undefined if it has it. */
export function otherRecorder(DogSchool: Schools): string | undefined {
  const recorder = new MemoryRecorder()
  try {
    const own = new DogSchool(recorder).recorder
    return own === recorder ? undefined : `a school with another recorder: ${kindOf(own)}`
  } catch (error) {
    return summary(error)
  }
}

/** What came instead of a school, or what keeps its events, in words. */
export function kindOf(it: unknown): string {
  if (it instanceof Promise) return 'a promise'
  if (it instanceof SqliteRecorder) return `sqlite('${it.file}')`
  if (typeof it === 'function') return `the class or function ${it.name}`
  if (typeof it === 'string') return `the text '${it}'`
  const { name = 'object' } = it instanceof Object ? it.constructor : {}
  return it instanceof Object ? `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}` : String(it)
}

/** Whether the file still has its rows when it has been opened again. */
export async function keepsWhatIsThere(open: (file: string) => Application): Promise<boolean> {
  try {
    const school = open('fido.db')
    await school.notificationLog.max().catch(() => undefined)
    await school.close()
  } catch {
    // The example shows what it throws.
  }
  return (await rowsOf('fido.db', 'SELECT originator_id FROM stored_events')).length > 0
}

/** Whether it throws already when it is to open a file that it has made before. */
export function refusesWhatIsThere(open: (file: string) => Application): boolean {
  try {
    void open('fido.db').close()
    return false
  } catch {
    return true
  }
}

/** What a file answers; nothing, if it is no database. */
export async function rowsOf(file: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const recorder = sqlite(file)
  try {
    return (await recorder.query(sql)).rows
  } catch {
    return []
  } finally {
    await recorder.close().catch(() => undefined)
  }
}

export const firstId = async (file: string): Promise<unknown> =>
  (await rowsOf(file, 'SELECT originator_id FROM stored_events'))[0]?.[0]

type School = Application & { registerDog(name: string): Promise<string>; getDog(id: string): Promise<unknown> }

/** Why the file is not there: everything stays in memory, or is kept under a name that nobody gave. */
export async function hintForNoFile(open: (file: string) => Application, file: string): Promise<string> {
  try {
    const school = open(file) as School
    if (school.recorder instanceof SqliteRecorder)
      return [undefined, ':memory:'].includes(school.recorder.file) ? 'in-memory' : 'other-file'
    const id = await school.registerDog('Fido')
    await school.close()
    const again = open(file) as School
    const isKept = await again.getDog(id).then(
      () => true,
      () => false,
    )
    await again.close()
    return isKept ? 'other-file' : 'in-memory'
  } catch {
    return 'in-memory'
  }
}
