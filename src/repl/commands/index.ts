/**
 * The one table of commands: `.help`, completion and the documentation are made from it.
 *
 * To add a command: write `commands/<name>.ts` that exports a `Command` (see `command.ts`), and put it in the list
 * below, in the group that a person would look for it. Answer with data (`answer.ts`), refuse by throwing a
 * `Refusal` that says what to do next. Whatever a command records is told and remembered without its doing.
 */
import { at } from './at'
import { back } from './back'
import { check } from './check'
import type { Command, Groups } from './command'
import { crash } from './crash'
import { db } from './db'
import { diff } from './diff'
import { doc } from './doc'
import { dogs } from './dogs'
import { dry } from './dry'
import { duel } from './duel'
import { error } from './error'
import { events } from './events'
import { exit } from './exit'
import { exporting } from './export'
import { fork } from './fork'
import { helpOn } from './help'
import { hint } from './hint'
import { lesson } from './lesson'
import { lessons } from './lessons'
import { load } from './load'
import { next } from './next'
import { open } from './open'
import { progress } from './progress'
import { reset } from './reset'
import { save } from './save'
import { solution } from './solution'
import { sql } from './sql'
import { step } from './step'
import { timeline } from './timeline'
import { type } from './type'
import { types } from './types'
import { undo } from './undo'
import { why } from './why'

export const groups: Groups = {
  'The course': [lessons, lesson, next, back, check, hint, solution, reset, progress],
  'What happened': [dogs, events, timeline, at, diff, step, why],
  'Trying without harm': [dry, undo, fork, duel],
  'The store': [db, sql, save, open, crash],
  'The session': [type, doc, types, load, exporting, error, helpOn(() => groups), exit],
}

export const commands: readonly Command[] = Object.values(groups).flat()

export const findCommand = (name: string): Command | undefined =>
  commands.find((each) => each.name === name || each.aliases?.includes(name))
