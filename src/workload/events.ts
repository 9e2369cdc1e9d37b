import { asObject, asText } from '../core/json.ts'
import type { ApiObject } from './collection.ts'

/** When an event was last seen, and how often. */
export function occurrence(event: ApiObject): {
  readonly first: number
  readonly last: number
  readonly count: number
} {
  const series = asObject(event.series)
  const { count = series.count ?? 1 } = event
  const last = time(event.lastTimestamp ?? series.lastObservedTime ?? event.eventTime)
  const first = time(event.firstTimestamp ?? event.eventTime)
  return { first, last, count: typeof count === 'number' ? count : 1 }
}

export function time(timestamp: unknown): number {
  return Date.parse(asText(timestamp) ?? '') || 0
}

/** The one that was seen last. */
export function newest(events: readonly ApiObject[]): ApiObject | undefined {
  return events.toSorted((one, other) => occurrence(other).last - occurrence(one).last)[0]
}
