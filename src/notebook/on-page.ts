/** The lessons are written for the terminal. What is said of it alone, is said otherwise on a page. */

/** What a lesson.md says, and what the page says instead. A heading stands for its whole section. */
export const instead: Readonly<Record<number, readonly (readonly [said: string, onPage: string])[]>> = {
  1: [
    [
      'At the prompt, `.next` shows a lesson piece by piece, and runs its code.',
      'Their code runs where it stands, as it is or as you edit it.',
    ],
  ],
  5: [
    [
      'Between these calls the school keeps no dog, only events.',
      `Between these calls the school keeps no dog, only events. They are in the log beside the cells, and its slider goes
back to each of them.`,
    ],
    [
      'all of them, or none if something fails.',
      `all of them, or none if something fails.

The view below the log counts each dog's tricks. Press its "Stop", run the next cell, and see it lag behind; then press
"Follow".`,
    ],
    [
      '`.dry` shows what a line would do, on a copy.',
      'A cell that runs again takes nothing back: it begins another **timeline**, with a log of its own.',
    ],
  ],
  6: [
    ['`.duel` shows it in slow motion.', 'The log shows who won: it has `sit`, and no `beg`.'],
    ['yours stay in the folder of lesson 5', 'yours stay in lesson 5'],
  ],
  7: [
    [
      '## Pull the plug',
      `## Pull the plug

\`:memory:\` is a database that ends with the page. \`school\` has a file, a database in this browser's storage, and says
that the events are on the disk once \`save\` is over. Let us not take its word.

\`\`\`ts
const rex = await school.registerDog('Rex')
await school.addTrick(rex, 'play dead')
await school.getDog(rex) // → { name: 'Rex', tricks: [ 'play dead' ] }
\`\`\`

Run it. Then press "Edit" at this cell, and add a long piece of work below its last line.

\`\`\`text
for (let n = 1; n <= 20_000; n++) await school.addTrick(rex, \`trick \${n}\`)
\`\`\`

Run it again, and while it runs, close this tab, or kill the browser as \`kill -9\` does, with no time to close anything.
Then come back to this address. Whoever was teaching Rex is gone, and the log of this page has been read from the
file: it ends with the last trick that was saved, and none before it is missing. "Stop" loses nothing either: what the
cell has saved by then is on a timeline of its own.`,
    ],
    [
      '## One more aggregate',
      `## Take it with you

The file can leave the browser. In the menu "Save & share" at the top of the log, "Save the database" hands it to you. Every program
that reads SQLite can read it, such as this one in a terminal.

\`\`\`sh
sqlite3 dog-school-7.db 'SELECT rowid, topic FROM stored_events'
\`\`\`

"Bring a database in" is the way back. And "Copy a link" puts into an address all that you ran and all that it showed, and
the files of your exercise if there is room: whoever opens it sees what you see.`,
    ],
    [
      'As soon as this lesson passes, the school is yours. `src/README.md` shows what else the library does: a **projection**,\nor view, that answers "who can roll over?" (`.doc Projection`);',
      `As soon as this lesson passes, the school is yours: "Download the exercises" in the same menu hands you its files. The
library does more than we needed: **projections**, or views, like the one below the log, that answer "who can roll over?";`,
    ],
  ],
}

/** The text of a lesson, as the page says it. */
export function onPage(text: string): string {
  const [, number] = /^# (\d+) /.exec(text) ?? []
  return (instead[Number(number)] ?? []).reduce((all, [said, then]) => all.replace(whole(said), () => then), text)
}

const whole = (said: string): string | RegExp =>
  said.startsWith('## ') ? new RegExp(`^${said}\\n.*?(?=\\n\\n## )`, 'ms') : said
