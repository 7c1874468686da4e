/**
 * How far the learner is: an aggregate of the very library that the lessons teach, so that tomorrow it is still known.
 *
 * It decides nothing: whatever a learner does is right. But the same thing twice in a row is one event, where it says
 * nothing new (a lesson that is opened again, a hint that is read again).
 */
import { Aggregate, event } from '../index'

/** What is known of one lesson. */
export interface LessonProgress {
  readonly opened: boolean
  readonly passed: boolean
  /** How many pieces of its text were read, the first time through. */
  readonly read: number
  /** How many hints were asked for, over all. The first level of each comes unasked, with the verdict. */
  readonly hints: number
  /** How often its checkpoint said no. */
  readonly failures: number
  /** The hint of the last failure; undefined when it passed since, or where there was none. */
  readonly hint: string | undefined
  /** How many levels of that hint were shown since that failure, the first of them with it. */
  readonly level: number
}

const fresh: LessonProgress = {
  opened: false,
  passed: false,
  read: 0,
  hints: 0,
  failures: 0,
  hint: undefined,
  level: 0,
}

@event('Enrolled')
export class Progress extends Aggregate {
  static override readonly topic = 'course:Progress'
  /** There is one learner a folder. */
  static readonly id = 'learner'

  readonly lessons: Record<number, LessonProgress> = {}
  /** The lesson that was opened last, if it did not pass since. */
  chosen: number | undefined = undefined
  /** Whether they were right, by lesson and prediction: the last time counts. */
  readonly predictions: Record<string, boolean> = {}

  constructor() {
    super({ id: Progress.id })
  }

  lesson(number: number): LessonProgress {
    return this.lessons[number] ?? fresh
  }

  /** The lesson that the learner went to last, until it passes; otherwise the first that has not. */
  current(count: number): number {
    return this.chosen !== undefined && this.chosen <= count ? this.chosen : this.following(count)
  }
  /** The first lesson that is not passed; the last one when all are. */
  following(count: number): number {
    for (let number = 1; number <= count; number++) if (!this.lesson(number).passed) return number
    return count
  }

  open(lesson: number): void {
    if (!this.lesson(lesson).opened) this.lessonOpened(lesson)
  }
  goTo(lesson: number): void {
    this.open(lesson)
    if (this.chosen !== lesson) this.lessonChosen(lesson)
  }
  /** @param pieces of the text, up to here */
  readUpTo(lesson: number, pieces: number): void {
    if (this.lesson(lesson).read < pieces) this.textRead(lesson, pieces)
  }
  pass(lesson: number): void {
    if (!this.lesson(lesson).passed || this.chosen === lesson) this.checkpointPassed(lesson)
  }
  fail(lesson: number, hint: string): void {
    this.checkpointFailed(lesson, hint)
  }
  takeHint(lesson: number, hint: string, level: number): void {
    const known = this.lesson(lesson)
    if (known.hint !== hint || known.level < level) this.hintTaken(lesson, hint, level)
  }
  predict(lesson: number, prediction: string, right: boolean): void {
    this.predictionMade(lesson, prediction, right)
  }

  @event('LessonOpened')
  private lessonOpened(lesson: number): void {
    this.#set(lesson, { opened: true })
  }
  @event('LessonChosen')
  private lessonChosen(lesson: number): void {
    this.chosen = lesson
  }
  @event('TextRead')
  private textRead(lesson: number, pieces: number): void {
    this.#set(lesson, { read: pieces })
  }
  @event('CheckpointPassed')
  private checkpointPassed(lesson: number): void {
    this.#set(lesson, { passed: true, hint: undefined, level: 0 })
    if (this.chosen === lesson) this.chosen = undefined
  }
  @event('CheckpointFailed')
  private checkpointFailed(lesson: number, hint: string): void {
    const { failures } = this.lesson(lesson)
    this.#set(lesson, { failures: failures + 1, hint: hint || undefined, level: 1 })
  }
  @event('HintTaken')
  private hintTaken(lesson: number, hint: string, level: number): void {
    this.#set(lesson, { hint, level, hints: this.lesson(lesson).hints + (level > 1 ? 1 : 0) })
  }
  @event('PredictionMade')
  private predictionMade(lesson: number, prediction: string, right: boolean): void {
    this.predictions[`${lesson} ${prediction}`] = right
  }

  #set(lesson: number, change: Partial<LessonProgress>): void {
    this.lessons[lesson] = { ...this.lesson(lesson), ...change }
  }
}
