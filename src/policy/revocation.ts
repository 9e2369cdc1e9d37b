import { asObject, asText } from '../core/json.ts'
import type { Described } from '../issuer/issuer.ts'
import type { Provenance } from '../pull-secret/provenance.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { clustersOf } from '../pull-secret/scope.ts'

/** A credential that a run has replaced. */
export interface Superseded {
  readonly tokenId: string
  /** All that it was written to, as its secrets record it. */
  readonly scopes: ReadonlySet<string>
  /** Whether a secret held the very token whose id it records: an annotation alone may have been written by anybody. */
  readonly isProven: boolean
}

/** @param proven ids of the tokens that are ours, as their issuer says of what secrets held */
export function supersededBy(tokenId: string, stored: readonly Stored[], proven: ReadonlySet<string>): Superseded[] {
  return [...Map.groupBy(replacedBy(tokenId, stored), ({ provenance }) => provenance.tokenId)].map(
    ([old, secrets]) => ({
      tokenId: old,
      scopes: new Set(secrets.flatMap(({ provenance }) => provenance.scopes)),
      isProven: proven.has(old),
    }),
  )
}

/** An id that a replaced secret recorded, and a value that it held. */
export interface Claim {
  readonly id: string
  readonly value: string
}

/** What the issuer is to be asked for, each once. A value under another user name is none of its business. */
export function claimsIn(tokenId: string, stored: readonly Stored[], username: string): Claim[] {
  const claims = replacedBy(tokenId, stored).flatMap(({ entries, provenance }) =>
    Object.values(entries).flatMap((entry) => {
      const login = asObject(entry)
      const value = login.username === username ? asText(login.password) : undefined
      return value === undefined ? [] : [{ id: provenance.tokenId, value }]
    }),
  )
  return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()]
}

type Replaced = StoredSecret & { readonly provenance: Provenance }

/** The secrets that held a minted credential, and another one than they hold now. */
function replacedBy(tokenId: string, stored: readonly Stored[]): Replaced[] {
  return stored
    .filter((one): one is Replaced => one.kind === 'present' && one.provenance !== undefined)
    .filter(({ provenance }) => provenance.tokenId !== tokenId && !isGiven(provenance.tokenId))
}

const GIVEN = 'static-'

/** The id of a given credential: made up, since its issuer's own is not known, and a digest would tell of the password. */
export function givenId(unique: string): string {
  return GIVEN + unique
}

/** Such a credential is not ours to revoke, to spare, or to look for. */
function isGiven(tokenId: string): boolean {
  return tokenId.startsWith(GIVEN)
}

/** Which secrets of this action hold which token, in the clusters where the login may list them. */
export interface Census {
  /** Identities. */
  readonly clusters: ReadonlySet<string>
  /** By the id of the token. */
  readonly holders: ReadonlyMap<string, readonly string[]>
}

/** Nobody was asked who holds what. */
export const NOBODY_ASKED: Census = { clusters: new Set(), holders: new Map() }

/**
 * Why a replaced credential must stay alive. It may be revoked only when everything that it was ever written to is a
 * target of this run, or is seen not to hold it any more: whoever is no longer listed must not lose its pulls.
 * @returns undefined when it may be revoked
 */
export function objectionTo(
  { tokenId, scopes, isProven }: Superseded,
  scope: string,
  census = NOBODY_ASKED,
): string | undefined {
  if (!isProven) return 'nothing shows that this provider minted it, and that its secret held it'
  const others = [...scopes].filter((one) => one !== scope)
  if (others.length === 0) return undefined
  const [holder] = census.holders.get(tokenId) ?? []
  if (holder !== undefined) return `the secret ${holder} still holds it`
  const unseen = others.flatMap(clustersOf).find((cluster) => !census.clusters.has(cluster))
  if (unseen === undefined) return undefined
  return `it was written to other targets too, and whether they still hold it cannot be seen in the cluster ${unseen}`
}

/** How the description of each mint of a scope begins. */
export function mintPrefix(description: string, scope: string): string {
  return [description, ...(scope ? [`[${scope}]`] : []), ''].join(' ')
}

/** The description of one mint: no other has the same, and it tells when it was. */
export function describeMint(prefix: string, run: string, now: Date, unique: string): string {
  return prefix + [run, now.toISOString(), unique].filter(Boolean).join(' ')
}

function mintedAt(description: string): Date {
  return new Date(description.split(' ').at(-2) ?? '')
}

/** All that a credential will have been written to when this run is over: what is recorded of it never gets less. */
export function scopesOf(tokenId: string, stored: readonly Stored[], scope: string): string[] {
  const recorded = stored.flatMap((one) =>
    one.kind === 'present' && one.provenance?.tokenId === tokenId ? one.provenance.scopes : [],
  )
  return [...new Set([...recorded, scope])].sort()
}

/**
 * What a run must spare, and must record on its secrets for the runs after it: the credentials that it replaces and that
 * were written to other targets too, and what its predecessors have spared.
 */
export function sparedBy(tokenId: string, stored: readonly Stored[], scope: string): string[] {
  const ids = stored.flatMap((one) => {
    if (one.kind === 'absent' || one.provenance === undefined) return []
    const isOfScope = one.provenance.scopes.every((recorded) => recorded === scope)
    return [...one.provenance.spared, ...(isOfScope ? [] : [one.provenance.tokenId])]
  })
  return [...new Set(ids)].filter((id) => id !== tokenId && !isGiven(id)).sort()
}

/** Whether the targets remember what earlier runs of their scope have spared. */
export function isRemembered(stored: readonly Stored[]): boolean {
  return stored.some((one) => one.kind === 'present' && one.provenance !== undefined)
}

/**
 * The tokens that killed runs left behind: minted for this very scope before the token of this run, which every target
 * holds by now; or with it, when the mint was sent twice.
 */
export function leftoversAmong(tokens: readonly Described[], prefix: string, until: Date): string[] {
  return tokens
    .filter(({ description }) => description.startsWith(prefix) && mintedAt(description) <= until)
    .map(({ id }) => id)
}

/** A token that stays alive, and why. */
export interface Spared {
  readonly tokenId: string
  readonly reason: string
}

/** What became of the tokens that were replaced or left behind. */
export interface Revocation {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly Spared[]
  readonly failures: readonly unknown[]
}
