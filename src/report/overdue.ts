import { daysSince } from '../core/days.ts'
import { formatCount } from '../core/format.ts'
import type { OverdueToken } from '../policy/overdue.ts'
import { dayOf } from './dates.ts'

/** That no run replaced a token when it was due. */
export function overdueSentence({ tokenId, mintedAt, dueAt }: OverdueToken, now: Date): string {
  const late = formatCount(daysSince(dueAt, now), 'day')
  return `Token ${tokenId}, minted on ${dayOf(mintedAt)}, was due for rotation on ${dayOf(dueAt)}, ${late} before this run.`
}

export const OVERDUE_HINT =
  'Check that the workflow runs on its schedule and succeeds, and that its interval is shorter than `max-age`.'
