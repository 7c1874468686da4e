/** What came of several rounds, for a person. */
import type { Report } from './campaign'

export interface Together extends Omit<Report, 'seed'> {
  readonly rounds: number
}

export function together(reports: readonly Report[]): Together {
  const sum = (of: (report: Report) => number) => reports.reduce((all, report) => all + of(report), 0)
  return {
    rounds: reports.length,
    faults: sums(reports.map(({ faults }) => faults)),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    refused: sums(reports.map(({ refused }) => refused)),
    unknown: sum(({ unknown }) => unknown),
    events: sum(({ events }) => events),
    seen: sum(({ seen }) => seen),
    longest: Math.max(0, ...reports.map(({ longest }) => longest)),
    failures: reports.flatMap(({ seed, failures }) => failures.map((each) => `seed ${seed}: ${each}`)),
  }
}

function sums(several: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const counts of several) for (const [name, many] of Object.entries(counts)) all[name] = (all[name] ?? 0) + many
  return all
}

const count = (number: number) => number.toLocaleString('en')
const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, many]) => `${name} ${count(many)}`)
    .join(', ') || 'none'

export function inWords(place: string, { rounds, failures, ...report }: Together): string {
  const { faults, acknowledged, refused, unknown, events, seen, longest } = report
  return [
    `${place}: ${count(rounds)} rounds`,
    `  faults: ${list(faults)}`,
    `  saves acknowledged: ${count(acknowledged)}; with an unknown outcome: ${count(unknown)}; refused: ${list(refused)}`,
    `  events recorded: ${count(events)}; seen by followers: ${count(seen)}`,
    `  longest save that was acknowledged: ${count(longest)} ms`,
    failures.length === 0
      ? '  every promise was kept'
      : `  BROKEN:\n${failures.map((each) => `    ${each}`).join('\n')}`,
  ].join('\n')
}
