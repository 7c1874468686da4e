/** For Vite: what the lessons have the reader run, compiled when the page is built. */
import * as ts from 'typescript'
import type { Plugin } from 'vite'
import { lessons, textOf } from '../checkpoints/folders'
import { readNotebook } from '../course/notebook'
import { compiledCell } from './compiled-cell'
import { onPage } from './on-page'

const ID = 'virtual:lesson-cells'

export function lessonCells(): Plugin {
  return {
    name: 'lesson-cells',
    resolveId: (id) => (id === ID ? ID : undefined),
    load: (id) =>
      id === ID ? `export default new Map(JSON.parse(${JSON.stringify(JSON.stringify(cells()))}))` : undefined,
  }
}

/** Each with its text: that of a step, which is what runs at once. */
function cells() {
  const texts = lessons().map((lesson) => onPage(textOf(lesson, 'lesson.md')))
  const steps = texts.flatMap((text) => readNotebook(text).pieces).flatMap(({ cell }) => cell?.steps ?? [])
  return [...new Set(steps.map(({ code }) => code))].map((code) => [code, compiledCell(ts, code)])
}
