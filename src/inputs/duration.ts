import { DAY_MS } from '../core/days.ts'

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }

/** @returns milliseconds; undefined when the text is not a duration */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  return unit === undefined ? undefined : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
