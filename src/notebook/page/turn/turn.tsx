/** "Your turn": the lesson's files in an editor, a button that has them judged, and what came of it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Place } from '../../../course/verdict'
import { prepareCheck } from '../../judge/check'
import { type Files, startOf } from '../../judge/files'
import { useAloud } from '../cells/aloud'
import { isSomethingOpen } from '../common/escape'
import { submitKey } from '../editor/keys'
import { Changed } from './changed'
import { deskOf, placeOf } from './desk'
import { same } from './edits'
import { Menu } from './menu'
import { isPassedWith, usePassed } from './passed'
import { Asked, type Question } from './questions'
import { Solution } from './solution'
import { spokenOf } from './spoken'
import { Tabs, type Target } from './tabs'
import './turn.css'
import { Verdict } from './verdict'

export function Turn({ lesson }: { readonly lesson: number }) {
  const desk = deskOf(lesson)
  const [state, setState] = useState(desk.state)
  const [question, ask] = useState<Question>()
  const [showsSolution, showSolution] = useState(false)
  const [goTo, setGoTo] = useState<Target>()
  const isPassed = usePassed().has(lesson)
  const areThosePassed = useMemo(() => isPassed && isPassedWith(lesson, state.files), [state, isPassed])
  const section = useRef<HTMLElement>(null)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    setState(desk.state)
    const leave = desk.hear(setState)
    return () => {
      leave()
      desk.stop()
    }
  }, [desk])

  const { files, from, shown, former, isChecking, isLoading, result, failed, removed, isKept } = state
  const came = result && failed === undefined ? spokenOf(result.lines, result.hints) : ''
  const aloud = useAloud(isChecking ? 'checking' : (result ?? failed ?? 'nothing'), isChecking ? 'checking' : came)
  const isFailing = result !== undefined && result.verdict.outcome !== 'passed'
  const mistake = useMemo(() => (result ? targetOf(placeOf(result.verdict)) : undefined), [result?.verdict])
  useEffect(() => {
    // The focus stays where somebody writes; what came of it comes into view. Not every browser focuses a button that is pressed.
    const { activeElement, body } = document
    if (!result || !(activeElement === body || activeElement?.closest('.turn'))) return
    outcome.current?.scrollIntoView({ block: 'nearest' })
    for (const each of outcome.current?.querySelectorAll('.passed, .go-on') ?? [])
      each.scrollIntoView({ block: 'nearest' })
  }, [result?.verdict, failed])
  const go = (place: Pick<Place, 'file' | 'line' | 'column'>) => {
    if (!files.has(place.file)) return
    desk.show(place.file)
    setGoTo(targetOf(place))
  }
  const close = () => ask(undefined)
  /** When the page has been drawn again: what was pressed may be gone. */
  const focusOn = (selector: string) => {
    setGoTo(undefined)
    requestAnimationFrame(() => section.current?.querySelector<HTMLElement>(selector)?.focus())
  }
  const restore = () => {
    desk.restore()
    focusOn(TAB)
  }
  const remove = () => {
    desk.remove(shown)
    focusOn('.removed button')
  }
  const goOn = () => {
    desk.goOn()
    focusOn(TAB)
  }
  const takeNew = () => {
    desk.beginAgain()
    focusOn(TAB)
  }
  const add = (name: string) => {
    desk.add(name)
    setGoTo({ file: name, line: 1, column: 1 })
  }
  const hideSolution = () => {
    showSolution(false)
    focusOn('.bar > [aria-expanded]')
  }
  const rename = (name: string) => {
    desk.rename(shown, name)
    focusOn(TAB)
  }

  return (
    <section
      ref={section}
      class="turn"
      aria-label="Your turn"
      onFocusIn={() => prepareCheck(lesson)}
      onPointerEnter={() => prepareCheck(lesson)}
      onKeyDownCapture={({ key }) => key === 'Escape' && isChecking && !isSomethingOpen() && desk.stop()}
    >
      {!same(from, startOf(lesson)) && <Changed lesson={lesson} files={files} from={from} keep={goOn} take={takeNew} />}
      <Tabs
        lesson={lesson}
        files={files}
        shown={shown}
        mistake={isMended(mistake, result?.files, files) ? undefined : mistake}
        goTo={goTo}
        show={(name) => desk.show(name)}
        write={(name, code) => desk.write(name, code)}
        check={() => void desk.check()}
        add={() => ask('add')}
      />
      {removed && (
        <p class="removed" role="status">
          {removed.name} is removed.{' '}
          <button type="button" onClick={restore}>
            Undo<span class="hidden">: bring {removed.name} back</span>
          </button>
        </p>
      )}
      {!isKept && (
        <p class="unkept" role="status">
          This browser keeps nothing for this page: what you write is here until you close it.
        </p>
      )}
      <div class="bar">
        <button
          type="button"
          class="run"
          title={isChecking ? undefined : submitKey}
          aria-keyshortcuts={isChecking ? 'Escape' : 'Control+Enter'}
          onClick={() => (isChecking ? desk.stop() : void desk.check())}
        >
          <span aria-hidden="true">{isChecking ? '■ ' : '▸ '}</span>
          {isChecking ? 'Stop' : 'Check'}
          {isChecking && <span class="hidden"> the check</span>}
        </button>
        <span class="status">
          {isChecking ? (
            <Checking isLoading={isLoading} />
          ) : areThosePassed && !isFailing ? (
            <Passed />
          ) : (
            <kbd>{submitKey}</kbd>
          )}
        </span>
        <button
          type="button"
          aria-expanded={showsSolution}
          onClick={() => (showsSolution ? showSolution(false) : isPassed ? showSolution(true) : ask('solution'))}
        >
          Solution
        </button>
        <Menu>
          <button type="button" onClick={() => ask('rename')}>
            Rename {shown}…
          </button>
          <button type="button" disabled={files.size === 1} onClick={remove}>
            Remove {shown}
          </button>
          <button type="button" onClick={() => ask('begin again')}>
            Begin again…
          </button>
          {former.length > 0 && (
            <button type="button" onClick={() => ask('former')}>
              Earlier versions…
            </button>
          )}
        </Menu>
      </div>
      <div ref={outcome} class="outcome">
        <p class="hidden" role="status">
          {aloud}
        </p>
        {failed !== undefined && (
          <p class="failed" role="alert">
            <strong>It could not be checked:</strong> {failed} What you have written is kept.
          </p>
        )}
        {result && (
          <Verdict lesson={lesson} result={result} isOld={result.files !== files} goTo={go} more={() => desk.more()} />
        )}
      </div>
      {showsSolution && <Solution lesson={lesson} files={files} hide={hideSolution} />}

      <Asked
        question={question}
        shown={shown}
        names={[...files.keys()]}
        former={former}
        onAdd={add}
        onRename={rename}
        onBegin={() => desk.beginAgain()}
        onSolution={() => showSolution(true)}
        onFormer={(files) => desk.take(files)}
        onClose={close}
      />
    </section>
  )
}

const Checking = ({ isLoading }: { readonly isLoading: boolean }) => (
  <>
    <span class="word">{isLoading ? 'loading TypeScript…' : 'checking…'} </span>
    <kbd>Esc</kbd> <span class="word">stops it</span>
  </>
)

const Passed = () => (
  <>
    <span aria-hidden="true">✓ </span>
    <span class="word">passed</span>
  </>
)

/** The one whose file is shown. */
const TAB = '[role=tab][aria-selected=true]'

/** Whether the line with the mistake is gone. */
function isMended(mistake: Target | undefined, checked: Files | undefined, now: Files): boolean {
  const line = mistake && checked?.get(mistake.file)?.split('\n')[mistake.line - 1]
  return (
    line !== undefined &&
    !now
      .get(mistake?.file ?? '')
      ?.split('\n')
      .includes(line)
  )
}

const targetOf = (place: Pick<Place, 'file' | 'line' | 'column'> | undefined): Target | undefined =>
  place && { file: place.file, line: place.line, column: place.column }
