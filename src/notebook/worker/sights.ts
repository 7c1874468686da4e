/** What can be seen of the logs of a session. */
import type { Application } from 'dog-school'
import { Refusal } from '../../repl/session/refusal'
import type { Session } from '../../repl/session/session'
import type { InLog, Sights } from '../sights'
import type { Logs } from './logs'
import { stateAt } from './state'
import { View } from './view'

/** Gives a school on the store that was kept in a folder. */
export type KeptSchool = (folder: string) => Promise<Application>

export function sightsOf(session: Session, logs: Logs, kept?: KeptSchool): Sights {
  const view = new View()
  const schoolOf = async ({ store, folder }: InLog): Promise<Application> => {
    const school = store === undefined && folder !== undefined ? await kept?.(folder) : logs.schoolOf(store)
    if (!school) throw new Refusal(`No school stands on the store of ${store}.`)
    return school
  }
  return {
    stateAt: async (event) => stateAt(session, await schoolOf(event), event),
    viewAt: async (position, place) => view.at((await schoolOf(place)).notificationLog, position, place.stopped),
    moveView: async (move, place) => ({
      stopped: await view.move((await schoolOf(place)).notificationLog, move, place.stopped),
    }),
  }
}
