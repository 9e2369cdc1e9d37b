import type { Stored, StoredSecret } from './cluster/stored-secret.ts'
import { asObject, asText } from './json.ts'

/** What a run is asked for, as far as it decides over keeping and minting. */
export interface Wanted {
  readonly servers: readonly string[]
  readonly username: string
  /** Milliseconds; 0: always mint. */
  readonly maxAge: number
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
  if (wanted.maxAge === 0) return { candidates: [], reason: '`max-age` is 0' }
  const byId = new Map<string, Candidate>()
  const reasons = new Set<string>()
  for (const secret of ours) {
    const candidate = candidateOf(secret, wanted)
    const objection =
      candidate === undefined
        ? 'a stored credential is for other hosts or another user'
        : ageing(candidate, wanted, now)
    if (objection !== undefined) reasons.add(objection)
    else if (candidate !== undefined) byId.set(candidate.tokenId, candidate)
  }
  const candidates = [...byId.values()].sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())
  return { candidates, reason: [...reasons].join(', ') }
}

/** A credential that a run has replaced. */
export interface Superseded {
  readonly tokenId: string
  /** Why it must stay alive; absent when it may be revoked. */
  readonly objection: string | undefined
}

/** What a run can say for revoking. */
export interface Evidence {
  /** All that the run wrote to. */
  readonly scope: string
  /** Whether every target holds the new credential, and everything after that went well. */
  readonly complete: boolean
  readonly revoke: 'superseded' | 'never'
}

/**
 * The credentials that this run replaced in its targets. One may be revoked only when everything that it was ever
 * written to is a target of this run: then no other secret can still hold it.
 */
export function supersededBy(tokenId: string, stored: readonly Stored[], evidence: Evidence): Superseded[] {
  const byId = new Map<string, Superseded>()
  for (const one of stored) {
    if (one.kind === 'absent' || one.provenance === undefined || one.provenance.tokenId === tokenId) continue
    const { tokenId: old, scope } = one.provenance
    byId.set(old, { tokenId: old, objection: byId.get(old)?.objection ?? objectionTo(scope, evidence) })
  }
  return [...byId.values()]
}

function objectionTo(scope: string, evidence: Evidence): string | undefined {
  if (evidence.revoke === 'never') return '`revoke` is never'
  if (!evidence.complete) return 'a part of this run failed, so that it may still be needed'
  if (scope !== evidence.scope) return 'it was written to other targets than those of this run, which may still hold it'
  return undefined
}

function candidateOf({ provenance, entries }: StoredSecret, { servers, username }: Wanted): Candidate | undefined {
  if (provenance === undefined) return undefined
  const logins = servers.map((server) => asObject(entries[server]))
  const password = asText(logins[0]?.password)
  const isComplete = logins.every((login) => login.username === username && login.password === password)
  if (password === undefined || !isComplete) return undefined
  const { tokenId, mintedAt, expiresAt } = provenance
  return { tokenId, mintedAt, expiresAt, password }
}

function ageing({ mintedAt, expiresAt }: Candidate, { maxAge }: Wanted, now: Date): string | undefined {
  if (now.getTime() - mintedAt.getTime() >= maxAge) return 'the stored credential is older than `max-age`'
  if (expiresAt === undefined) return undefined
  const life = expiresAt.getTime() - mintedAt.getTime()
  return expiresAt.getTime() - now.getTime() < life * LAST_PART ? 'the stored credential ends soon' : undefined
}
