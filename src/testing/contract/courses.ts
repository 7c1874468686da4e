/** Events about dogs and courses, with tags: what the cases of queries and boundaries begin with. */
import type { EventQuery } from '../../port/query'
import type { ReadOptions, Recorder, StoredEvent } from '../../port/recorder'
import { row } from './rows'

export const [joined, learned] = ['kennel:Course.DogJoined', 'kennel:Course.TrickLearned'] as const

/** An event of a course, whatever its version, with its tags. */
export const about = (topic: string, ...tags: string[]): StoredEvent => ({ ...row('course', 0), topic, tags })

export const fido = ['dog:fido']

/** Positions 1 to 6; the last has no tags. */
export const log = [
  about(joined, 'dog:fido', 'course:sit'),
  about(joined, 'dog:rex', 'course:sit'),
  about(learned, 'dog:fido'),
  about(joined, 'dog:fido', 'course:swim'),
  about(learned, 'dog:rex', 'course:sit'),
  about(learned),
]

export const positions = async (recorder: Recorder, query: EventQuery, options?: ReadOptions): Promise<number[]> =>
  (await recorder.read(query, options)).map(({ id }) => id)

export const conflict = { code: 'BOUNDARY_CONFLICT' }
