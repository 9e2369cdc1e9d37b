import type { Issuer } from '../issuer/issuer.ts'
import type { Cluster } from '../kubernetes/client.ts'
import {
  type Census,
  isRemembered,
  leftoversAmong,
  NOBODY_ASKED,
  objectionTo,
  type Revocation,
  type Spared,
  supersededBy,
} from '../policy/revocation.ts'
import { listHolders } from '../pull-secret/list.ts'
import type { Stored } from '../pull-secret/read.ts'
import * as log from '../runner/log.ts'
import { saveRevoking } from '../runner/state.ts'
import { outlastPulls } from './grace-period.ts'
import type { Identify } from './ownership.ts'

/** A run that has written its credential. */
export interface Rotation {
  /** What the targets held before. */
  readonly stored: readonly Stored[]
  readonly clusters: readonly Cluster[]
  readonly scope: string
  /** The id of the credential that the targets hold now. */
  readonly tokenId: string
  readonly spared: readonly string[]
  /** When the last target was written, by `performance.now()`. */
  readonly writtenAt: number
  /** Of the descriptions of this scope's mints; absent when nothing was minted, since to look for leftovers takes a login. */
  readonly mint: { readonly prefix: string; readonly at: Date } | undefined
}

/**
 * Revokes what a run has replaced, and what killed runs of the same scope have left behind, as far as it can show that
 * nobody needs it. One that fails does not stop the others.
 * @param veto why nothing may be revoked at all
 * @param login asked only when there is something to revoke or to look for
 */
export async function revokeReplaced(
  rotation: Rotation,
  veto: string | undefined,
  login: () => Promise<Issuer>,
  identify: Identify,
  signal: AbortSignal,
): Promise<Revocation> {
  if (veto !== undefined) {
    const replaced = supersededBy(rotation.tokenId, rotation.stored, new Set())
    const unrevoked = replaced.map(({ tokenId }) => ({ tokenId, reason: veto }))
    return await revokeAll([], unrevoked, login)
  }
  const proven = await identify(rotation.tokenId, rotation.stored)
  const superseded = supersededBy(rotation.tokenId, rotation.stored, proven)
  const isSpread = superseded.some(({ scopes }) => [...scopes].some((one) => one !== rotation.scope))
  const isBlank = rotation.mint !== undefined && !isRemembered(rotation.stored)
  const census = isSpread || isBlank ? await takeCensus(rotation.clusters) : NOBODY_ASKED
  const judged = superseded.map((one) => ({ ...one, reason: objectionTo(one, rotation.scope, census) }))
  const unrevoked = judged.flatMap(({ tokenId, reason }) => (reason === undefined ? [] : [{ tokenId, reason }]))
  const replaced = judged.flatMap(({ tokenId, reason }) => (reason === undefined ? [tokenId] : []))

  if (replaced.length > 0) {
    saveRevoking(replaced)
    await outlastPulls(rotation.writtenAt, signal)
  }
  const needed = new Set([
    rotation.tokenId,
    ...rotation.spared,
    ...census.holders.keys(),
    ...unrevoked.map((one) => one.tokenId),
  ])
  const leftovers = (await findLeftovers(rotation, census, login)).filter((id) => !needed.has(id))
  return await revokeAll([...new Set([...replaced, ...leftovers])], unrevoked, login)
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

/** Targets that hold nothing of ours remember nothing either: then only seeing all secrets tells what nobody holds. */
async function findLeftovers(
  { stored, clusters, mint }: Rotation,
  census: Census,
  login: () => Promise<Issuer>,
): Promise<string[]> {
  const isSure = isRemembered(stored) || clusters.every(({ identity }) => census.clusters.has(identity))
  return mint !== undefined && isSure ? leftoversAmong(await (await login()).list(), mint.prefix, mint.at) : []
}

async function revokeAll(
  ids: readonly string[],
  unrevoked: readonly Spared[],
  login: () => Promise<Issuer>,
): Promise<Revocation> {
  const revoked: string[] = []
  const failed: Spared[] = []
  const failures: unknown[] = []
  for (const { tokenId, reason } of unrevoked) log.info(`The replaced token ${tokenId} stays alive: ${reason}.`)
  for (const tokenId of ids) {
    try {
      await (await login()).revoke(tokenId)
      revoked.push(tokenId)
      log.info(`Revoked the token ${tokenId}: nobody needs it any more.`)
    } catch (failure) {
      failures.push(failure)
      failed.push({ tokenId, reason: 'the issuer did not revoke it, see the error' })
    }
  }
  return { revoked, unrevoked: [...unrevoked, ...failed], failures }
}
