import { isAbort } from '../core/abort.ts'
import { reason } from '../core/errors.ts'
import { debug } from '../runner/log.ts'
import { withProgress } from '../runner/progress.ts'
import {
  describeAccount,
  listInCluster,
  listInNamespace,
  type ServiceAccount,
  type ServiceAccounts,
} from './service-account-list.ts'
import type { Target } from './target.ts'
import { MAX_SINGLE_READS } from './targets.ts'

/** The service accounts of targets, by `keyOfTarget`. Those that could not be read are not in it. */
export type KnownAccounts = ReadonlyMap<string, ServiceAccounts>

export const NO_ACCOUNTS: KnownAccounts = new Map()

/**
 * Reads the service accounts of targets: by a list where a cluster has many targets and the user may list, otherwise one by one.
 * @param names `*` is all of a namespace
 * @throws ActionError when the run is aborted
 */
export async function readAccounts(targets: readonly Target[], names: readonly string[]): Promise<KnownAccounts> {
  if (names.length === 0 || targets.length === 0) return NO_ACCOUNTS
  const lists = listsOf(targets, names)
  const sentence = (count: string) => `Read the service accounts of ${count} namespaces`
  const read = await withProgress(targets, sentence, async (target) => {
    const listed = (await lists.get(target.cluster))?.get(target.namespace)
    return { status: 'read', accounts: listed ?? (await unlessUnreadable(readEach(target, names))) }
  })
  return new Map([...read].flatMap(([target, { accounts }]) => (accounts ? [[keyOfTarget(target), accounts]] : [])))
}

/** The lists of the clusters that have many targets, as promises. */
export function listsOf(
  targets: readonly Target[],
  names: readonly string[],
): ReadonlyMap<Target['cluster'], ReturnType<typeof listInCluster>> {
  const many = [...Map.groupBy(targets, ({ cluster }) => cluster)].filter(([, own]) => own.length > MAX_SINGLE_READS)
  return new Map(
    many.map(([cluster, own]) => [
      cluster,
      listInCluster(cluster, new Set(own.map(({ namespace }) => namespace)), names),
    ]),
  )
}

/**
 * The accounts of a target that lack the pull secret; undefined when they are not known.
 * @param names of the accounts that are to have it; `*` is all
 */
export function accountsLacking(
  known: KnownAccounts,
  target: Target,
  { name: secret, serviceAccounts: names }: { readonly name: string; readonly serviceAccounts: readonly string[] },
): string[] | undefined {
  if (names.length === 0) return []
  const accounts = known.get(keyOfTarget(target))
  return accounts && accountNames(names, accounts).filter((name) => !isAttached(accounts.get(name), secret))
}

/** Every namespace gets a `default` account, possibly a moment later. */
export function accountNames(names: readonly string[], accounts: ServiceAccounts | undefined): readonly string[] {
  return names.includes('*') ? [...new Set(['default', ...(accounts?.keys() ?? [])])].sort() : names
}

export function isAttached(account: ServiceAccount | undefined, secret: string): boolean {
  return account?.imagePullSecrets.some(({ name }) => name === secret) === true
}

/** @returns undefined when it does not exist */
export async function readAccount(target: Target, name: string): Promise<ServiceAccount | undefined> {
  const response = await target.cluster.request({
    operation: readOperation(target, name),
    path: accountPath(target, name),
    expectedStatuses: [404],
    hints: () => ({
      403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${target.namespace}.`,
    }),
  })
  return response.status === 404 ? undefined : describeAccount(response.json())
}

/** As it reads after "Could not …". */
export function readOperation({ cluster, namespace }: Target, name: string): string {
  return `read the service account ${namespace}/${name} in the cluster ${cluster.name}`
}

export function accountPath({ namespace }: Target, name: string): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${encodeURIComponent(name)}`
}

export function keyOfTarget({ cluster, namespace }: Target): string {
  return `${cluster.name}/${namespace}`
}

async function readEach(target: Target, names: readonly string[]): Promise<ServiceAccounts> {
  if (names.includes('*')) return await listInNamespace(target)
  const read = await Promise.all(names.map(async (name) => [name, await readAccount(target, name)] as const))
  return new Map(read.flatMap(([name, account]) => (account ? [[name, account]] : [])))
}

/** They are read again when they are updated, which then fails. */
async function unlessUnreadable<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (isAbort(error)) throw error
    debug(reason(error))
    return undefined
  }
}
