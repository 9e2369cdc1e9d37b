import { asObject, asText } from '../core/json.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { clustersOf } from '../pull-secret/scope.ts'

/** What a run is asked for, as far as it decides over keeping and minting. */
export interface Wanted {
  readonly servers: readonly string[]
  readonly username: string
  /** Milliseconds; 0: always mint. */
  readonly maxAge: number
  /** Identities of the clusters that it is to go to. */
  readonly clusters: readonly string[]
  /** The password that the workflow brings: then no other is wanted, and its age does not matter. */
  readonly given: string | undefined
}

/** A stored credential that could be kept, if the registry still takes it. */
export interface Candidate {
  readonly tokenId: string
  readonly mintedAt: Date
  readonly expiresAt: Date | undefined
  readonly password: string
}

/** Newest first, each once; and why the others are none, in words. */
export interface Candidates {
  readonly candidates: readonly Candidate[]
  readonly reason: string
}

/** A credential is renewed when less than this part of its life is left. */
const LAST_PART = 1 / 5

/** Which of the stored credentials are young enough and complete, so that none needs to be minted. */
export function chooseCandidates(stored: readonly Stored[], wanted: Wanted, now: Date): Candidates {
  const ours = stored.filter((one): one is StoredSecret => one.kind === 'present' && one.provenance !== undefined)
  if (ours.length === 0) return { candidates: [], reason: 'no target holds a credential of this action yet' }
  if (wanted.maxAge === 0 && wanted.given === undefined) return { candidates: [], reason: '`max-age` is 0' }
  const byId = new Map<string, Candidate>()
  const reasons = new Set<string>()
  for (const secret of ours) {
    const candidate = candidateOf(secret, wanted)
    const objection =
      candidate === undefined
        ? 'a stored credential is for other hosts or another user'
        : (objectionToKeeping(candidate, wanted, now) ?? objectionToSpreading(secret, wanted))
    if (objection !== undefined) reasons.add(objection)
    else if (candidate !== undefined) byId.set(candidate.tokenId, candidate)
  }
  const candidates = [...byId.values()].sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())
  return { candidates, reason: [...reasons].join(', ') }
}

/**
 * A minted credential goes to no cluster that its secrets do not speak of: should they be deleted there, nobody in the
 * clusters of its mint could see any more that it is needed elsewhere.
 */
function objectionToSpreading({ provenance }: StoredSecret, { clusters, given }: Wanted): string | undefined {
  const known = new Set(provenance?.scopes.flatMap(clustersOf))
  if (given !== undefined || clusters.every((cluster) => known.has(cluster))) return undefined
  return 'the stored credential was not minted for all clusters of this run'
}

/** The credential in a stored secret, when it is for the wanted hosts and user. */
export function candidateOf(
  { provenance, entries }: StoredSecret,
  { servers, username }: Pick<Wanted, 'servers' | 'username'>,
): Candidate | undefined {
  if (provenance === undefined) return undefined
  const logins = servers.map((server) => asObject(entries[server]))
  const password = asText(logins[0]?.password)
  const isComplete = logins.every((login) => login.username === username && login.password === password)
  if (password === undefined || !isComplete) return undefined
  const { tokenId, mintedAt, expiresAt } = provenance
  return { tokenId, mintedAt, expiresAt, password }
}

function objectionToKeeping(candidate: Candidate, wanted: Wanted, now: Date): string | undefined {
  if (wanted.given === undefined) return ageing(candidate, wanted, now)
  return candidate.password === wanted.given ? undefined : 'a target holds another one'
}

function ageing({ mintedAt, expiresAt }: Candidate, { maxAge }: Wanted, now: Date): string | undefined {
  if (now.getTime() - mintedAt.getTime() >= maxAge) return 'the stored credential is older than `max-age`'
  if (expiresAt === undefined) return undefined
  const life = expiresAt.getTime() - mintedAt.getTime()
  return expiresAt.getTime() - now.getTime() < life * LAST_PART ? 'the stored credential ends soon' : undefined
}
