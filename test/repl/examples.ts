/** The example of a command, as `.help` shows it: it is typed, and shows what it says. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Command } from '../../src/repl/commands/command'
import { sit } from './sitting'

/** A command that asks the checker, which takes a second or two to start. */
export const readsTypes = (name: string): boolean => ['type', 'doc'].includes(name)

/** A command that shows something on a PostgreSQL server only. */
export const needsServer = (name: string): boolean => name === 'lose'

/** The dogs that all examples are about. */
export const theDogs = [
  "const fido = await school.registerDog('Fido')",
  "await school.addTrick(fido, 'roll over')",
  "await school.addTrick(fido, 'play dead')",
  "await school.registerDog('Buster')",
]

/** What must have been typed before, where the dogs alone are not enough. */
const before: Readonly<Record<string, readonly string[]>> = {
  next: ['.lesson 3'],
  back: ['.lesson 3', '.next', '1'],
  lesson: ['.lesson 3'],
  check: ['.lesson 2'],
  hint: ['.lesson 2', '.check'],
  progress: ['.lesson 3', '.next', '2'],
  error: ["throw new Error('no balls here')"],
  open: ['.save copy.db'],
}

export async function showsItsExample(t: Test, { name, example }: Command): Promise<void> {
  await t.test(example.type, async (t) => {
    const folder = mkdtempSync(join(t.testdir(), 'files-'))
    writeFileSync(join(folder, 'trick.ts'), "await school.addTrick(idOf('fido'), 'sit')")
    const { shows, take, shell, end } = await sit({ db: name === 'crash' ? join(folder, 'dogs.db') : ':memory:' })
    Object.assign(shell.session.world, { resolve: (file: string) => join(folder, file) })
    await take(...theDogs, ...(before[name] ?? []))
    t.match(await shows(example.type), patternOf(example.shows))
    const [first = '', ...others] = example.shows.split('\n')
    t.ok(!first.includes('…') && others.every((line) => !line.includes('…') || line === '…'), 'it has no holes')
    t.ok(
      `> ${example.type}\n${example.shows}`.split('\n').every((line) => line.length <= 80),
      'it fits a terminal',
    )
    await end()
  })
}

/** `…` is anything, and ids, times and the names of files differ: long ones move the line ends. */
export function patternOf(shows: string): RegExp {
  const parts = shows
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '\\s+'))
    .map((part) => part.replace(/\d{4}-\d\d-\d\d\\s\+[\d:]+/g, '[\\d-]+\\s[\\d:]+'))
    .map((part) => part.replace(/\b(?=[a-f]*\d)[0-9a-f]{4,}\b/g, '[0-9a-f]+'))
    .map((part) => part.replace(/(?<=(of|after)\\s\+)\d+/g, '\\d+'))
    .map((part) => part.replace(/[\w./\\-]*(\/[\w-]+|\\\.db)\b/g, '\\S*'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
