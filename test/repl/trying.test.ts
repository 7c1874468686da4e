/** Trying without harm: the true store is never touched, and one always comes back to it. */
import { join } from 'node:path'
import t from 'tap'
import { sit } from './sitting'

t.test('copies', async (t) => {
  const sitting = await sit()
  const { shows, take, shell } = sitting
  const { session } = shell
  const truth = session.recorder
  const count = () => truth.maxNotificationId()
  await take(
    "const fido = await school.registerDog('Fido')",
    "await school.addTrick(fido, 'roll over')",
    'const held = school',
  )

  await t.test('.dry shows and records nothing', async (t) => {
    t.match(
      await shows("await school.addTrick(fido, 'sit')", ".dry await school.addTrick(fido, 'dance')"),
      /^\+1 TrickAdded · fido v4\nThat was on a copy/,
    )
    t.equal(await count(), 3)
    t.equal(session.recorder, truth)
    t.match(await shows('await school.getDog(fido)'), /\[ 'roll over', 'sit' \]/)
  })
  await t.test('.dry of what throws comes back as well', async (t) => {
    t.match(await shows(".dry throw new Error('no')"), /Error: no/)
    t.equal(session.recorder, truth)
  })
  await t.test('a school that was held from before cannot record while a copy is tried', async (t) => {
    t.match(await shows(".dry await held.addTrick(fido, 'secretly')"), /another store.*nothing was recorded/s)
    t.equal(await count(), 3)
  })
  await t.test('.fork and back', async (t) => {
    t.match(await shows('.fork'), /on a copy now/)
    t.equal(session.prompt, 'copy> ')
    t.match(await shows("await school.addTrick(fido, 'forked')"), /fido v4/)
    t.match(await shows('.fork end'), /^Back on :memory:/)
    t.equal(session.prompt, '> ')
    t.equal(await count(), 3)
    t.match(await shows('.fork end'), /true store already/)
    t.match(await shows('.fork off'), /takes nothing, or end/)
  })
  await t.test('.undo is a copy without the last line, and again without the one before', async (t) => {
    t.match(
      await shows('.undo'),
      /never forgets.*without the event that this line recorded:\s`await school.addTrick\(fido, 'sit'\)`/s,
    )
    t.match(await shows('await school.getDog(fido)'), /\[ 'roll over' \]/)
    t.match(
      await shows('.undo'),
      /This copy is without the event that this line recorded:\s`await school.addTrick\(fido, 'roll over'\)`/,
    )
    t.match(await shows('await school.getDog(fido)'), /tricks: \[\]/)
    await take('.undo')
    t.match(await shows('.undo'), /^No other line of this session has recorded anything/)
    await take("await school.registerDog('Rex')", '.fork end')
    t.match(await shows('await school.getDog(fido)'), /\[ 'roll over', 'sit' \]/)
    t.equal(await count(), 3)
  })
  await t.test('.duel has one winner, one loser who tries again, and leaves nothing', async (t) => {
    t.match(
      await shows('.duel fido'),
      /Writer 1 is first: version 4.*Writer 2 is too late\. VersionConflictError.*version 5 is\s+recorded.*nothing was recorded/s,
    )
    t.equal(await count(), 3)
  })
  await sitting.end()

  const empty = await sit()
  t.match(await empty.shows('.undo'), /No line of this session has recorded anything/)
  t.match(await empty.shows('.duel'), /Writer 1 is first: version 2/)
  t.match(await empty.shows('.dry'), /Which expression\?/)
  await empty.end()
})

t.test('a promise that a line does not wait for is named', async (t) => {
  const { shows, end } = await sit({ width: 100 })
  await shows(
    "const fido = await school.registerDog('Fido'); const slow = () => new Promise((done) => setTimeout(done))",
  )
  t.match(
    await shows("school.addTrick(fido, 'sit')\n'said'"),
    /^'said'\nLine 1 returns a promise that nobody waits for: put `await` in front of it\.$/m,
  )
  t.match(
    await shows('slow()\nslow()\nslow()\n1'),
    'Lines 1, 2 and 3 return promises that nobody waits for: put `await` in front of them.',
  )
  t.match(
    await shows("['sit', 'beg'].forEach(async (trick) => {\n  await school.addTrick(fido, trick)\n})"),
    /^Line 1: `forEach` waits for no promise; a `for \(… of …\)` with `await` in it does\.$/m,
  )
  await end()
})

t.test('what a line has begun is told with that line, though it has not waited for it', async (t) => {
  for (const db of [':memory:', join(t.testdir(), 'dogs.db')]) {
    const { shows, end } = await sit({ db, width: 100 })
    await shows("const fido = await school.registerDog('Fido')")
    for (const [at, line] of [
      "school.addTrick(fido, 'sit')\n1",
      "school.addTrick(fido, 'beg')",
      "const jumps = school.addTrick(fido, 'jump')",
      "['roll'].forEach(async (trick) => {\n  await school.addTrick(fido, trick)\n})",
      "school.addTrick(fido, 'dance')\nthrow new Error('no')",
    ].entries())
      t.match(await shows(line), `+1 TrickAdded · fido v${at + 2}`, `${db}: ${line}`)
    await shows('const slow = () => new Promise(() => {})')
    t.match(await shows("slow()\n'goes on'"), /^'goes on'\nLine 1/, 'it waits for nothing that takes time')
    await end()
  }
})
