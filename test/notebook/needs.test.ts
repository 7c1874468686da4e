/** What a cell waits for, by what is written in it. */
import t from 'tap'
import { needsOf } from '../../src/notebook/worker/needs'

const given = ['Dog', 'school', 'sqlite']
for (const [code, store, zod] of [
  ['class LazyDog { constructor(readonly name: string) {} }\nnew LazyDog("Fido").name', false, false],
  ['const oldschool = [1, 2]; oldschool', false, false],
  ['await school.registerDog("Fido")', true, false],
  ["Reflect.get({}, 'school')", true, false],
  ['// a school', true, false],
  ["import { Application } from 'dog-school'", true, true],
  ["const { school: mine } = (0, eval)('globalThis')", true, true],
  ['z.string().parse("Fido")', false, true],
  ['[..."azz"]', false, false],
] as const)
  t.strictSame(needsOf(code, given), { store, zod }, code)
