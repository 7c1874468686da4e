/**
 * The files that a lesson starts from are others than when the learner began. Both are shown, each with what it makes
 * different, and the learner chooses.
 */
import type { ComponentChildren } from 'preact'
import { type Files, startOf } from '../../judge/files'
import './changed.css'
import { Difference } from './difference'

interface Properties {
  readonly lesson: number
  readonly files: Files
  /** What the learner started from. */
  readonly from: Files
  readonly keep: () => void
  readonly take: () => void
}

export function Changed({ lesson, files, from, keep, take }: Properties) {
  return (
    <section class="rewritten" aria-labelledby="rewritten">
      <h3 id="rewritten">The lesson has changed since you began</h3>
      <p>The files that it starts from are others now. You have not lost anything: the editor has what you wrote.</p>
      <div class="both">
        <Version title="Yours, as you changed it" before={from} after={files}>
          <button type="button" onClick={keep}>
            Go on with mine
          </button>
        </Version>
        <Version title="The lesson’s, as it is now" before={from} after={startOf(lesson)}>
          <button type="button" onClick={take}>
            Go on with the lesson’s
          </button>
        </Version>
      </div>
      <p class="about-lines">The other one stays within reach, under “More”.</p>
    </section>
  )
}

interface VersionProperties {
  readonly title: string
  readonly before: Files
  readonly after: Files
  readonly children: ComponentChildren
}

function Version({ title, before, after, children }: VersionProperties) {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return (
    <div>
      <h4>{title}</h4>
      {names
        .filter((name) => before.get(name) !== after.get(name))
        .map((name) => (
          <Difference key={name} name={name} before={before.get(name) ?? ''} after={after.get(name) ?? ''} />
        ))}
      {children}
    </div>
  )
}
