import { asObject, asText } from '../core/json.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { clustersOf } from '../pull-secret/scope.ts'
import type { Credential } from './credential.ts'

/** What a run asks of a credential, as far as it decides over reusing and minting. */
export interface ReuseRequest {
  readonly servers: readonly string[]
  readonly username: string
  /** 0: always mint. */
  readonly maxAgeMs: number
  /** Identities of the clusters that it goes to. */
  readonly clusters: readonly string[]
  /** The password that the workflow provides: then only that one is reused, whatever its age. */
  readonly provided: string | undefined
}

/** A stored credential that can be reused if the registries still accept it. */
export type Candidate = Omit<Credential, 'origin'>

export interface Candidates {
  /** Newest first, each once. */
  readonly candidates: readonly Candidate[]
  /** Why stored credentials are skipped. */
  readonly skipReasons: readonly string[]
}

/** A credential is renewed when less than this part of its life is left. */
const MIN_REMAINING_LIFE = 1 / 5

/** Which of the stored credentials are within `max-age` and complete: then none is minted. */
export function selectCandidates(stored: readonly Stored[], request: ReuseRequest, now: Date): Candidates {
  const ours = stored.filter((one): one is StoredSecret => one.kind === 'present' && one.provenance !== undefined)
  if (ours.length === 0) return none('no target holds a credential of this action yet')
  if (request.maxAgeMs === 0 && request.provided === undefined) return none('`max-age` is 0')
  const considered = ours.map((secret) => consider(secret, request, now))
  const byId = new Map(
    considered.flatMap((one) => ('candidate' in one ? [[one.candidate.tokenId, one.candidate]] : [])),
  )
  return {
    candidates: [...byId.values()].sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()),
    skipReasons: [...new Set(considered.flatMap((one) => ('skipReason' in one ? [one.skipReason] : [])))],
  }
}

function none(reason: string): Candidates {
  return { candidates: [], skipReasons: [reason] }
}

function consider(
  secret: StoredSecret,
  request: ReuseRequest,
  now: Date,
): { readonly candidate: Candidate } | { readonly skipReason: string } {
  const candidate = candidateOf(secret, request)
  if (candidate === undefined) return { skipReason: 'a stored credential is for other hosts or another user' }
  const skipReason = skipReasonOf(candidate, request, now) ?? clusterSkipReason(secret, request)
  return skipReason === undefined ? { candidate } : { skipReason }
}

/** The credential in a stored secret, when it is for the requested hosts and user. */
export function candidateOf(
  { provenance, entries }: StoredSecret,
  { servers, username }: Pick<ReuseRequest, 'servers' | 'username'>,
): Candidate | undefined {
  if (provenance === undefined) return undefined
  const logins = servers.map((server) => asObject(entries[server]))
  const password = asText(logins[0]?.password)
  const isComplete = logins.every((login) => login.username === username && login.password === password)
  if (password === undefined || !isComplete) return undefined
  const { tokenId, mintedAt, expiresAt } = provenance
  return { tokenId, mintedAt, expiresAt, password }
}

/** Whether a secret holds the very credential for all its hosts, whatever its annotations record. */
export function holdsCredential(
  { entries }: Pick<StoredSecret, 'entries'>,
  { password }: Pick<Credential, 'password'>,
  { servers, username }: Pick<ReuseRequest, 'servers' | 'username'>,
): boolean {
  return servers.every((server) => {
    const login = asObject(entries[server])
    return login.username === username && login.password === password
  })
}

function skipReasonOf(candidate: Candidate, { provided, maxAgeMs }: ReuseRequest, now: Date): string | undefined {
  if (provided !== undefined) return candidate.password === provided ? undefined : 'a target holds another one'
  const { mintedAt, expiresAt } = candidate
  if (now.getTime() - mintedAt.getTime() >= maxAgeMs) return 'the stored credential is older than `max-age`'
  if (expiresAt === undefined) return undefined
  const lifeMs = expiresAt.getTime() - mintedAt.getTime()
  const isLate = expiresAt.getTime() - now.getTime() < lifeMs * MIN_REMAINING_LIFE
  return isLate ? 'the stored credential expires soon' : undefined
}

/**
 * A minted credential goes to no cluster that its secrets do not record: if they were deleted there, the clusters that it
 * was minted for could not show any more that it is needed elsewhere.
 */
function clusterSkipReason({ provenance }: StoredSecret, { clusters, provided }: ReuseRequest): string | undefined {
  const known = new Set(provenance?.scopes.flatMap(clustersOf))
  if (provided !== undefined || clusters.every((cluster) => known.has(cluster))) return undefined
  return 'the stored credential was not minted for all clusters of this run'
}

/** The newest credential that targets hold of a later mint than this one: a concurrent run wrote it. */
export function newerThan(
  { mintedAt }: Pick<Credential, 'mintedAt'>,
  stored: readonly Stored[],
  request: Pick<ReuseRequest, 'servers' | 'username'>,
): Candidate | undefined {
  return stored
    .flatMap((one) => (one.kind === 'present' ? (candidateOf(one, request) ?? []) : []))
    .filter((candidate) => candidate.mintedAt > mintedAt)
    .sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())[0]
}
