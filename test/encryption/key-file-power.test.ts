/** The power fails, or a step fails, wherever it may: no acknowledged key is lost, and nobody who was forgotten is back. */
import { SubjectKeys } from 'dog-school/encryption'
import { keyFile } from 'dog-school/key-file'
import t from 'tap'
import type { Survival } from '../recorders/crash/breakable'
import { VolatileDisk } from '../recorders/crash/volatile-disk'

const survivals = (['none', 'last', 'all'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)
interface Acknowledged {
  /** What was recorded, by person. */
  readonly hidden: Map<string, string>
  readonly forgotten: Set<string>
  /** People about whom something was under way: either answer is right. */
  readonly open: Set<string>
}

function wrongAfter(disk: VolatileDisk, { hidden, forgotten, open }: Acknowledged): string[] {
  const wrong: string[] = []
  const keys = new SubjectKeys(keyFile('school.keys', { disk }))
  for (const [person, text] of hidden) {
    let found: unknown
    try {
      found = keys.show(text, 'here')
    } catch (error) {
      wrong.push(`${person}: ${(error as Error).message}`)
      continue
    }
    if (forgotten.has(person) && found) wrong.push(`${person} is back`)
    if (!forgotten.has(person) && !open.has(person) && !found) wrong.push(`${person} is lost`)
  }
  // It can be gone on with.
  if (!keys.show(keys.hide({ a: 1 }, 'somebody new', 'x'), 'x')) wrong.push('it is broken')
  keys.close()
  return wrong
}

/** Works on although one step fails, and looks at what a failure of the power would leave before each later step. */
function run(failsAt: number): { steps: number; wrong: string[] } {
  const disk = new VolatileDisk()
  const known: Acknowledged = { hidden: new Map(), forgotten: new Set(), open: new Set() }
  const wrong: string[] = []
  const look = () => {
    const seen = new Set<string>()
    for (const survival of survivals) {
      const after = disk.afterFailure(survival)
      if (seen.has(after.contents)) continue
      seen.add(after.contents)
      for (const each of wrongAfter(after, known))
        wrong.push(`step ${failsAt} fails, power at ${disk.steps + 1} (${Object.values(survival)}): ${each}`)
    }
  }
  disk.failsAt = failsAt
  disk.beforeStep = () => {
    if (disk.steps >= failsAt || failsAt === Infinity) look()
  }
  const attempt = (person: string, work: () => void, done: () => void) => {
    known.open.add(person)
    try {
      work()
      done()
      known.open.delete(person)
    } catch (error) {
      // If the lock could not be removed, it is in the way.
      if (!['STORAGE', 'DATABASE_LOCKED'].includes((error as { code?: string }).code ?? '')) throw error
    }
  }
  for (const session of [1, 2]) {
    let keys: SubjectKeys | undefined
    attempt(
      'nobody',
      () => {
        keys = new SubjectKeys(keyFile('school.keys', { disk }))
      },
      () => {},
    )
    if (!keys) continue
    const all = keys
    const hide = (person: string) => {
      let text = ''
      attempt(
        person,
        () => {
          text = all.hide({ person }, person, 'here')
        },
        () => known.hidden.set(person, text),
      )
    }
    const forget = (person: string) =>
      attempt(
        person,
        () => all.forget(person),
        () => known.forgotten.add(person),
      )
    hide(`ann ${session}`)
    attempt(
      'bob',
      () => all.add('bob', 'cleo'),
      () => {},
    )
    hide('bob')
    forget(`ann ${session}`)
    hide(`dora ${session}`)
    if (session === 2) forget('bob')
    hide('cleo')
    attempt(
      'nobody',
      () => all.close(),
      () => {},
    )
  }
  look()
  return { steps: disk.steps, wrong }
}

t.test('the power fails at any step', async (t) => {
  const { steps, wrong } = run(Infinity)
  t.ok(steps > 40, `${steps} steps`)
  t.strictSame(wrong, [])
})

t.test('a step fails, and then the power at any later one', async (t) => {
  const { steps } = run(Infinity)
  for (let failsAt = 1; failsAt <= steps; failsAt++) {
    const { wrong } = run(failsAt)
    if (wrong.length > 0) t.strictSame(wrong.slice(0, 3), [])
  }
  t.pass(`${steps} steps`)
})
