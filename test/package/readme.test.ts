/** The README's program in each tool: it prints what it says, or the library says what to write, or the tool cannot parse it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { unless } from './building'
import { builds } from './builds'
import { moreBuilds } from './more-builds'
import { installed } from './packed'
import { prints, wrapped } from './program'
import { remedy, started } from './started'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const folder = mkdtempSync(join(tmpdir(), 'dog-school-readme-'))
t.teardown(() => rmSync(folder, { recursive: true }))
t.setTimeout(1_800_000)
installed(folder)

t.test('the program of the README', async (t) => {
  const { DOG_SCHOOL_BUILDS: picked = '' } = process.env
  const chosen = isLong || picked ? [...builds, ...moreBuilds] : builds
  for (const build of chosen.filter(({ name }) => name.includes(picked))) {
    const wanted = build.readme ?? build.short
    const place = join(folder, build.name.replace(/\W+/g, '-'))
    const [from, out] = [join(place, 'src'), join(place, 'out')]
    mkdirSync(from, { recursive: true })
    mkdirSync(out)
    writeFileSync(join(from, 'program.ts'), wrapped)
    const made = await build.make({ from, out }).catch((failed: unknown) => ({ failed }))
    const failed = 'failed' in made ? made.failed : undefined
    await t.test(`${build.name}: ${wanted}`, unless(failed), async (t) => {
      const said = 'failed' in made ? { out: '', error: String(failed) } : await started(place, made)
      if (wanted === 'works') {
        // Bun and Deno show objects in their own ways.
        t.equal(said.out.replaceAll('"', "'").replace(/\{\s+(.*?),?\s+\}/gs, '{ $1 }'), prints)
        t.equal(said.error, undefined)
        return
      }
      t.match(said.error, wanted === 'refuses' ? remedy : /SyntaxError/)
      const written = readdirSync(place).filter((name) => name.startsWith('kennel.db'))
      t.notMatch(written.map((name) => readFileSync(join(place, name), 'latin1')).join(''), /Registered|Fido/)
    })
  }
})
