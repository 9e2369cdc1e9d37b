import { DAY_MS } from '../core/days.ts'
import type { Stored } from '../pull-secret/read.ts'
import { type CredentialRecord, ownRecords } from '../pull-secret/record.ts'
import { isProvided } from './credential.ts'
import { nextRotation } from './next-rotation.ts'
import type { ReuseRequest } from './reuse.ts'

/** A stored token that should have been replaced long before this run. */
export interface OverdueToken {
  readonly tokenId: string
  readonly mintedAt: Date
  /** From when on a run would have rotated. */
  readonly dueAt: Date
}

/** A schedule may be late, and a few runs may fail: no warning before. */
const MIN_DELAY_MS = 2 * DAY_MS

/** The part of its time until it is due by which a token may be late. A weekly schedule with a `max-age` of 7 days is later. */
const MAX_DELAY = 1 / 2

/**
 * The newest token that the targets hold, when it is clearly older than it should be: the schedule stopped, its runs fail, or
 * it is less frequent than `max-age`.
 * @returns undefined also when the date of a token is unknown
 */
export function overdueToken(
  stored: readonly Stored[],
  { owner, maxAgeMs, provided }: Pick<ReuseRequest, 'owner' | 'maxAgeMs' | 'provided'>,
  now: Date,
): OverdueToken | undefined {
  if (maxAgeMs === 0 || provided !== undefined) return undefined
  const records = stored.flatMap((one) => (one.kind === 'present' ? ownRecords(one.records, owner) : []))
  const dated = records.filter(isDated)
  if (dated.length < records.length) return undefined
  // Of one token as well, though for its reuse the oldest counts: a user who may edit one secret can record any date there.
  const newest = dated.toSorted(byAge).at(-1)
  const dueAt = newest && !isProvided(newest.tokenId) ? nextRotation(newest, maxAgeMs) : undefined
  if (newest === undefined || dueAt === undefined) return undefined
  const { tokenId, mintedAt } = newest
  const allowedMs = Math.max(MIN_DELAY_MS, (dueAt.getTime() - mintedAt.getTime()) * MAX_DELAY)
  return now.getTime() - dueAt.getTime() < allowedMs ? undefined : { tokenId, mintedAt, dueAt }
}

type DatedRecord = CredentialRecord & { readonly mintedAt: Date }

function isDated(record: CredentialRecord): record is DatedRecord {
  return record.mintedAt !== undefined
}

function byAge(one: DatedRecord, other: DatedRecord): number {
  return one.mintedAt.getTime() - other.mintedAt.getTime()
}
