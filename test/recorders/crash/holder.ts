/** A process that records one event in a database, says so, and keeps it open: `node run.cjs holder.ts FILE`. */
import { sqlite } from 'dog-school/sqlite'
import { stored } from './stored'

async function main(): Promise<void> {
  const school = sqlite(process.argv[3] ?? '')
  await school.append([stored('fido', 1)])
  process.stdout.write('open\n')
  process.stdin.resume()
}

void main()
