/** What a recorder with the usual rows can be asked for. */
import type { Recorder } from '../../port/recorder'
import { fido } from './courses'
import { whole } from './view-steps'

/** Everything that can be read. */
export const everything = async (recorder: Recorder) => ({
  log: await recorder.notifications({ tagged: true, as: 'bytes' }),
  read: await recorder.read([{ tags: fido }]),
  fido: await recorder.select('fido', { as: 'bytes' }),
  max: await recorder.maxNotificationId(),
  tracked: await recorder.maxTrackingId('kennel'),
  snapshot: await recorder.snapshot('fido'),
  view: await whole(recorder),
  id: await recorder.logId(),
})
