/** A kennel whose dogs have owners: people, who can be forgotten. */
import { Aggregate, Application, type ApplicationOptions, defineEvent, event, type Recorder } from 'dog-school'
import { z } from 'zod'

const whose = (_: unknown, { aggregateId }: { aggregateId: string }) => `owner of ${aggregateId}`

export const Registered = defineEvent(
  'Registered',
  z.object({ name: z.string(), owner: z.string(), born: z.date(), phones: z.array(z.string()).optional() }),
  { personal: { subject: whose, fields: { owner: 'forgotten', born: new Date(0), phones: [] } } },
)
export const Sold = defineEvent('Sold', ['owner'], { personal: { subject: whose, fields: ['owner'] } })

@event(Registered)
export class Dog extends Aggregate {
  static override readonly topic = 'kennel:Dog'
  static override readonly snapshotVersion = 1
  readonly tricks: string[] = []
  readonly label: string
  readonly year: number
  constructor(
    readonly name: string,
    public owner: string,
    born: Date,
    readonly phones: string[] = [],
  ) {
    super()
    // What a body does with a field, it must be able to do with what the field reads as.
    this.label = `${name} of ${owner.toUpperCase()}`
    this.year = born.getUTCFullYear()
  }

  @event(Sold)
  sell(owner: string) {
    this.owner = owner
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

export const subjectOf = (id: string): string => `owner of ${id}`
export const born = new Date('1984-05-06T07:08:09.000Z')

export const kennel = (recorder?: Recorder, options: ApplicationOptions = {}): Application =>
  new Application(recorder, { name: 'kennel', ...options })
