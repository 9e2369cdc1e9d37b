import { Failure } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import { HttpError, NetworkError, UnexpectedAnswer } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { MOST_SINGLE_READS, type Unusable, type Usable } from '../pull-secret/targets.ts'
import { describeRights, type Right } from './permission.ts'
import { rolesFor } from './role.ts'

/**
 * Asks the API servers, before anything is minted, whether their logins may do what the run is about to do. A target
 * whose login may not, fails alone; the ones that lack the same rights share one failure, with the Role that they lack.
 * @param rightsOf what a target takes; none: it is not asked for
 */
export async function requireRights(
  targets: readonly (Usable | Unusable)[],
  rightsOf: (target: Usable | Unusable) => readonly Right[],
): Promise<(Usable | Unusable)[]> {
  const denied = new Map<Usable | Unusable, Unusable>()
  const byCluster = Map.groupBy(targets, ({ cluster }) => cluster)
  await Promise.all(
    [...byCluster].map(async ([cluster, group]) => {
      const demands = group
        .map((target) => ({ target, rights: rightsOf(target) }))
        .filter(({ rights }) => rights.length > 0)
      for (const [target, failure] of await review(cluster, demands)) {
        const { namespace } = target
        denied.set(target, { cluster, namespace, result: 'failed', failure, mayHold: false })
      }
    }),
  )
  return targets.map((target) => denied.get(target) ?? target)
}

/** A target, and all that it takes. */
interface Demand {
  readonly target: Usable | Unusable
  readonly rights: readonly Right[]
}

async function review(cluster: Cluster, demands: readonly Demand[]): Promise<[Usable | Unusable, Failure][]> {
  // Who may do it everywhere need not be asked a thousand times.
  const general =
    demands.length > MOST_SINGLE_READS
      ? await grantedIn(cluster, '', unique(demands.flatMap(({ rights }) => rights)))
      : []
  const everywhere = new Set(general.map(keyOf))
  const reviewed = await Promise.all(
    demands.map(async ({ target, rights }) => {
      const open = rights.filter((right) => !everywhere.has(keyOf(right)))
      const granted = new Set(await grantedIn(cluster, target.namespace, open))
      return { target, rights, missing: open.filter((right) => !granted.has(right)) }
    }),
  )
  const refused = reviewed.filter(({ missing }) => missing.length > 0)
  const alike = Map.groupBy(refused, ({ rights, missing }) =>
    [...missing.map(keyOf), '|', ...rights.map(keyOf)].join(' '),
  )
  const failures = await Promise.all(
    [...alike.values()].map(async (group) => {
      const failure = await denial(cluster, group)
      return group.map(({ target }): [Usable | Unusable, Failure] => [target, failure])
    }),
  )
  return failures.flat()
}

type Refused = Demand & { readonly missing: readonly Right[] }

async function denial(cluster: Cluster, group: readonly Refused[]): Promise<Failure> {
  const namespaces = group.map(({ target }) => target.namespace).sort()
  const [{ missing, rights }] = group as [Refused]
  return new Failure(
    `The login of the cluster ${cluster.name} may not ${describeRights(missing)} in ${enumerate(namespaces)}`,
    {
      cure: 'Check `namespaces`, or apply the Role that stands at the end of the log and in the job summary.',
      manifest: rolesFor(rights, namespaces, await userOf(cluster)),
    },
  )
}

const NAMED = 5

function enumerate(namespaces: readonly string[]): string {
  const [only] = namespaces
  if (namespaces.length === 1) return `the namespace ${only}`
  const rest = namespaces.length - NAMED
  return `the namespaces ${namespaces.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** @param namespace empty: in all of them */
async function grantedIn<T extends Right>(cluster: Cluster, namespace: string, rights: readonly T[]): Promise<T[]> {
  const answers = await Promise.all(rights.map(async (right) => await isGranted(cluster, namespace, right)))
  return rights.filter((_, index) => answers[index])
}

/** A login that may not even ask is not refused for that, nor is one without an answer: the write itself will tell. */
async function isGranted(cluster: Cluster, namespace: string, right: Right): Promise<boolean> {
  try {
    const answer = await cluster.request({
      doing: `ask what this login may do in the cluster ${cluster.name}`,
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, ...right } },
      },
    })
    return asObject(answer.json().status).allowed === true
  } catch (error) {
    const isUnanswered = [HttpError, NetworkError, UnexpectedAnswer].some((kind) => error instanceof kind)
    if (isUnanswered) return namespace !== ''
    throw error
  }
}

/** How the API server calls the login; undefined where it does not tell (before Kubernetes 1.28). */
async function userOf(cluster: Cluster): Promise<string | undefined> {
  const answer = await cluster
    .request({
      doing: `ask who this login is in the cluster ${cluster.name}`,
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    })
    .catch(() => undefined)
  return asText(asObject(asObject(answer?.json().status).userInfo).username)
}

function unique(rights: readonly Right[]): Right[] {
  return [...new Map(rights.map((right) => [keyOf(right), right])).values()]
}

function keyOf({ verb, group, resource, name = '' }: Right): string {
  return [verb, group, resource, name].join('/')
}
