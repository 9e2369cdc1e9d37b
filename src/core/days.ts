export const DAY_MS = 24 * 60 * 60 * 1000

/** Whole days that have passed; 0 for a date ahead, since clocks differ. */
export function daysSince(date: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - date.getTime()) / DAY_MS))
}
