/** The course at the prompt: reading, predicting, checking, hints, the solution; and `school` becomes the learner's own. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lessons } from '../../src/checkpoints/folders'
import { sit } from './sitting'

const home = join(t.testdir(), 'my-school')
process.env.DOG_SCHOOL_HOME = home
const solve = (number: number, part = 'solution') => {
  const { name, folder } = lessons()[number - 1] as { name: string; folder: string }
  cpSync(join(folder, part), join(home, name), { recursive: true })
  return join(home, name)
}

t.test('reading a lesson', async (t) => {
  const { shows, take, shell, end } = await sit({ width: 300 })
  t.match(await shows('.lessons'), /1 {2}Setting up the project +you are here\n/)
  t.match(await shows('.back'), /nothing before this/)
  const first = await shows('.lesson 3')
  t.match(
    first,
    /^Lesson 3 of \d+ · Implementing event sourcing\nYour files: .*3-implementing-event-sourcing\/ \(dog\.test\.ts,\s+dog\.ts\)/,
  )
  t.match(first, /They are copies of the course's own answer to lesson 2, yours to change\./)
  t.match(first, /\n\n {2}const fido = new Dog\('Fido'\)\n.*\n {2}fido\.tricks\n→ \[ 'roll over' \]\n1 of 6 · \.next$/)
  t.equal(await shows('fido.name'), "'Fido'", 'the cell ran in this session')

  t.match(await shows('.next'), /fido\.version$/, 'the value is not shown yet')
  t.match(shell.session.questions.newest, /What will it show\?/)
  t.equal(shell.session.prompt, '? ')
  t.match(await shows('3'), /^→ 2\nYou said 3\. .* what follows tells why\.\n2 of 6 · \.next$/)
  t.match(await shows('.next'), /^The answer is `2`: being registered/)
  const again = await shows('.back')
  t.match(again, /fido\.version\n→ 2\n2 of 6/, 'what was shown is shown again')
  t.notMatch(again, /What will/)
  await take('.next', '.next', '.next', '.next')
  t.match(await shows('.next'), /That was the text of lesson 3\. Now it is your turn/)
  const count = lessons().length
  t.match(await shows('.lesson 0'), new RegExp(`There is no lesson 0\\.\nThere are 1 to ${count}`))
  await end()
})

t.test('a prediction may be right, or be left out', async (t) => {
  const { shows, take, end } = await sit({ width: 300 })
  await take('.lesson 4')
  await take('.next')
  t.match(await shows('["roll over"'), '`["roll over"` is not a value: a bracket or a quote is missing')
  t.match(await shows('["roll over"]'), /^→ \[ 'roll over' \]\nYou were right: /, 'quotes are no matter')
  await take('.lesson 4', '.next')
  t.match(await shows(''), /^→ \[ 'roll over' \]\n2 of/)
  t.match(await shows('.progress'), /1 of 2 predictions were right\./)
  await end()
})

t.test('a command at the question leaves it asked', async (t) => {
  const { shows, take, shell, end } = await sit({ width: 300 })
  await take('.lesson 5', '.next', '.next')
  const events = await shell.session.recorder.maxNotificationId()
  t.equal(shell.session.prompt, '? ')
  for (const command of ['.next', '.dogs', '.help', '.nonsense', '.next']) await take(command)
  t.equal(shell.session.prompt, '? ')
  t.match(await shows('.back'), /2 of \d+/)
  t.equal(shell.session.prompt, 'lesson> ', 'it is not asked about another piece')
  t.equal(await shows('1 + 1'), '2')
  t.match(await shows('.next'), /tricks$/)
  t.equal(shell.session.prompt, '? ')
  t.equal(await shell.session.recorder.maxNotificationId(), events, 'nothing has run twice')
  t.match(await shows('roll over'), /You were right/)
  await take('.lesson 3', '.next')
  t.equal(shell.session.prompt, '? ')
  t.match(await shows('.lesson 2'), /Lesson 2/)
  t.equal(shell.session.prompt, '> ')
  await end()
})

t.test('the dogs of a lesson do not come between those of the learner', async (t) => {
  const { shows, take, shell, end } = await sit({ width: 300 })
  await take("const mine = await school.registerDog('Fido')")
  const { recorder } = shell.session
  t.match(
    await shows('.lesson 6'),
    /`school` is on an empty store in memory\. .*\n\n {2}\w/,
    'with a line between this and the code',
  )
  t.equal(shell.session.prompt, 'lesson> ')
  t.match(await take('.dogs'), { rows: [{ name: 'Fido' }, { name: 'Buster' }] }, 'one can go on with them')
  await take("await school.registerDog('Rex')", '.fork')
  t.equal(shell.session.prompt, 'copy> ')
  await take('.fork end')
  t.equal(shell.session.recorder, recorder)
  await take('.lesson 6', '.lesson 5')
  t.equal(shell.session.prompt, 'lesson> ')
  for (let i = 0; shell.session.prompt !== '> ' && i < 20; i++)
    await take(shell.session.questions.newest ? '' : '.next')
  t.equal(shell.session.recorder, recorder, 'behind the last cell one is back')
  t.match(await take('.dogs'), { rows: [{ name: 'Fido' }] })
  t.match(await shows('.at fido 1'), /fido at version 1 of 1/)
  t.match(await shows('await school.getDog(mine)'), /Fido/)
  await end()
})

t.test('a later sitting shows the piece again that was read last', async (t) => {
  const first = await sit({ width: 300 })
  await first.take('.lesson 7', 'false', '.next', '.next', '.next')
  await first.end()
  const { shows, take, shell, end } = await sit({ width: 300 })
  const again = await shows('.lesson')
  t.match(again, /Lesson 7 of \d+.*\nYour files.*process\.kill.*4 of 7 · \.next$/s, 'with the lines to be typed')
  t.notMatch(again, /const recorder/)
  t.match(
    await shows('.back'),
    /recorder\.query.*→ \[\n? *\[ 1, 'dogschool:Dog\.Registered'.*3 of 7/s,
    'what it needs has run',
  )
  t.match(await shows('.back'), /→ \{ name: 'Buster'.*2 of 7/s, 'and shows what it showed')
  const question = await shows('.back')
  t.match(question, /→ false.*1 of 7/s)
  t.notMatch(question, /What will/, 'which was answered')
  await take('.next', '.next', '.next', '.next')
  t.match(await shows('.lesson'), /5 of 7/, 'and so does this sitting')
  t.equal(shell.session.prompt, '> ')
  await end()
})

t.test('in a later sitting the cells before run on the store of the lesson; a guess is not asked twice', async (t) => {
  const first = await sit({ width: 300 })
  await first.take('.lesson 6', '.next', '.next')
  t.equal(first.shell.session.prompt, '? ')
  await first.end()
  const second = await sit({ width: 300 })
  t.match(
    await second.shows('.lesson'),
    /`school` is on an empty store in memory.*\n\n.*news\.map\(\(event\) => event\.version\)/,
  )
  t.equal(second.shell.session.prompt, '? ', 'it was not answered')
  t.match(await second.shows('[1, 1, 2, 2, 3]'), /→ \[ 1, 1, 2, 2, 3 \]\nYou were right/)
  await second.end()
  const third = await sit({ width: 300 })
  t.match(await third.shows('.lesson'), /→ \[ 1, 1, 2, 2, 3 \]\n3 of \d+ · \.next$/)
  t.equal(third.shell.session.prompt, 'lesson> ')
  t.match(await third.take('.dogs'), { rows: [{ name: 'Fido' }, { name: 'Buster' }] })
  await third.take('.lesson 3', '.lesson 4')
  t.match(await third.take('.dogs'), { rows: [] }, 'the own store has none of them')
  await third.end()
})

t.test('checking, hints, the solution, and beginning anew', async (t) => {
  const { shows, take, shell, end } = await sit({ width: 300 })
  await take('.lesson 3')
  t.match(
    await shows('.check'),
    /✗ Not true yet: He is an aggregate.*Hint 1 of 3.*More of it: \.hint.*check again: \.check/s,
  )
  t.match(await shows('.hint'), /^Hint 2 of 3\n.*`Aggregate`/)
  t.match(await shows('.hint'), /^Hint 3 of 3\n.*extends Aggregate/s)
  t.match(await shows('.hint'), /^Hint 3 of 3.*That is the last hint on this/s)
  t.match(await shows('.check'), /Hint 1 of 3/)
  t.match(await shows('.hint'), /^Hint 2 of 3/, 'it goes on from what was shown last')
  t.match(await shows('.check 2'), /Hint 1 of 3\n +The test calls/)
  t.match(await shows('.hint'), /^Hint 2 of 3\n +A method stands/, 'of the lesson that was judged last')
  t.match(
    await shows('.progress'),
    /2 {2}Making the test pass +open +1 +1\n +3 .* 2 +3\n/s,
    'the first level is not asked for',
  )
  await take('.lesson 3')
  t.match(await shows('.solution'), /You'll learn more by working it out/)
  t.match(shell.session.questions.newest, /Type yes/)
  t.match(await shows('no'), /Not shown/)
  await take('.solution')
  const difference = await shows('yes')
  t.match(difference, /^--- dog\.ts\s+yours\n\+\+\+ dog\.ts\s+solution\n/)
  t.match(difference, /\n-export class Dog \{\n.*\n\+@event\('Registered'\)\n\+export class Dog extends Aggregate \{/s)

  const folder = solve(3)
  t.match(await shows('.check'), /Passed\. That was lesson 3\.\nNext: \.next/)
  t.equal(await shows('.solution'), 'Your files are the same as the solution.')
  t.match(await shows('.hint'), /Lesson 3 is passed/)
  t.match(await shows('.next'), /call has three|^Lesson 4|version/, 'the text goes on')

  await take('.reset 3')
  t.equal(await shows('no'), 'Nothing was changed.')
  await take('.reset 3')
  t.match(await shows('y'), /^What you had is in .*until-\d{4}-\d\d-\d\dT.*as it was at the start\.$/)
  t.notMatch(readFileSync(join(folder, 'dog.ts'), 'utf8'), /event/)
  t.equal(readdirSync(home).filter((name) => name.startsWith('3-')).length, 2)
  t.match(await shows('.lessons'), /1 .*you are here\n.*3 {2}Implementing event sourcing +passed\n/s)
  t.match(await shows('.hint'), /passed|first: \.check/)
  await end()
})

t.test('a question that comes between does not drop the one before', async (t) => {
  const { shows, take, shell, end } = await sit({ width: 300 })
  await take('.lesson 4', '.next', '.solution', '.solution')
  t.match(shell.session.questions.newest, /Type yes/)
  t.match(await shows('no'), /Not shown/)
  t.match(shell.session.questions.newest, /What will it show\?/)
  t.match(await shows('[ROLL OVER]'), /^→ \[ 'roll over' \]\nYou were right/)
  t.equal(shell.session.questions.newest, undefined)
  await end()
})

t.test('one goes on with the lesson that one has opened, until it passes', async (t) => {
  const { shows, take, end } = await sit({ width: 300 })
  for (let number = 1; number <= lessons().length; number++) solve(number)
  await take('.check 1', '.check 2', '.lesson 2')
  t.match(await shows('.lessons'), /1 .* passed\n +2 .* passed, you are here\n(?!.*you are here)/s)
  await end()
  const later = await sit({ width: 300 })
  t.match(await later.shows('.lesson'), /^Lesson 2 of/, 'also in a later session')
  await later.take('.lesson 3', '.check')
  t.match(await later.shows('.lesson'), /^Lesson 4 of/)
  await later.end()
})

t.test("school is the learner's own as soon as it has passed, and follows each edit", async (t) => {
  const { shows, take, end } = await sit({ width: 300 })
  const folder = solve(5)
  const school = readFileSync(join(folder, 'dog-school.ts'), 'utf8')
  writeFileSync(join(folder, 'dog-school.ts'), school.replace(/\}\s*$/, '  motto() {\n    return "sit"\n  }\n}\n'))
  t.match(await shows('school.motto()'), /motto is not a function/)
  const id = "const id = await school.registerDog('Fido')"
  await take(id)
  t.match(
    await shows('.check 5'),
    /Passed\. That was lesson 5\..*`school` is yours: the DogSchool of .*5-implementing/s,
  )
  t.equal(await shows('school.motto()'), "'sit'")
  t.match(await shows('await school.getDog(id)'), /^\{ name: 'Fido', tricks: \[\] \}$/, 'it stands on the same events')
  t.match(await shows('.dogs'), /Fido/)

  writeFileSync(join(folder, 'dog-school.ts'), school.replace(/\}\s*$/, '  motto() {\n    return 42\n  }\n}\n'))
  t.match(await shows('school.motto()'), /`school` is yours.*\n42$/)
  writeFileSync(join(folder, 'dog-school.ts'), 'export class Dog {')
  t.match(await shows('school.motto()'), /cannot be loaded, so `school` stays\s+as it was: .*\n42$/s)
  t.equal(await shows('1'), '1', 'that is said once')
  await end()

  const next = await sit({ width: 300 })
  t.match(next.shell.session.about, { text: /cannot be loaded/ }, 'that is told at the beginning')
  writeFileSync(join(folder, 'dog-school.ts'), school)
  t.match(await next.shows('school.constructor.name'), /`school` is yours/)
  await next.end()
})
