/**
 * `npm run watch`: checks the lesson whose file was saved, at each save. Keys do the rest; piped, they are letters on stdin.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Checked, check, currentLesson } from '../checkpoints/check'
import { courseOnDisk } from '../checkpoints/course-on-disk'
import { type Lesson, lessons, openWorkspace, workspaceOf } from '../checkpoints/folders'
import { readProgress } from '../checkpoints/progress-file'
import type { Line } from '../course/report'
import { drawn, sentence, waiting } from './draw'
import { type FileWatch, watchFolder } from './watch-files'

const keys = 'c check again   h hint   n next lesson   r reset   q quit'

/** Gives the exit status: 0, or that of the last check if it was never passed. */
export async function main(argv: readonly string[]): Promise<number> {
  const all = lessons()
  const chosen = argv.length > 0 ? all.find(({ number }) => String(number) === argv[0]) : await currentLesson()
  if (!chosen) {
    console.error(sentence(`There is no lesson ${argv[0]}. Usage: npm run watch -- [1 to ${all.length}]`))
    return 2
  }
  const watch = new Watch(chosen)
  const over = watch.start()
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    for (const key of text) void watch.press(key)
  })
  if (process.stdin.isTTY) process.stdin.setRawMode(true)
  process.once('SIGINT', () => watch.quit()).once('SIGTERM', () => watch.quit())
  await over
  if (process.stdin.isTTY) process.stdin.setRawMode(false)
  process.stdin.destroy()
  return 0
}

class Watch {
  #lesson: Lesson
  #files: readonly FileWatch[] = []
  #last: Checked | undefined
  #level = 1
  /** The key that was pressed once, and must be pressed again. */
  #asked = ''
  #isChecking = false
  #isStale = false
  /** What was said during a check, whose result clears the screen. */
  #said: string[] = []
  #end: () => void = () => undefined

  constructor(lesson: Lesson) {
    this.#lesson = lesson
  }

  /** Resolves when the person has left. */
  start(): Promise<void> {
    void this.#open(this.#lesson)
    return new Promise((resolve) => {
      this.#end = resolve
    })
  }

  quit(): void {
    this.#closeFiles()
    this.#end()
  }

  async press(key: string): Promise<void> {
    const asked = this.#asked
    this.#asked = ''
    const { number } = this.#lesson
    if (key === 'q' || key === '\u0003' || key === '\u0004') return this.quit()
    if (key === 'c') return this.#check()
    if (key === 'h') return this.#hint()
    if (key === 'n') {
      const next = lessons().find((each) => each.number === number + 1)
      if (!next) return this.#say(`Lesson ${number} is the last one.`)
      if (this.#last?.verdict.outcome === 'passed' || asked === 'n') return this.#open(next)
      this.#asked = 'n'
      return this.#say(`Lesson ${number} is not passed yet. Press n again to go on all the same.`)
    }
    if (key === 'r') {
      if (asked === 'r') {
        this.#say(`What you had is in ${courseOnDisk(process.cwd()).reset(number)}/`)
        return this.#open(this.#lesson)
      }
      this.#asked = 'r'
      return this.#say(
        `Press r again to start ${nameOf(this.#lesson)}/ again. What you have is kept under another name.`,
      )
    }
    if (/\S/.test(key)) this.#say(`The keys are: ${keys}`)
  }

  async #open(lesson: Lesson): Promise<void> {
    this.#closeFiles()
    this.#lesson = lesson
    openWorkspace(lesson)
    this.#files = lessons().map((each) => watchFolder(workspaceOf(each), () => void this.#saved(each)))
    await this.#check()
  }

  /** Whose file is saved is where the learner is. */
  async #saved(lesson: Lesson): Promise<void> {
    if (!existsSync(workspaceOf(lesson))) return
    this.#lesson = lesson
    await this.#check()
  }

  #closeFiles(): void {
    for (const each of this.#files) each.close()
  }

  #say(text: string): void {
    if (this.#isChecking) this.#said.push(text)
    // The sign of the check is in this line.
    if (this.#isChecking && process.stdout.isTTY) process.stdout.write('\r\u001b[K')
    say(text)
  }

  /** One check at a time. What is saved meanwhile is checked after it. */
  async #check(): Promise<void> {
    this.#isStale = this.#isChecking
    if (this.#isChecking) return
    this.#isChecking = true
    this.#level = 1
    const lesson = this.#lesson
    const done = await waiting('checking', () => check(lesson, { from: 'watch' }), true, 'q leaves')
    this.#isChecking = false
    if (lesson === this.#lesson) {
      this.#last = done
      await this.#show(done)
    }
    if (this.#isStale || lesson !== this.#lesson) await this.#check()
  }

  async #show({ lines, verdict }: Checked): Promise<void> {
    if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[3J\u001b[H')
    say(await progressLine(this.#lesson))
    say('')
    if (verdict.outcome !== 'passed' && isUntouched(this.#lesson)) {
      const text = `This is supposed to fail: you have not written anything yet. ${reading(this.#lesson)} Change the files in ${nameOf(this.#lesson)}/, and save.`
      print([{ tone: 'heading', text }])
      say('')
    }
    print(lines)
    say('')
    print([{ tone: 'quiet', text: keys }])
    for (const text of this.#said.splice(0)) say(text)
  }

  async #hint(): Promise<void> {
    const course = courseOnDisk(process.cwd())
    const { number } = this.#lesson
    const known = (await course.progress())?.lesson(number)
    if (known?.hint === undefined) return this.#say('There is no hint on this.')
    this.#level = Math.min(this.#level + 1, 3)
    const { hint } = known
    await course.record((progress) => progress.takeHint(number, hint, this.#level))
    print([
      ...course.hint(number, hint, this.#level, 'watch'),
      { tone: 'plain', text: '' },
      { tone: 'quiet', text: keys },
    ])
  }
}

const nameOf = (lesson: Lesson): string => relative(process.cwd(), workspaceOf(lesson)) || '.'

/** Where the text is: this window shows what comes of it. */
const reading = ({ number, name }: Lesson): string =>
  `To read the lesson, type .lesson ${number} at the prompt of npm start, or open lessons/${name}/lesson.md.`

const say = (text: string): void => console.log(sentence(text))

function print(lines: readonly Line[]): void {
  console.log(drawn(lines))
}

/** `Lesson 3 of 7  [##>    ]  2 passed` */
async function progressLine({ number }: Lesson): Promise<string> {
  const progress = await readProgress()
  const all = lessons()
  const passed = all.filter((each) => progress?.lesson(each.number).passed)
  const signs = all.map((each) => (passed.includes(each) ? '#' : each.number === number ? '>' : '.')).join('')
  return `Lesson ${number} of ${all.length}  [${signs}]  ${passed.length} passed`
}

/** Whether the learner's files are those that the lesson starts from. */
function isUntouched(lesson: Lesson): boolean {
  const { folder } = openWorkspace(lesson)
  const start = join(lesson.folder, 'start')
  return readdirSync(start).every((name) => {
    try {
      return readFileSync(join(start, name), 'utf8') === readFileSync(join(folder, name), 'utf8')
    } catch {
      return false
    }
  })
}
