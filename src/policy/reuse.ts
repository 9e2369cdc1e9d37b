import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { ownRecords } from '../pull-secret/record.ts'
import { clustersOf } from '../pull-secret/scope.ts'
import type { Credential } from './credential.ts'
import { type Held, heldIn, type LoginRequest } from './held.ts'
import { hostsText, type Mint } from './token-description.ts'

/** What a run asks of a credential, as far as it decides over reusing and minting. */
export interface ReuseRequest extends LoginRequest {
  /** 0: always mint. */
  readonly maxAgeMs: number
  /** Identities of the clusters that it goes to. */
  readonly clusters: readonly string[]
}

/** A stored credential that can be reused if the registries still accept it. */
export type Candidate = Omit<Credential, 'origin'> & {
  /** Whether every target holds and records this one already: then reusing it does not distribute it. */
  readonly isEverywhere: boolean
}

export interface Candidates {
  /** Newest first, each once. */
  readonly candidates: readonly Candidate[]
  /** Why stored credentials are skipped. */
  readonly skipReasons: readonly string[]
}

/** A credential is renewed when less than this part of its life is left. */
const MIN_REMAINING_LIFE = 1 / 5

/** A record that is longer than these is not copied to other targets. */
const MAX_SCOPES = 50
const MAX_SCOPES_LENGTH = 16 * 1024

/**
 * Which of the stored credentials are within `max-age` and complete: then none is minted. The oldest record of all targets
 * counts, because an annotation must not prolong the life of a credential.
 * @param stored what all targets hold that can be read
 */
export function selectCandidates(stored: readonly Stored[], request: ReuseRequest, now: Date): Candidates {
  const held = stored.map((one) => ({ one, held: one.kind === 'present' ? heldIn(one, request) : undefined }))
  const isOurs = (one: Stored) => one.kind === 'present' && ownRecords(one.records, request.owner).length > 0
  if (!stored.some(isOurs)) return none('no target holds a credential of this action yet')
  if (request.maxAgeMs === 0 && request.provided === undefined) return none('`max-age` is 0')
  const isIncomplete = held.some((each) => isOurs(each.one) && each.held === undefined)
  const groups = Map.groupBy(
    held.flatMap((each) => each.held ?? []),
    ({ tokenId, logins: [{ username, password }] }) => JSON.stringify([tokenId, username, password]),
  )
  const considered = [...groups.values()].map((group) => {
    const [{ tokenId, logins }] = group as [Held]
    const scopes = unique(group.flatMap((each) => each.scopes))
    const candidate: Candidate = {
      tokenId,
      logins,
      mintedAt: oldest(group.map(({ mintedAt }) => mintedAt)) ?? new Date(0),
      expiresAt: oldest(group.map(({ expiresAt }) => expiresAt)),
      isEverywhere: group.length === stored.length,
    }
    return { candidate, skipReason: skipReasonOf(candidate, request, now) ?? scopeSkipReason(scopes, request) }
  })
  const skipReasons = considered.flatMap(({ skipReason }) => skipReason ?? [])
  return {
    candidates: considered
      .filter(({ skipReason }) => skipReason === undefined)
      .map(({ candidate }) => candidate)
      .sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()),
    skipReasons: unique(isIncomplete ? [incompleteReason(request), ...skipReasons] : skipReasons),
  }
}

function incompleteReason({ provided }: ReuseRequest): string {
  return provided === undefined
    ? 'a stored credential is for other hosts or another user'
    : 'a target holds another one'
}

function none(reason: string): Candidates {
  return { candidates: [], skipReasons: [reason] }
}

function oldest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0]
}

/** The credential that a concurrent run wrote to a secret, when it is for the hosts and the user of the request. */
export function candidateOf(stored: StoredSecret, request: LoginRequest): Candidate | undefined {
  const held = heldIn(stored, request)
  if (held === undefined) return undefined
  const { tokenId, logins, mintedAt = new Date(0), expiresAt } = held
  return { tokenId, logins, mintedAt, expiresAt, isEverywhere: false }
}

/** When so little of its life is left that a credential is renewed. */
export function renewalOf({ mintedAt, expiresAt }: { readonly mintedAt: Date; readonly expiresAt: Date }): Date {
  const lifeMs = expiresAt.getTime() - mintedAt.getTime()
  return new Date(expiresAt.getTime() - lifeMs * MIN_REMAINING_LIFE)
}

function skipReasonOf(
  candidate: Omit<Candidate, 'isEverywhere'>,
  { provided, maxAgeMs }: ReuseRequest,
  now: Date,
): string | undefined {
  const { mintedAt, expiresAt } = candidate
  if (provided !== undefined) {
    return expiresAt !== undefined && expiresAt <= now ? 'the stored one has expired' : undefined
  }
  if (now.getTime() - mintedAt.getTime() >= maxAgeMs) return 'the stored credential is older than `max-age`'
  if (expiresAt === undefined) return undefined
  return now > renewalOf({ mintedAt, expiresAt }) ? 'the stored credential expires soon' : undefined
}

/**
 * A minted credential goes to no cluster that its secrets do not record: if they were deleted there, the clusters that it
 * was minted for could not show any more that it is needed elsewhere.
 */
function scopeSkipReason(scopes: readonly string[], { clusters, provided }: ReuseRequest): string | undefined {
  if (provided !== undefined) return undefined
  const isLong = scopes.length > MAX_SCOPES || scopes.join('').length > MAX_SCOPES_LENGTH
  if (isLong) return 'the record of the stored credential is too long'
  return clusterSkipReason(scopes.flatMap(clustersOf), clusters)
}

/** Why a credential that was minted for these clusters does not go to those of a run. */
export function clusterSkipReason(known: readonly string[], clusters: readonly string[]): string | undefined {
  const isKnown = clusters.every((cluster) => known.includes(cluster))
  return isKnown ? undefined : 'the stored credential was not minted for all clusters of this run'
}

/** Why a candidate is not reused, by what its issuer says of its mint: that counts more than what its secrets record. */
export function mintSkipReason(
  candidate: Candidate,
  { scope, hosts, mintedAt }: Mint,
  { request, now }: { readonly request: ReuseRequest; readonly now: Date },
): string | undefined {
  // The tokens of all steps that keep hosts in one secret have the same scope, and may differ in what they allow.
  if (hosts !== hostsText(request.owner.hosts)) return 'the stored credential was minted for other hosts'
  return (
    skipReasonOf({ ...candidate, mintedAt }, request, now) ?? clusterSkipReason(clustersOf(scope), request.clusters)
  )
}

/** The newest credential that targets hold of a later mint than this one: a concurrent run wrote it. */
export function newerThan(
  { mintedAt }: Pick<Credential, 'mintedAt'>,
  stored: readonly Stored[],
  request: LoginRequest,
): Candidate | undefined {
  return stored
    .flatMap((one) => (one.kind === 'present' ? (candidateOf(one, request) ?? []) : []))
    .filter((candidate) => candidate.mintedAt > mintedAt)
    .sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())[0]
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
