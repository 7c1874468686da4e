/**
 * Aggregates, events, logs and differences as tables, in a notebook of Jupyter with the kernel of Deno: it asks the value
 * of a cell for its method `Symbol.for('Jupyter.display')`. What this library makes has none before `drawInJupyter()`.
 */
import { Aggregate } from './aggregates/aggregate'
import { DomainEvent } from './events/event'
import { type Change, changesBetween } from './jupyter/changes'
import { type Display, drawnAggregate, drawnChanges, drawnEvents, isLog } from './jupyter/draw'

export type { Change } from './jupyter/changes'
export type { Display } from './jupyter/draw'

const display: unique symbol = Symbol.for('Jupyter.display')

/** What an aggregate was, and what it has become: two versions of it, field by field. */
export class Difference {
  /** The fields that changed, in the order in which they are in the aggregate. */
  readonly changes: readonly Change[]

  /** @param before undefined for one that nothing had happened to */
  constructor(before: Aggregate | undefined, after: Aggregate) {
    this.changes = changesBetween(before, after)
  }

  [display](): Display {
    return drawnChanges(this.changes)
  }
}

/**
 * From now on, a notebook shows aggregates, events and lists of events as tables, and as the text that it would show
 * otherwise. Other lists look as they did. Called again, it changes nothing.
 */
export function drawInJupyter(): void {
  drawAs(Aggregate.prototype, drawnAggregate)
  drawAs(DomainEvent.prototype, (event: DomainEvent) => drawnEvents([event], event))
  // The log is plain arrays, and what is sorted out of it as well. Any other array must have no such method.
  Object.defineProperty(Array.prototype, display, {
    configurable: true,
    get(this: unknown[]) {
      return isLog(this) ? () => drawnEvents(this as never, this) : undefined
    },
    set(this: unknown[], value: unknown) {
      Object.defineProperty(this, display, { value, writable: true, configurable: true })
    },
  })
}

function drawAs<T extends object>(prototype: T, draw: (of: T) => Display): void {
  const value = function (this: T) {
    return draw(this)
  }
  Object.defineProperty(prototype, display, { value, writable: true, configurable: true })
}
