/** The page: a bar with the lessons, the lesson, and the log beside it. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Notebook } from '../../course/notebook'
import { currentOf } from '../history'
import { lessons } from '../lessons'
import { withOpened } from '../opened-log'
import { stopIn, stoppedAt } from '../stops'
import { Beside } from './beside/beside'
import { lanesOf } from './beside/lanes'
import { sourceOf } from './beside/log-words'
import { Cell } from './cells/cell'
import { cellState, codesBefore, readable } from './cells/cell-state'
import { type Slid, useSlid } from './cells/slid'
import { useAddress, useLinksWithin } from './common/address'
import { useEscape } from './common/escape'
import { Prose } from './common/prose'
import { Actions } from './keep/actions'
import type { LessonKeeper } from './keep/lesson-keeper'
import { KeepMenu } from './keep/menu'
import { KeepNotices } from './keep/notices'
import { TakeHome } from './keep/take-home'
import { comeBack } from './place'
import { hasClasses } from './play/kept-sights'
import { usePassed } from './turn/passed'
import { isTask, taskOnPage } from './turn/task'
import { Turn } from './turn/turn'
import type { Visit } from './visit/visit'
import type { State } from './visit/visit-state'

interface AppProperties {
  readonly visit: Visit
  readonly keeper: LessonKeeper
}

export function App({ visit, keeper }: AppProperties) {
  const { lesson: number, link } = useAddress()
  const lesson = lessons.find((each) => each.number === number)
  useLinksWithin()
  const [state, setState] = useState(visit.state)
  const [kept, setKept] = useState(keeper.state)
  const isFirst = useRef(true)
  // Before the lesson is drawn: what the cells of another one showed is not theirs.
  useLayoutEffect(() => {
    visit.hear = setState
    keeper.hear = setKept
    keeper.open(lesson, link)
    document.title = lesson ? `${number} · ${lesson.title} – Dog School` : 'Dog School'
    comeBack()
    if (!isFirst.current) document.getElementById('lesson')?.focus({ preventScroll: true })
    isFirst.current = false
  }, [visit, keeper, number, lesson, link])
  useEscape(() => visit.stop())
  const { history, seen, broken } = state
  const slid = useSlid(history, (log) => visit.remember((history) => withOpened(history, log)))
  const lanes = useMemo(() => lanesOf(history, slid.opened), [history.timelines, slid.opened])
  const look = useCallback<Visit['look']>((call) => visit.look(call), [visit])
  const say = (news: string) => keeper.say(news)
  const cells = lesson ? namesOfCells(lesson) : new Map<number, string>()
  return (
    <>
      <a class="skip" href="#lesson">
        Skip to the lesson
      </a>
      <Lessons current={number} passed={usePassed()} />
      <div class="page">
        <main id="lesson" tabIndex={-1}>
          {broken !== undefined && <Broken why={broken} />}
          {lesson && <KeepNotices state={kept} keeper={keeper} />}
          {lesson ? (
            <Lesson lesson={lesson} cells={cells} state={state} visit={visit} keeper={keeper} slid={slid} />
          ) : (
            <p class="loading">
              There is no lesson {number}. There are 1 to {lessons.length}.
            </p>
          )}
        </main>
        <Beside
          slid={slid}
          seen={slid.opened ? Number.POSITIVE_INFINITY : seen}
          cellName={(piece) => cells.get(piece) ?? sourceOf(currentOf(history).before)}
          look={look}
          stopped={stopIn(history, slid.log[0]?.store)}
          stopView={(store, position) => visit.remember((history) => stoppedAt(history, store, position))}
          lanes={lanes}
          current={history.current}
          goTo={(timeline) => visit.backTo(timeline)}
          cut={currentOf(history).runs.find(({ outcome }) => outcome?.isCut)?.piece}
          hasClasses={hasClasses(currentOf(history), lesson?.pieces ?? [])}
          isStored={keeper.keep?.storeOf(history.current) !== undefined}
          readBack={() => void new Actions(keeper).readBack().then(say, ({ message }: Error) => say(message))}
          isReadOnly={state.isReadOnly}
          lesson={number}
          menu={lesson && <KeepMenu keeper={keeper} history={history} log={slid.opened} />}
        />
      </div>
    </>
  )
}

/** `cell 1` is the first piece that has one. */
function namesOfCells({ pieces }: Notebook): Map<number, string> {
  const withCells = [...pieces.entries()].filter(([, { cell }]) => cell)
  return new Map(withCells.map(([piece], at) => [piece, `cell ${at + 1}`]))
}

const Lessons = ({ current, passed }: { readonly current: number; readonly passed: ReadonlySet<number> }) => (
  <header>
    <p class="brand">Dog School</p>
    <nav aria-label="Lessons">
      <ol>
        {lessons.map(({ number, title }) => (
          <li key={number}>
            <a href={`#${number}`} title={title} {...(number === current && { 'aria-current': 'page' })}>
              <span class="number">{number}</span>
              {passed.has(number) && (
                <span class="passed" aria-hidden="true">
                  ✓
                </span>
              )}
              <span class="title"> {title}</span>
              {passed.has(number) && <span class="hidden"> (passed)</span>}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  </header>
)

interface LessonProperties {
  readonly lesson: Notebook
  readonly cells: ReadonlyMap<number, string>
  readonly state: State
  readonly visit: Visit
  readonly keeper: LessonKeeper
  readonly slid: Slid
}

function Lesson({ lesson, cells, state, visit, keeper, slid }: LessonProperties) {
  const next = lessons.find(({ number }) => number === lesson.number + 1)
  const pieces = readable(state, lesson.pieces)
  return (
    <>
      <h1>
        <span class="eyebrow">
          Lesson {lesson.number} of {lessons.length}
        </span>
        <span class="hidden">: </span>
        {lesson.title}
      </h1>
      {pieces.map(({ prose, cell }, piece) => (
        <div key={`${lesson.number} ${piece}`} class="piece">
          <Prose markdown={isTask(prose) ? taskOnPage(prose) : prose} />
          {isTask(prose) && <Turn key={lesson.number} lesson={lesson.number} />}
          {cell && (
            <Cell
              name={cells.get(piece) as string}
              code={cell.text}
              isPrediction={cell.isPrediction}
              before={codesBefore(state, lesson.pieces, piece)}
              state={cellState(state, piece)}
              busy={state.hasStarted ? 'running…' : 'starting…'}
              isIdle={state.busy.size === 0}
              inLog={slid.log[0]?.store}
              moment={slid.later.get(piece)}
              run={() => {
                slid.toEnd()
                visit.run(piece)
              }}
              stop={() => visit.stop()}
              edit={(code) => visit.edit(piece, code)}
              answer={(guess) => {
                slid.toEnd()
                visit.answer(piece, guess)
              }}
            />
          )}
        </div>
      ))}
      {pieces.length < lesson.pieces.length && (
        <p class="later">
          The lesson goes on after your guess.{' '}
          {cellState(state, pieces.length - 1).asks
            ? '“Show me” answers without one.'
            : 'Run the cell: it asks for it.'}
        </p>
      )}
      {!next && pieces.length === lesson.pieces.length && <TakeHome keeper={keeper} history={state.history} />}
      {next && (
        <footer>
          <a class="next" href={`#${next.number}`}>
            <span class="eyebrow">Next</span>
            <span class="hidden">: </span>
            {next.number} · {next.title}
            <span aria-hidden="true">&nbsp;→</span>
          </a>
        </footer>
      )}
    </>
  )
}

const Broken = ({ why }: { readonly why: string }) => (
  <div class="broken" role="alert">
    <p>
      <strong>The part of this page that runs the cells is not there:</strong> {why}
    </p>
    <p>
      Reload the page. If that does not help, build and open it with <code>npm run notebook</code>, in a current
      browser: it has to come over http, not from a file.
    </p>
  </div>
)
