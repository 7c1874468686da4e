/** What it costs to be watched: nothing for who does not ask, little where nobody listens, and with OpenTelemetry's SDK. */
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, NoopSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Application } from 'dog-school'
import { instrument } from '../../src/opentelemetry'
import { Dog } from './dogs'
import { type Figure, rate } from './measure'

const count = 5000

const saving = (isWatched: boolean) => async () => {
  const school = new Application()
  if (isWatched) await instrument(school)
  const dogs = Array.from({ length: count }, () => new Dog('Fido'))
  return async () => {
    for (const dog of dogs) await school.save(dog)
  }
}

export async function* telemetry(): AsyncGenerator<Figure> {
  const floor = { what: 'not watched', work: saving(false) }
  yield await rate({ what: 'save one event, watched, no SDK', count, ours: saving(true), floor })
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new NoopSpanProcessor()] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  yield await rate({ what: 'save one event, watched, with an SDK', count, ours: saving(true), floor })
  context.disable()
  trace.disable()
}
