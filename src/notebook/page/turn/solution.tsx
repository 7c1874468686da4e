/** One good answer, as what it makes different in the learner's files. */
import { useEffect, useRef } from 'preact/hooks'
import { type Files, solutionOf } from '../../judge/files'
import { Difference } from './difference'

interface Properties {
  readonly lesson: number
  readonly files: Files
  readonly hide: () => void
}

export function Solution({ lesson, files, hide }: Properties) {
  const section = useRef<HTMLElement>(null)
  useEffect(() => section.current?.focus(), [])
  const solution = solutionOf(lesson)
  const names = [...new Set([...files.keys(), ...solution.keys()])]
  const different = names.filter((name) => files.get(name) !== solution.get(name))
  return (
    <section class="solution" aria-labelledby="solution" tabIndex={-1} ref={section}>
      <div class="title">
        <h3 id="solution">One good answer</h3>
        <button type="button" onClick={hide}>
          Hide<span class="hidden"> the solution</span>
        </button>
      </div>
      {different.length === 0 ? (
        <p class="about-lines">Your files are the same as the solution.</p>
      ) : (
        <p class="about-lines">Lines marked - are yours, lines marked + are the solution, which is one of several.</p>
      )}
      {different.map((name) => (
        <Difference key={name} name={name} before={files.get(name) ?? ''} after={solution.get(name) ?? ''} />
      ))}
    </section>
  )
}
