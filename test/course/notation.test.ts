import t from 'tap'
import { isForeign } from '../../src/course/notation'

t.test('what other languages write is told from TypeScript', async (t) => {
  for (const code of [
    'export function openSchool(file: string) -> DogSchool {',
    'async addTrick(String dogId, String trick) {',
    'Dog dog = new Dog(name);',
    'def add_trick(self, trick):',
    'export DogSchool openSchool(String file) {',
  ])
    t.ok(isForeign({ code, mark: 0 }), code)
  for (const code of [
    'export async function openSchool(file: string): Promise<DogSchool> {',
    "import type { Dog } from './dog'",
    "for (const one of dogs) if ('name' in one) throw new Error(one.name)",
    'private readonly tricks: string[] = [] // String name',
    'const later = async (dog: Dog) => dog.name as string',
  ])
    t.notOk(isForeign({ code, mark: 0 }), code)
  const missing = "import { Aggregate Application } from 'dog-school'"
  t.notOk(isForeign({ code: missing, mark: missing.indexOf('Application') }), 'a comma is missing')
  t.notOk(isForeign(undefined))
})

t.test('a property without a name', async (t) => {
  const code = 'return { dog.name, tricks }'
  t.ok(isForeign({ code, mark: code.indexOf('.') }))
  t.notOk(isForeign({ code: 'return { name: dog.name }', mark: 0 }))
})
