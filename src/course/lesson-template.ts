/** What a new lesson is laid out with: the form that a lesson has, and a TODO for each sentence that is to be written. */
import { folderName } from './proof'

/** @returns the texts by their paths in the lesson's folder; `start/` and `solution/` are the solution of the lesson before */
export function lessonTemplate(
  number: number,
  title: string,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const answer = `\`\`\`ts dog.ts\n${before.get('dog.ts') ?? ''}\`\`\`\n`
  return new Map([
    ['lesson.md', lesson(number, title, [...before.keys()])],
    ['checkpoint.test.ts', checkpoint],
    ['messages.md', messages(number)],
    ['hints/start.md', `${hint}${answer}`],
    ['right/another-style.md', `TODO: make of this a right answer in another style, and write two more.\n\n${answer}`],
    ...[...before].map(([name, text]) => [`start/${name}`, text] as const),
    ...[...before].map(([name, text]) => [`solution/${name}`, text] as const),
  ])
}

const lesson = (number: number, title: string, files: readonly string[]): string => `# ${number} · ${title}

TODO: say what the lesson before left open, and name the one new thing of this one.

\`\`\`ts
const fido = new Dog('Fido')
fido.name // → 'Fido'
\`\`\`

TODO: show the problem in cells like the one above, and say what the reader sees in them.

\`\`\`ts predict
fido.version // → ?
\`\`\`

The answer is \`1\`. TODO: say why. The answer stays at the beginning, in backticks.

## Your turn

In \`my-school/${folderName(number, title)}/\` you find ${files.map((name) => `\`${name}\``).join(' and ')}.
TODO: say what to write there.

\`\`\`sh
npm run checkpoint -- ${number}
\`\`\`

At first this is supposed to fail: TODO: say why.
`

const checkpoint = `/** TODO: say what is judged, in a sentence. */
import { judge } from '../../src/checkpoints/judging/judge'

judge(__dirname, async ({ load, check, expect }) => {
  const { Dog } = load('dog.ts')

  // TODO: ask for what the lesson teaches, so that start/ does not pass and solution/ does.
  await check('example', () => expect({ code: "new Dog('Fido').name", names: { Dog }, shows: 'Fido', hint: 'start' }))
})
`

const messages = (number: number): string => `The sentences of lesson ${number}, by the ids of its checks.

## start

start

## example

TODO: say what is true once this check has passed.
`

const hint = `## 1

TODO: ask a question, in 40 to 160 words: what has somebody overlooked who has not written anything yet?

## 2

TODO: point to the place, in 40 to 160 words. Speak only of what the reader has seen.

## 3

TODO: show the piece of code.

## Wrong answers

### The file as it was

TODO: make of this an answer that must get this hint. There are to be ten wrong answers in all, each with its own hint.

`
