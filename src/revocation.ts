import type { Cluster } from './cluster/connection.ts'
import { listHolders } from './cluster/secret-list.ts'
import type { Stored } from './cluster/stored-secret.ts'
import type { Issuer } from './issuer/issuer.ts'
import * as log from './log.ts'
import { type Census, mintedWithin, objectionTo, type Superseded, supersededBy, sweepableSince } from './plan.ts'

/** What became of the tokens that were replaced, or left behind. */
export interface Revocation {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly { readonly tokenId: string; readonly reason: string }[]
  readonly failures: readonly unknown[]
}

/** A run that has written its credential. */
export interface Rotation {
  /** What the targets held before. */
  readonly stored: readonly Stored[]
  readonly clusters: readonly Cluster[]
  readonly scope: string
  /** The id of the credential that the targets hold now. */
  readonly tokenId: string
  /** Why nothing may be revoked at all. */
  readonly veto: string | undefined
  /** Of the descriptions of this scope's mints; absent when nothing was minted, since looking for leftovers takes a login. */
  readonly sweep: { readonly prefix: string; readonly until: Date } | undefined
}

/**
 * Revokes what a run has replaced, and what killed runs of the same scope have left behind, as far as it can show that
 * nobody needs it.
 * @param login asked for only when there is something to revoke
 */
export async function revokeReplaced(rotation: Rotation, login: () => Promise<Issuer>): Promise<Revocation> {
  const superseded = supersededBy(rotation.tokenId, rotation.stored)
  const result = new Results(login)
  if (rotation.veto !== undefined) {
    for (const { tokenId } of superseded) result.spare(tokenId, rotation.veto)
    return result
  }
  const census = needsCensus(rotation, superseded) ? await takeCensus(rotation.clusters) : NOBODY_ASKED
  for (const one of superseded) {
    const objection = objectionTo(one, rotation.scope, census)
    if (objection === undefined) await result.revoke(one.tokenId)
    else result.spare(one.tokenId, objection)
  }
  for (const tokenId of await findLeftovers(rotation, census, login)) {
    if (!result.isDone(tokenId)) await result.revoke(tokenId)
  }
  return result
}

const NOBODY_ASKED: Census = { clusters: new Set(), holders: new Map() }

function needsCensus({ stored, scope, sweep }: Rotation, superseded: readonly Superseded[]): boolean {
  const isSpread = superseded.some(({ scopes }) => [...scopes].some((one) => one !== scope))
  return isSpread || (sweep !== undefined && sweepableSince(stored, scope) === undefined)
}

async function takeCensus(clusters: readonly Cluster[]): Promise<Census> {
  const seen = await Promise.all(
    clusters.map(async (cluster) => ({ cluster: cluster.identity, holders: await listHolders(cluster) })),
  )
  return {
    clusters: new Set(seen.flatMap(({ cluster, holders }) => (holders === undefined ? [] : [cluster]))),
    holders: new Map(seen.flatMap(({ holders }) => [...(holders ?? [])])),
  }
}

async function findLeftovers(rotation: Rotation, census: Census, login: () => Promise<Issuer>): Promise<string[]> {
  const { stored, scope, clusters, sweep, tokenId } = rotation
  const isNew =
    stored.every(({ kind }) => kind === 'absent') && clusters.every((one) => census.clusters.has(one.identity))
  const since = sweepableSince(stored, scope) ?? (isNew ? new Date(0) : undefined)
  if (sweep === undefined || since === undefined) return []
  const tokens = await (await login()).list()
  return mintedWithin(tokens, sweep.prefix, since, sweep.until).filter(
    (id) => id !== tokenId && !census.holders.has(id),
  )
}

class Results implements Revocation {
  readonly revoked: string[] = []
  readonly unrevoked: { tokenId: string; reason: string }[] = []
  readonly failures: unknown[] = []
  readonly #login: () => Promise<Issuer>

  constructor(login: () => Promise<Issuer>) {
    this.#login = login
  }

  isDone(tokenId: string): boolean {
    return this.revoked.includes(tokenId) || this.unrevoked.some((one) => one.tokenId === tokenId)
  }

  spare(tokenId: string, reason: string): void {
    this.unrevoked.push({ tokenId, reason })
    log.info(`The replaced token ${tokenId} stays alive: ${reason}.`)
  }

  async revoke(tokenId: string): Promise<void> {
    try {
      await (await this.#login()).revoke(tokenId)
      this.revoked.push(tokenId)
      log.info(`Revoked the token ${tokenId}: nobody needs it any more.`)
    } catch (failure) {
      this.failures.push(failure)
      this.unrevoked.push({ tokenId, reason: 'the issuer did not revoke it, see the error' })
    }
  }
}
