// Dates as a person reads them, in UTC. The outputs have them in RFC 3339.

const MINUTE_MS = 60_000

/** `2026-10-25`. */
export function dayOf(date: Date): string {
  const [day = ''] = date.toISOString().split('T')
  return day
}

/** `2026-10-25 21:53 UTC`, without the seconds. @param timestamp RFC 3339 */
export function minuteOf(timestamp: string): string {
  return minute(new Date(timestamp))
}

/** The first full minute that is not before the timestamp. @param timestamp RFC 3339 */
export function minuteFrom(timestamp: string): string {
  return minute(new Date(Math.ceil(Date.parse(timestamp) / MINUTE_MS) * MINUTE_MS))
}

function minute(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T')
  return `${day} ${time.slice(0, 'hh:mm'.length)} UTC`
}

/** When a run rotates next, after `Next rotation:`. @param timestamp RFC 3339 */
export function firstRunAfter(timestamp: string): string {
  return `in the first run after ${minuteFrom(timestamp)}`
}
