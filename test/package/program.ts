/** The README's program, and what it says that it prints. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packed'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** As it stands there: an ES module. */
export const program = /(?<=^```ts\n)import .*?(?=^```$)/ms.exec(readme)?.[0] ?? ''

const [imports = '', body = ''] = program.split(/\n\n(?=@event)/)

/** The same for those who have no `await` outside of a function. */
export const wrapped = `${imports}\nasync function main() {\n${body}\n}\nmain().catch((error) => {\n  console.error(error)\n  process.exitCode = 1\n})\n`

/** Everything that it prints. */
export const prints = `${/(?<=console\.log\(loaded.*\/\/ ).*/.exec(program)?.[0]}
1 application:Dog.Registered { name: 'Fido' }
2 application:Dog.TrickAdded { trick: 'roll over' }
`
