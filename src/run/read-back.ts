import { ActionError } from '../core/errors.ts'
import type { Credential } from '../policy/credential.ts'
import { holdsCredential, type LoginRequest } from '../policy/held.ts'
import type { Stored } from '../pull-secret/read.ts'
import { ownRecords } from '../pull-secret/record.ts'
import { isFailed, type ReadyTarget, type TargetState } from '../pull-secret/target.ts'
import { observeTargets } from '../pull-secret/targets.ts'
import { withoutVanished } from '../pull-secret/vanished.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'

export interface ReadBack {
  /** The targets as they are now. */
  readonly current: readonly TargetState[]
  /** An error for each target that does not hold the new credential any more, or cannot be read. */
  readonly changes: readonly ActionError[]
}

/**
 * Reads the targets once more, after the grace period: another client may have written an old secret back.
 * @param ids of the tokens that are about to be revoked
 */
export async function readBack(
  { inputs }: RunContext,
  { outcomes, credential, plan }: DistributedSecret,
  ids: readonly string[],
): Promise<ReadBack> {
  const { secret } = inputs
  if (secret === undefined) return { current: [], changes: [] }
  const written = outcomes.filter((outcome) => !isFailed(outcome))
  const targets = written.map(({ cluster, namespace }) => ({ cluster, namespace }))
  // It is only read: who manages it by now does not matter.
  const current = withoutVanished(await observeTargets(targets, { ...secret, adopt: true }), inputs.targets)
  const changes = current.flatMap((target) => {
    if (isFailed(target)) return [target.error]
    const { stored } = target
    const holds = stored.kind === 'present' && holdsCredential(stored, credential, plan.login)
    return holds || hasNewer(stored, plan.login, { credential, ids })
      ? []
      : [changedError(target, secret.name, credential)]
  })
  return { current, changes }
}

/** A concurrent run wrote a later token meanwhile: the older ones are as superseded as before. */
function hasNewer(
  stored: Stored,
  { owner }: LoginRequest,
  { credential, ids }: { readonly credential: Credential; readonly ids: readonly string[] },
): boolean {
  if (stored.kind === 'absent') return false
  return ownRecords(stored.records, owner).some(
    ({ mintedAt, tokenId }) => mintedAt !== undefined && mintedAt > credential.mintedAt && !ids.includes(tokenId),
  )
}

function changedError({ cluster, namespace, stored }: ReadyTarget, name: string, { tokenId }: Credential): ActionError {
  const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`
  const change =
    stored.kind === 'absent'
      ? 'was deleted'
      : `was changed (other field managers: ${stored.managers.join(', ') || 'none'}) and no longer holds token ${tokenId}`
  return new ActionError('secret-changed-after-write', `${secret} ${change}, after this run had written it`, {
    hint: 'No old token was revoked. Find out what writes this Secret (External Secrets, a GitOps controller, a replicator), and exclude it there or choose another `secret-name`.',
    details: { cluster: cluster.name, namespace, resource: `secrets/${name}` },
  })
}
