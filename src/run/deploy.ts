import { type ActionError, actionErrorsOf } from '../core/errors.ts'
import { isFailed } from '../pull-secret/target.ts'
import type { RunContext } from './context.ts'
import type { Distribution } from './distribute.ts'
import { imageSuggester } from './suggest-image.ts'

/** Applies the manifests in the targets that did not fail, and waits for their workloads. */
export async function deployWorkloads(
  context: RunContext,
  distribution: Exclude<Distribution, { status: 'failed' }>,
): Promise<readonly ActionError[]> {
  const { inputs, report, signal } = context
  const { secret, registry, dryRun, deploy: manifests } = inputs
  if (manifests === undefined) return []
  const all = distribution.status === 'distributed' ? distribution.outcomes : distribution.targets
  const targets = all.filter((one) => !isFailed(one))
  const { namespaces } = distribution
  const pullSecret = secret && {
    name: secret.name,
    hosts: registry.servers,
    serviceAccounts: secret.serviceAccounts,
  }
  const suggestImage =
    distribution.status === 'distributed' ? imageSuggester(context, distribution.credential) : undefined
  const failed = all.filter(isFailed)
  const options = { inputs: manifests, secret: pullSecret, failed, namespaces, dryRun, suggestImage }
  try {
    // Most of the code of a run, and most runs deploy nothing.
    const { deploy } = await import('../workload/deploy.ts')
    const workloads = await report.timeline.phase('Deploy', () => deploy(targets, options, signal))
    report.workloads(workloads)
    return workloads.flatMap(({ error }) => error ?? [])
  } catch (error) {
    return actionErrorsOf(error)
  }
}
