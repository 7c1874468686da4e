/** What can be seen of the logs of a session. */
import type { Application } from 'dog-school'
import { Refusal } from '../../repl/session/refusal'
import type { Session } from '../../repl/session/session'
import type { Sights } from '../sights'
import type { Logs } from './logs'
import { stateAt } from './state'
import { View } from './view'

export function sightsOf(session: Session, logs: Logs): Sights {
  const view = new View()
  const schoolOf = (store: string | undefined): Application => {
    const school = logs.schoolOf(store)
    if (!school) throw new Refusal(`No school stands on the store of ${store}.`)
    return school
  }
  return {
    stateAt: (event) => stateAt(session, schoolOf(event.store), event),
    viewAt: (position, { store, stopped }) => view.at(schoolOf(store).notificationLog, position, stopped),
    moveView: async (move, { store, stopped }) => ({
      stopped: await view.move(schoolOf(store).notificationLog, move, stopped),
    }),
  }
}
