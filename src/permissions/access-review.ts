import { ActionError } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import { compareTexts } from '../core/order.ts'
import { HttpError, NetworkError, UnexpectedResponse } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { type FailedTarget, failedTarget, type TargetState } from '../pull-secret/target.ts'
import { MAX_SINGLE_READS } from '../pull-secret/targets.ts'
import { describePermissions, type Permission } from './permission.ts'
import type { Requirement } from './required.ts'
import type { Place } from './role.ts'

/**
 * Asks the API servers, before anything is minted, whether the users of the kubeconfig may do what the run is about to do
 * (SelfSubjectAccessReview). A target where one may not fails alone; targets that lack the same permissions share one error,
 * with the Role that grants them and what else runs with these inputs need.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 * @param requirementOf what a target needs; nothing is asked for a target that needs nothing
 */
export async function checkPermissions(
  targets: readonly TargetState[],
  requirementOf: (target: TargetState) => Requirement,
): Promise<TargetState[]> {
  const denied = new Map<TargetState, FailedTarget>()
  const byCluster = Map.groupBy(targets, ({ cluster }) => cluster)
  await Promise.all(
    [...byCluster].map(async ([cluster, group]) => {
      const demands = group
        .map((target) => ({ target, ...requirementOf(target) }))
        .filter(({ checked }) => checked.length > 0)
      for (const [target, error] of await review(cluster, demands)) denied.set(target, failedTarget(target, error))
    }),
  )
  return targets.map((target) => denied.get(target) ?? target)
}

type Demand = Requirement & { readonly target: TargetState }

async function review(cluster: Cluster, demands: readonly Demand[]): Promise<[TargetState, ActionError][]> {
  // A user who may do it in the whole cluster is not asked about for each namespace.
  const general =
    demands.length > MAX_SINGLE_READS
      ? await grantedIn(cluster, '', unique(demands.flatMap(({ checked }) => checked)))
      : []
  const everywhere = new Set(general.map(keyOf))
  const reviewed = await Promise.all(
    demands.map(async (demand) => {
      const { target, checked } = demand
      const open = checked.filter((permission) => !everywhere.has(keyOf(permission)))
      const granted = new Set(await grantedIn(cluster, target.namespace, open))
      return { ...demand, missing: open.filter((permission) => !granted.has(permission)) }
    }),
  )
  const refused = reviewed.filter(({ missing }) => missing.length > 0)
  const alike = Map.groupBy(refused, ({ granted, missing }) =>
    [...missing.map(keyOf), '|', ...granted.map(keyOf)].join(' '),
  )
  const failures = await Promise.all(
    [...alike.values()].map(async (group) => {
      const failure = await denial(cluster, group)
      return group.map(({ target }): [TargetState, ActionError] => [target, failure])
    }),
  )
  return failures.flat()
}

type Refused = Demand & { readonly missing: readonly Permission[] }

async function denial(cluster: Cluster, group: readonly Refused[]): Promise<ActionError> {
  const places = group
    .map(({ target }) => ({ namespace: target.namespace, existence: existenceOf(target) }))
    .sort((one, other) => compareTexts(one.namespace, other.namespace))
  const namespaces = places.map(({ namespace }) => namespace)
  const [{ missing, granted }] = group as [Refused]
  const { rolesFor } = await import('./role.ts')
  return new ActionError(
    'permission-missing',
    `The kubeconfig user for cluster ${cluster.name} is not allowed to ${describePermissions(missing)} in ${enumerate(namespaces)}`,
    {
      hint: `Check \`namespaces\`, or apply the Role at the end of the log and in the job summary.${describeUnknown(places)}`,
      details: { cluster: cluster.name, manifest: rolesFor(granted, places, await userOf(cluster)) },
    },
  )
}

function existenceOf(target: TargetState): Place['existence'] {
  if (target.status === 'ready' && target.namespaceToCreate !== undefined) return 'missing'
  return target.isNamespaceUnknown ? 'unknown' : 'exists'
}

/** Which of these namespaces may not exist; empty when they do. */
function describeUnknown(places: readonly Place[]): string {
  const unknown = places.filter(({ existence }) => existence === 'unknown').map(({ namespace }) => namespace)
  if (unknown.length === 0) return ''
  return ` The user is not allowed to read whether ${enumerate(unknown)} exist${unknown.length === 1 ? 's' : ''}: create what is missing first.`
}

const MAX_NAMED_NAMESPACES = 5

function enumerate(namespaces: readonly string[]): string {
  const [only] = namespaces
  if (namespaces.length === 1) return `namespace ${only}`
  const rest = namespaces.length - MAX_NAMED_NAMESPACES
  return `namespaces ${namespaces.slice(0, MAX_NAMED_NAMESPACES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** @param namespace empty: in all of them */
async function grantedIn<T extends Permission>(
  cluster: Cluster,
  namespace: string,
  permissions: readonly T[],
): Promise<T[]> {
  const responses = await Promise.all(
    permissions.map(async (permission) => await isGranted(cluster, namespace, permission)),
  )
  return permissions.filter((_, index) => responses[index])
}

/** A user who may not even ask is not refused for that, nor is one without a response: the write itself decides. */
async function isGranted(
  cluster: Cluster,
  namespace: string,
  { isClusterScoped, ...permission }: Permission,
): Promise<boolean> {
  try {
    const response = await cluster.request({
      operation: `check the permissions of the user in cluster ${cluster.name}`,
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace: isClusterScoped ? '' : namespace, ...permission } },
      },
    })
    return asObject(response.json().status).allowed === true
  } catch (error) {
    const isUnanswered = [HttpError, NetworkError, UnexpectedResponse].some((kind) => error instanceof kind)
    if (isUnanswered) return namespace !== ''
    throw error
  }
}

/** How the API server calls the user; undefined where it has no SelfSubjectReview (before Kubernetes 1.28). */
async function userOf(cluster: Cluster): Promise<string | undefined> {
  const response = await cluster
    .request({
      operation: `read the name of the user in cluster ${cluster.name}`,
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    })
    .catch(() => undefined)
  return asText(asObject(asObject(response?.json().status).userInfo).username)
}

function unique(permissions: readonly Permission[]): Permission[] {
  return [...new Map(permissions.map((permission) => [keyOf(permission), permission])).values()]
}

function keyOf({ verb, group, resource, name = '' }: Permission): string {
  return [verb, group, resource, name].join('/')
}
