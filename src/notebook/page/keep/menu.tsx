/** What can be done with what is kept: a small menu at the log. */
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { currentOf, type History } from '../../history'
import type { OfStore } from '../../log-of'
import { Actions } from './actions'
import './keep.css'
import type { LessonKeeper } from './lesson-keeper'
import { Told, useTelling } from './telling'

/** What it is called: most of what is in it is one or the other. */
export const MENU = 'Save & share'

/** In pixels. */
const [WIDTH, MARGIN] = [320, 8]

interface Properties {
  readonly keeper: LessonKeeper
  readonly history: History
  /** The log that is shown, if that is not the latest. */
  readonly log: OfStore | undefined
}

export function KeepMenu({ keeper, history, log }: Properties) {
  const actions = useMemo(() => new Actions(keeper), [keeper])
  const isMine = keeper.mayChange
  const { runs, before } = currentOf(history)
  const isEmpty = runs.length === 0 && !before
  const id = useId()
  const telling = useTelling()
  const [asks, setAsks] = useState(false)
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const file = useRef<HTMLInputElement>(null)

  /** Below its button, or above where there is no room, and within the window. */
  const place = () => {
    if (!menu.current || !button.current) return
    const { top, bottom, right } = button.current.getBoundingClientRect()
    const isLow = bottom > innerHeight / 2
    const widest = Math.min(WIDTH, innerWidth - 2 * MARGIN)
    Object.assign(menu.current.style, {
      width: `${widest}px`,
      left: `${Math.max(MARGIN, right - widest)}px`,
      top: isLow ? 'auto' : `${bottom + 4}px`,
      bottom: isLow ? `${innerHeight - top + 4}px` : 'auto',
    })
  }
  const opened = ({ newState }: { readonly newState: string }) => {
    if (newState === 'open') place()
    setAsks(false)
    if (newState === 'open') telling.clear()
  }
  const tell = (work: Promise<string>) => {
    setAsks(false)
    return telling.tell(work)
  }
  const chosen = ({ currentTarget: { files, form } }: { readonly currentTarget: HTMLInputElement }) => {
    const [first] = files ?? []
    if (first) void tell(actions.bringIn(first))
    form?.reset()
  }
  useDrop((file) => {
    const say = (text: string) => keeper.say(text)
    actions.bringIn(file).then(say, (error: Error) => say(error.message))
  })
  return (
    <div class="keep">
      <button ref={button} type="button" class="keep-button" popovertarget={id} aria-haspopup="dialog">
        {MENU}
      </button>
      <div ref={menu} id={id} class="keep-menu" popover="auto" role="dialog" aria-label={MENU} onBeforeToggle={opened}>
        <Item
          name="Save the database"
          about="For the terminal, sqlite3 or Python"
          disabled={isEmpty || !isMine}
          act={() => tell(actions.save(log))}
        />
        <form>
          <input ref={file} type="file" class="hidden" tabIndex={-1} aria-hidden="true" onChange={chosen} />
          <Item
            name="Bring a database in"
            about="On a log of its own; or drop it anywhere"
            disabled={!isMine}
            act={() => file.current?.click()}
          />
        </form>
        <Item
          name="Copy a link"
          about="What the cells showed; your files if they fit"
          disabled={isEmpty}
          act={() => tell(actions.copyLink())}
        />
        <Item
          name="Download the exercises"
          about="Your files, in a zip of my-school/"
          disabled={false}
          act={() => tell(actions.download())}
        />
        <Item
          name="Begin again"
          about="On an empty log; this one stays"
          disabled={isEmpty || !isMine}
          act={() => tell(actions.beginAgain())}
        />
        {history.timelines.length > 1 &&
          (asks ? (
            <>
              {/* A second click, of those who click twice, deletes nothing. */}
              <Item name="Keep them" about="Nothing is deleted" disabled={false} act={() => setAsks(false)} />
              <Item
                name="Really delete them"
                about="They cannot be had back"
                disabled={!isMine}
                act={() => tell(actions.removeOthers())}
              />
            </>
          ) : (
            <Item
              name="Delete the other timelines"
              about="With their databases"
              disabled={!isMine}
              act={() => setAsks(true)}
            />
          ))}
        <Told {...telling} />
      </div>
    </div>
  )
}

/** A file may be dropped anywhere: the browser would open it in place of the page. */
function useDrop(dropped: (file: File) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.dataTransfer?.types.includes('Files') && event.preventDefault()
    const drop = (event: DragEvent) => {
      const [file] = event.dataTransfer?.files ?? []
      if (!file) return
      event.preventDefault()
      dropped(file)
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  })
}

interface ItemProperties {
  readonly name: string
  readonly about: string
  readonly disabled: boolean
  readonly act: () => unknown
}

const Item = ({ name, about, disabled, act }: ItemProperties) => (
  <button type="button" class="keep-item" disabled={disabled} onClick={() => act()}>
    <span>{name}</span>
    <span class="about">{about}</span>
  </button>
)
