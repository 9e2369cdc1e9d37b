import { DAY_MS } from '../core/days.ts'
import type { Reader } from './reader.ts'

/**
 * A credential that expires before the step rotates it stops all pulls. One missed rotation must not be enough.
 * @param expiresInMs undefined: the credential does not expire, or is not minted
 */
export function checkExpiry(read: Reader, expiresInMs: number | undefined, maxAgeMs: number): void {
  if (expiresInMs === undefined || expiresInMs >= 2 * maxAgeMs) return
  const days = Number((maxAgeMs / DAY_MS).toFixed(2))
  read.addError(
    'expires-in',
    `is less than twice \`max-age\`, which is ${days} ${days === 1 ? 'day' : 'days'}`,
    'Set a longer time, so pulls still work when one rotation fails, or lower `max-age`.',
  )
}
