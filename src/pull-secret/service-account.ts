import { pause } from '../core/abort.ts'
import { MANAGER } from '../core/constants.ts'
import { Failure } from '../core/errors.ts'
import { giveWay, isConflict, TRIES } from '../kubernetes/conflict.ts'
import { withProgress } from '../runner/progress.ts'
import { describeAccount, listInCluster, listInNamespace, type ServiceAccount } from './service-account-list.ts'
import { MOST_SINGLE_READS } from './targets.ts'
import type { Target } from './write.ts'
import type { Outcome } from './write-all.ts'

/** What became of one service account. */
export interface Attached {
  readonly name: string
  readonly result: 'updated' | 'unchanged' | 'planned' | 'failed'
}

export interface AttachOptions {
  readonly secretName: string
  /** The API servers check everything and store nothing. */
  readonly dryRun: boolean
  readonly signal: AbortSignal
}

/** A new namespace gets its `default` account some moments later: milliseconds, and how often we look. */
const PAUSE = 1000
const LOOKS = 10

/**
 * Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. Where a cluster has
 * many targets and the login may list, their accounts are read by a list, else one by one. A target of which an account
 * fails, fails.
 * @param names of the accounts; `*` is all of a namespace
 */
export async function attachAll(
  outcomes: readonly Outcome[],
  names: readonly string[],
  options: AttachOptions,
): Promise<Outcome[]> {
  if (names.length === 0) return [...outcomes]
  const written = outcomes.filter((outcome) => !('failure' in outcome))
  const many = [...Map.groupBy(written, ({ cluster }) => cluster)].filter(
    ([, targets]) => targets.length > MOST_SINGLE_READS,
  )
  const lists = new Map(
    many.map(([cluster, targets]) => {
      const namespaces = new Set(targets.map(({ namespace }) => namespace))
      return [cluster, listInCluster(cluster, namespaces, names)]
    }),
  )
  const attachTo = async (outcome: Outcome): Promise<Outcome> => {
    if ('failure' in outcome) return outcome
    const { attached, failure } = await attachIn(outcome, names, lists.get(outcome.cluster), options)
    if (failure === undefined) return { ...outcome, serviceAccounts: attached }
    const { cluster, namespace } = outcome
    return { cluster, namespace, result: 'failed', failure, mayHold: true, serviceAccounts: attached }
  }
  const sentence = (count: string) => `Seen to the service accounts of ${count} namespaces`
  return [...(await withProgress(outcomes, sentence, attachTo)).values()]
}

async function attachIn(
  target: Target,
  names: readonly string[],
  list: ReturnType<typeof listInCluster> | undefined,
  options: AttachOptions,
): Promise<{ readonly attached: readonly Attached[]; readonly failure: unknown }> {
  const attached: Attached[] = []
  let failure: unknown
  try {
    const isAll = names.includes('*')
    const listed = (await list)?.get(target.namespace)
    const known = listed ?? (isAll ? await listInNamespace(target) : undefined)
    // Every namespace gets a `default`, if late.
    const accounts = isAll ? [...new Set(['default', ...(known?.keys() ?? [])])].sort() : names
    for (const name of accounts) {
      try {
        attached.push({ name, result: await attach(target, name, known?.get(name), options) })
      } catch (error) {
        attached.push({ name, result: 'failed' })
        failure ??= error
      }
    }
  } catch (error) {
    failure = error
  }
  return { attached, failure }
}

/** The list is one value to the API server, whoever writes it: it is sent whole, and only if nobody has touched it since. */
async function attach(
  target: Target,
  name: string,
  known: ServiceAccount | undefined,
  { secretName, dryRun, signal }: AttachOptions,
): Promise<Attached['result']> {
  const { cluster, namespace } = target
  let account = known ?? (await read(target, name, signal))
  for (let attempt = 1; ; attempt++) {
    const { resourceVersion, imagePullSecrets } = account
    if (imagePullSecrets.some((entry) => entry.name === secretName)) return 'unchanged'
    try {
      await cluster.request({
        doing: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
        method: 'PATCH',
        path: pathOf(target, name),
        query: { fieldManager: MANAGER, ...(dryRun && { dryRun: 'All' }) },
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion }, imagePullSecrets: [...imagePullSecrets, { name: secretName }] },
        cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` },
      })
      return dryRun ? 'planned' : 'updated'
    } catch (error) {
      if (!isConflict(error) || attempt === TRIES) throw error
      await giveWay(attempt)
      account = await read(target, name, signal)
    }
  }
}

async function read(target: Target, name: string, signal: AbortSignal): Promise<ServiceAccount> {
  const { cluster, namespace } = target
  const doing = `read the service account ${namespace}/${name} in the cluster ${cluster.name}`
  for (let look = 1; look <= LOOKS; look++) {
    const answer = await cluster.request({
      doing,
      path: pathOf(target, name),
      expect: [404],
      cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` },
    })
    if (answer.status !== 404) return describeAccount(answer.json())
    if (look < LOOKS) await pause(PAUSE, doing, signal)
  }
  throw new Failure(`The service account ${namespace}/${name} is not in the cluster ${cluster.name}`, {
    cure: 'Check `service-accounts`, or create the account first.',
  })
}

function pathOf({ namespace }: Target, name: string): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`
}
