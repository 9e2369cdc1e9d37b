import { asObject, asText } from '../core/json.ts'
import type { ApiObject } from '../kubernetes/object.ts'

/** When something happened for the first and the last time, in milliseconds since 1970, and how often. */
export interface Occurrence {
  readonly firstMs: number
  readonly lastMs: number
  readonly count: number
}

/**
 * An Event stands for all repetitions of what happened. Which fields count them depends on the API that recorded it:
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/.
 */
export function occurrenceOf(event: ApiObject): Occurrence {
  const series = asObject(event.series)
  const { count = series.count ?? 1 } = event
  return {
    firstMs: parseTimestamp(event.firstTimestamp ?? event.eventTime),
    lastMs: parseTimestamp(event.lastTimestamp ?? series.lastObservedTime ?? event.eventTime),
    count: typeof count === 'number' ? count : 1,
  }
}

/** In milliseconds since 1970; 0 when there is none. */
export function parseTimestamp(timestamp: unknown): number {
  return Date.parse(asText(timestamp) ?? '') || 0
}

/** The event that happened last. */
export function latestOf(events: readonly ApiObject[]): ApiObject | undefined {
  return events.toSorted((one, other) => occurrenceOf(other).lastMs - occurrenceOf(one).lastMs)[0]
}
