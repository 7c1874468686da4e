/** What the page has to say about what is kept, at its top. Most of the time this is nothing. */
import type { ComponentChildren } from 'preact'
import { Earlier } from './earlier'
import type { KeepState } from './keep-state'
import type { LessonKeeper } from './lesson-keeper'
import { MENU } from './menu'

interface Properties {
  readonly state: KeepState
  readonly keeper: LessonKeeper
}

export function KeepNotices({ state, keeper }: Properties) {
  const { isMine, trouble, inMemory, isFromLink, filesInLink, ofOtherText, wrongLink, news, earlier } = state
  const leaveLink = () => keeper.leaveLink()
  return (
    <>
      {isFromLink && (
        <Notice>
          <p>
            <strong>This lesson came with the link,</strong> as somebody has left it. Nothing of it has run in this
            browser. “Go on from here” runs its cells again, on a timeline of their own; yours stay as they are.
            {filesInLink && (
              <>
                {' '}
                Its exercise ({[...filesInLink.keys()].join(', ')}) comes to “Your turn”, or under “More” there where
                you have written something yourself.
              </>
            )}
          </p>
          <p class="choices">
            <button type="button" class="run" onClick={() => keeper.goOn()} disabled={isMine !== true}>
              Go on from here
            </button>
            <button type="button" onClick={leaveLink}>
              Show mine
            </button>
          </p>
        </Notice>
      )}
      {wrongLink !== undefined && (
        <Notice isProblem>
          <p>
            <strong>The link cannot be opened.</strong> {wrongLink}
          </p>
          <p class="choices">
            <button type="button" onClick={leaveLink}>
              Show mine
            </button>
          </p>
        </Notice>
      )}
      {ofOtherText && (
        <Notice>
          <p>
            <strong>The text of this lesson is another one</strong> than when this link was made. So the link cannot be
            gone on with; what its cells have shown{ofOtherText.files && ', and the files of its exercise,'}{' '}
            {ofOtherText.files ? 'are' : 'is'} here, and below is the lesson as it is now.
          </p>
          <Earlier {...ofOtherText} />
        </Notice>
      )}
      {earlier.length > 0 && (
        <Notice>
          <p>
            <strong>The text of this lesson has changed</strong> since you were here. What you did in the earlier text
            is kept; the lesson below is the new one.
          </p>
          {earlier.map((history) => (
            <Earlier key={history.hash} history={history} />
          ))}
        </Notice>
      )}
      {isMine === false && (
        <Notice>
          <p>
            <strong>This lesson is open in another tab,</strong> so here it can only be read: one tab at a time writes
            to its log. Close it there, and this tab takes over.
          </p>
        </Notice>
      )}
      {inMemory !== undefined && (
        <Notice>
          <p>
            <strong>The events are in memory only,</strong> and are gone when this page is closed in the middle of a
            cell. The browser gives it no files, as in some private windows: {inMemory}
          </p>
        </Notice>
      )}
      {trouble !== undefined && (
        <Notice isProblem>
          <p>
            <strong>What you do from here on is not kept:</strong> {trouble}. Save the database ({MENU}, at the log)
            before you close this page; deleting other timelines makes room.
          </p>
        </Notice>
      )}
      {news !== undefined && (
        <Notice>
          <p>{news}</p>
          <p class="choices">
            <button type="button" onClick={() => keeper.say()}>
              OK
            </button>
          </p>
        </Notice>
      )}
    </>
  )
}

const Notice = ({ isProblem, children }: { readonly isProblem?: boolean; readonly children: ComponentChildren }) => (
  <div class={isProblem ? 'notice broken' : 'notice'} role={isProblem ? 'alert' : 'status'}>
    {children}
  </div>
)
