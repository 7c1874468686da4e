/** Another process, which follows a log and says when it has seen an event: `follower.ts url after`. */
import { Application } from 'dog-school'
import { postgres } from '../../../src/recorders/postgres'
import { Dog } from '../dogs'

const [url = '', after] = process.argv.slice(2)
const say = (said: number) => process.send?.(said)

async function follow(): Promise<void> {
  const kennel = new Application(postgres(url, { prefix: 'long' }), { name: 'kennel', aggregates: [Dog] })
  process.once('disconnect', () => kennel.close())
  const following = kennel.follow({ after: Number(after) })
  const next = following.next()
  // The first one waits now, and listens.
  setTimeout(() => say(0), 1000)
  for (let event = await next; !event.done; event = await following.next())
    say(performance.timeOrigin + performance.now())
}

void follow()
