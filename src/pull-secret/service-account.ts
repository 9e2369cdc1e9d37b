import { delay } from '../core/abort.ts'
import { MANAGER_NAME } from '../core/constants.ts'
import { ActionError } from '../core/errors.ts'
import { HttpError } from '../http/errors.ts'
import { withAdmissionHint } from '../kubernetes/admission.ts'
import { waitAfterConflict } from '../kubernetes/conflict.ts'
import { info } from '../runner/log.ts'
import { withProgress } from '../runner/progress.ts'
import { withSuggestion } from '../runner/suggestion.ts'
import {
  accountNames,
  accountPath,
  isAttached,
  type KnownAccounts,
  keyOfTarget,
  listsOf,
  NO_ACCOUNTS,
  readAccount,
  readOperation,
} from './known-accounts.ts'
import { readNamespaceStatus } from './namespaces.ts'
import { listInNamespace, type ServiceAccount, type ServiceAccounts, suggestAccount } from './service-account-list.ts'
import { failedTarget, isFailed, type ServiceAccountOutcome, type Target, type TargetOutcome } from './target.ts'
import { namespaceError } from './targets.ts'

export interface AttachOptions {
  readonly secretName: string
  /** The API servers check everything and store nothing. */
  readonly dryRun: boolean
  readonly signal: AbortSignal
  /** Those that need not be read again. */
  readonly known?: KnownAccounts
  /** The accounts that the manifests have for a target; default none. */
  readonly declared?: (target: Target) => DeclaredAccounts
  /** Between two reads of a missing account; default one second. */
  readonly readIntervalMs?: number
}

/** How to create accounts that do not exist yet, by name. */
export type DeclaredAccounts = ReadonlyMap<string, () => Promise<void>>

const NONE_DECLARED: DeclaredAccounts = new Map()

/** A new namespace gets its `default` account some moments later. */
const DEFAULT_READ_INTERVAL_MS = 1000
const MAX_READS = 10

/**
 * Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. Where a cluster has
 * many targets and the user may list, their accounts are read by a list, otherwise one by one. A target fails when one of
 * its accounts fails.
 * @param names of the accounts; `*` is all of a namespace
 */
export async function attachAll(
  outcomes: readonly TargetOutcome[],
  names: readonly string[],
  options: AttachOptions,
): Promise<TargetOutcome[]> {
  if (names.length === 0) return [...outcomes]
  const { known = NO_ACCOUNTS } = options
  const unknown = outcomes.filter((outcome) => !isFailed(outcome) && !known.has(keyOfTarget(outcome)))
  const lists = listsOf(unknown, names)
  const attachTo = async (outcome: TargetOutcome): Promise<TargetOutcome> => {
    if (isFailed(outcome)) return outcome
    if (options.dryRun && outcome.namespaceToCreate !== undefined)
      return { ...outcome, serviceAccounts: planned(names, options.declared?.(outcome) ?? NONE_DECLARED) }
    const list = async () =>
      known.get(keyOfTarget(outcome)) ?? (await lists.get(outcome.cluster))?.get(outcome.namespace)
    const { attached, error } = await attachIn(outcome, { names, list }, options)
    if (error === undefined) return { ...outcome, serviceAccounts: attached }
    return { ...failedTarget({ ...outcome, stored: outcome.replaced }, error, true), serviceAccounts: attached }
  }
  const sentence = (count: string) => `Updated the service accounts of ${count} namespaces`
  return [...(await withProgress(outcomes, sentence, attachTo)).values()]
}

/** A new namespace has no other account than `default` and those of the manifests when the secrets are written. */
function planned(names: readonly string[], declared: DeclaredAccounts): ServiceAccountOutcome[] {
  const accounts = new Set(names.flatMap((name) => (name === '*' ? ['default', ...declared.keys()] : [name])))
  return [...accounts].map((name) => ({ name, result: 'planned' }))
}

async function attachIn(
  target: Target,
  { names, list }: { readonly names: readonly string[]; readonly list: () => Promise<ServiceAccounts | undefined> },
  options: AttachOptions,
): Promise<{ readonly attached: readonly ServiceAccountOutcome[]; readonly error: unknown }> {
  const attached: ServiceAccountOutcome[] = []
  let failure: unknown
  try {
    const isAll = names.includes('*')
    const declared = options.declared?.(target) ?? NONE_DECLARED
    const known = (await list()) ?? (isAll ? await listInNamespace(target) : undefined)
    const existing = accountNames(names, known)
    for (const name of isAll ? [...new Set([...existing, ...declared.keys()])].sort() : existing) {
      try {
        const account = { name, known: known?.get(name), create: declared.get(name) }
        attached.push({ name, result: await attach(target, account, options) })
      } catch (error) {
        if (isAll && name !== 'default' && !names.includes(name) && isGone(error)) {
          info(`Skipped service account ${target.namespace}/${name} of cluster ${target.cluster.name}: it was deleted.`)
          continue
        }
        attached.push({ name, result: 'failed' })
        failure ??= isGone(error) ? await goneWithNamespace(target, error) : withAdmissionHint(error)
      }
    }
  } catch (error) {
    failure = error
  }
  return { attached, error: failure }
}

function isGone(error: unknown): boolean {
  if (error instanceof HttpError) return error.status === 404
  return error instanceof ActionError && error.code === 'service-account-not-found'
}

/** An account may be missing because its namespace is. */
async function goneWithNamespace(target: Target, error: unknown): Promise<unknown> {
  const status = await readNamespaceStatus(target).catch(() => 'active' as const)
  return status === 'missing' || status === 'terminating' ? namespaceError(target, status) : error
}

/**
 * `imagePullSecrets` is an atomic list: it is sent as a whole, guarded by the `resourceVersion` that was read.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
async function attach(
  target: Target,
  { name, known, create }: AccountToUpdate,
  options: AttachOptions,
): Promise<ServiceAccountOutcome['result']> {
  const { cluster, namespace } = target
  const { secretName, dryRun } = options
  let account = known ?? (await read(target, { name, create }, options))
  if (account === undefined) return 'planned'
  for (let attempt = 1; ; attempt++) {
    if (isAttached(account, secretName)) return 'unchanged'
    const { resourceVersion, imagePullSecrets } = account
    try {
      await cluster.request({
        operation: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
        method: 'PATCH',
        path: accountPath(target, name),
        query: { fieldManager: MANAGER_NAME, ...(dryRun && { dryRun: 'All' }) },
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion }, imagePullSecrets: [...imagePullSecrets, { name: secretName }] },
        hints: () => ({
          403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${namespace}.`,
        }),
      })
      return dryRun ? 'planned' : 'updated'
    } catch (error) {
      await waitAfterConflict(error, attempt)
      account = await readExisting(target, name, options)
    }
  }
}

interface AccountToUpdate {
  readonly name: string
  /** As it was listed. */
  readonly known: ServiceAccount | undefined
  /** Absent when no manifest has it. */
  readonly create: (() => Promise<void>) | undefined
}

/** Reads an account, and creates it if a manifest has it; undefined when a dry run would create it. */
async function read(
  target: Target,
  { name, create }: Pick<AccountToUpdate, 'name' | 'create'>,
  options: AttachOptions,
): Promise<ServiceAccount | undefined> {
  if (create === undefined) return await readExisting(target, name, options)
  const found = await readAccount(target, name)
  if (found !== undefined) return found
  if (options.dryRun) return undefined
  await create()
  return await readExisting(target, name, options)
}

async function readExisting(target: Target, name: string, options: AttachOptions): Promise<ServiceAccount> {
  const { signal, readIntervalMs = DEFAULT_READ_INTERVAL_MS } = options
  const { cluster, namespace } = target
  for (let attempt = 1; attempt <= MAX_READS; attempt++) {
    const account = await readAccount(target, name)
    if (account !== undefined) return account
    if (attempt < MAX_READS) await delay(readIntervalMs, readOperation(target, name), signal)
  }
  throw new ActionError(
    'service-account-not-found',
    `ServiceAccount ${namespace}/${name} does not exist in cluster ${cluster.name}`,
    {
      hint: withSuggestion(
        'Check `service-accounts`, or create the account first.',
        await suggestAccount(target, name),
      ),
      details: { cluster: cluster.name, namespace, resource: `serviceaccounts/${name}` },
    },
  )
}
