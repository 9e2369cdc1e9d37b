import { ActionError } from '../core/errors.ts'
import type { Credential } from '../policy/credential.ts'
import { holdsCredential } from '../policy/reuse.ts'
import type { Stored } from '../pull-secret/read.ts'
import { isFailed, type ReadyTarget } from '../pull-secret/target.ts'
import { observeTargets } from '../pull-secret/targets.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'

/**
 * Reads the targets once more, after the grace period: another client may have written an old secret back.
 * @param ids of the tokens that are about to be revoked
 * @returns an error for each target that does not hold the new credential any more, or cannot be read
 */
export async function readBack(
  { inputs }: RunContext,
  { outcomes, credential }: DistributedSecret,
  ids: readonly string[],
): Promise<readonly ActionError[]> {
  const { secret, registry } = inputs
  if (secret === undefined) return []
  const targets = outcomes.map(({ cluster, namespace }) => ({ cluster, namespace }))
  // It is only read: who manages it by now does not matter.
  const current = await observeTargets(targets, { name: secret.name, adopt: true })
  return current.flatMap((target) => {
    if (isFailed(target)) return [target.error]
    const { stored } = target
    const holds = stored.kind === 'present' && holdsCredential(stored, credential, registry)
    return holds || isNewer(stored, credential, ids) ? [] : [changedError(target, secret.name, credential)]
  })
}

/** A concurrent run wrote a later token meanwhile: the older ones are as superseded as before. */
function isNewer(stored: Stored, { mintedAt }: Credential, ids: readonly string[]): boolean {
  if (stored.kind === 'absent' || stored.provenance === undefined) return false
  return stored.provenance.mintedAt > mintedAt && !ids.includes(stored.provenance.tokenId)
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
