import type { ActionError } from '../core/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { checkPermissions } from '../permissions/access-review.ts'
import { type HeldCredential, holds, permissionsNeeded } from '../permissions/required.ts'
import { NO_ACCOUNTS, readAccounts } from '../pull-secret/known-accounts.ts'
import { isAborted } from '../pull-secret/read-targets.ts'
import { failedTarget, isFailed, type TargetState } from '../pull-secret/target.ts'
import type { Report } from '../report/report.ts'
import { connectToIssuer, connectToRegistries } from './connect-early.ts'
import { createContext, type OwnContext, type RunContext } from './context.ts'
import { acquireCredential } from './credential.ts'
import { deployWorkloads } from './deploy.ts'
import { distribute } from './distribute.ts'
import { confirmIdentities, logPullSecrets, observeStored } from './observe.ts'
import { readProvided } from './provided.ts'
import { findReusable, type ReuseDecision } from './reusable.ts'
import { revokeSuperseded } from './revoke.ts'
import { keepHeapSmall } from './small-heap.ts'

/** Runs the action with these inputs. @throws ActionError | ActionErrors, see `run` */
export async function startRun(inputs: Inputs, report: Report, own: OwnContext): Promise<readonly ActionError[]> {
  // Now that all code is loaded: to load it with a small heap takes longer.
  keepHeapSmall()
  return await run(await createContext(inputs, report, own))
}

/**
 * One run, in the order of the contract: read what the workflow provides, observe the targets, find a reusable credential, check
 * permissions, acquire a credential, distribute it, deploy, revoke.
 * @returns what failed without stopping the rest
 * @throws ActionError | ActionErrors when the run cannot go on
 */
export async function run(initial: RunContext): Promise<readonly ActionError[]> {
  const context = await readProvided(initial)
  const { inputs, report } = context
  connectToRegistries(context)
  const stored = await observeStored(context)
  const [aborted] = stored.filter(isAborted)
  if (aborted !== undefined) return endBeforeWrite(context, stored, aborted.error)
  const decision = await findReusable(context, stored)
  if (decision.reusable === undefined) connectToIssuer(context)
  const { targets, accounts } = await checkTargets(context, stored, decision)
  if (isNothingLeft(targets)) {
    report.targets(inputs.secret?.name, targets)
    return targets.map(({ error }) => error)
  }
  const acquired = await acquireCredential(context, targets, decision)
  const distribution = await distribute(context, acquired, accounts)
  if (distribution.status === 'failed') return distribution.errors
  const failed = await deployWorkloads(context, distribution)
  const errors = [...distribution.errors, ...failed]
  if (distribution.status === 'not-requested') return errors
  return [...errors, ...(await revokeSuperseded(context, distribution, failed.length > 0))]
}

/** The run is over before anything was decided: each target that was read waited for those that were not. */
function endBeforeWrite(
  { inputs, report }: RunContext,
  stored: readonly TargetState[],
  error: ActionError,
): readonly ActionError[] {
  const failed = stored.map((target) => (isFailed(target) ? target : failedTarget(target, error)))
  report.targets(inputs.secret?.name, failed)
  return [...new Set(stored.filter(isFailed).map((target) => target.error))]
}

/** The targets that may be written; others have failed. */
interface CheckedTargets extends Pick<HeldCredential, 'accounts'> {
  readonly targets: readonly TargetState[]
}

/**
 * Checks what the user may write. A run that reuses a credential sends fewer requests: it reads the service accounts first, since
 * only those that lack the secret need permissions.
 */
async function checkTargets(
  { inputs, report }: RunContext,
  stored: readonly TargetState[],
  { reusable }: ReuseDecision,
): Promise<CheckedTargets> {
  if (inputs.targets === undefined) return { targets: stored, accounts: NO_ACCOUNTS }
  return await report.timeline.phase('Check permissions', async () => {
    const tokenId = reusable?.credential.tokenId
    const holders = stored.filter((target) => holds(target, tokenId))
    const accounts = await readAccounts(holders, inputs.secret?.serviceAccounts ?? [])
    const check = async (observed: readonly TargetState[]): Promise<CheckedTargets> => {
      const needed = await permissionsNeeded(observed, inputs, { tokenId, accounts })
      return { targets: await checkPermissions(observed, needed), accounts }
    }
    if (reusable !== undefined) return await check(stored)
    const confirm = async () => await confirmIdentities(inputs, stored)
    // Only of several clusters two may be one.
    if (new Set(stored.map(({ cluster }) => cluster)).size > 1) return await check(await confirm())
    const [confirmed, checked] = await Promise.all([confirm(), check(stored), logPullSecrets(inputs, stored)])
    const [one] = confirmed
    if (one === undefined) return checked
    return { ...checked, targets: checked.targets.map((target) => ({ ...target, cluster: one.cluster })) }
  })
}

function isNothingLeft(targets: readonly TargetState[]): targets is Extract<TargetState, { status: 'failed' }>[] {
  return targets.length > 0 && targets.every(isFailed)
}
