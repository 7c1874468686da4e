/**
 * The one table of commands: `.help`, completion and the documentation are made from it.
 *
 * To add a command: write `commands/<name>.ts` that exports a `Command` (see `command.ts`), and put it in the list
 * below, in the group in which a person would look for it. Answer with data (`session/reply.ts`), refuse by throwing a
 * `Refusal` that says what to do next. Whatever a command records is reported and remembered without its doing anything.
 */
import { at } from './at'
import { back } from './back'
import { boundary } from './boundary'
import { check } from './check'
import type { Command, Group } from './command'
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
import { lose } from './lose'
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

export const groups: readonly Group[] = [
  {
    name: 'course',
    about: 'the lessons, and your work on them',
    commands: [lessons, lesson, next, back, check, hint, solution, reset, progress],
  },
  {
    name: 'past',
    about: 'what happened, and what it changed',
    commands: [dogs, events, timeline, at, diff, step, why],
  },
  {
    name: 'copies',
    about: 'trying things out, without harm',
    commands: [dry, boundary, undo, fork, duel],
  },
  {
    name: 'store',
    about: 'the database',
    commands: [db, sql, save, open, crash, lose],
  },
  {
    name: 'session',
    about: 'types, files, errors, help',
    commands: [type, doc, types, load, exporting, error, helpOn(() => groups), exit],
  },
]

export const commands: readonly Command[] = groups.flatMap((group) => group.commands)

export const findCommand = (name: string): Command | undefined =>
  commands.find((each) => each.name === name || each.aliases?.includes(name))
