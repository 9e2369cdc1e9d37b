import { ActionError } from '../core/errors.ts'
import { lookUpBriefly } from '../http/brief-lookup.ts'
import type { ApiServer, Cluster } from '../kubernetes/client.ts'
import { METADATA_ONLY, pagesOf } from '../kubernetes/list.ts'
import { LABEL } from '../kubernetes/names.ts'
import { nameOf } from '../kubernetes/object.ts'
import { suggestionOf, withSuggestion } from '../runner/suggestion.ts'
import { type FailedTarget, isFailed, type TargetState } from './target.ts'

/**
 * Adds the namespaces that exist to the errors of those that do not.
 * @param known undefined: they are listed once, where the user may list them
 */
export async function suggestNamespaces(
  cluster: Cluster,
  targets: readonly TargetState[],
  known?: Iterable<string>,
): Promise<readonly TargetState[]> {
  if (!targets.some(isMissing)) return targets
  const names = known === undefined ? await listSome(cluster) : [...known]
  return targets.map((target) => (isMissing(target) ? { ...target, error: withNames(target, names) } : target))
}

/** The first page of the namespaces; none where the user may not list them. */
async function listSome(cluster: ApiServer): Promise<readonly string[]> {
  const what = `the namespaces of the cluster ${cluster.name}`
  const listed = lookUpBriefly(what, async ({ signal, maxAttempts }) => {
    const request = { operation: `list ${what}`, path: '/api/v1/namespaces', accept: METADATA_ONLY }
    for await (const { items } of pagesOf(cluster, { ...request, signal, maxAttempts })) return items.map(nameOf)
    return []
  })
  return (await listed) ?? []
}

function isMissing(target: TargetState): target is FailedTarget {
  return isFailed(target) && target.error.code === 'namespace-not-found'
}

function withNames(
  { namespace, error }: Pick<FailedTarget, 'namespace' | 'error'>,
  names: readonly string[],
): ActionError {
  const { code, message, hint = '', details, cause } = error
  return new ActionError(code, message, {
    hint: withSuggestion(hint, suggestNamespace(namespace, names)),
    details,
    cause,
  })
}

/** Adds the namespaces that may be meant to an error about one that does not exist. */
export async function withNearNamespaces(
  server: ApiServer,
  error: ActionError,
  namespace: string,
): Promise<ActionError> {
  return withNames({ namespace, error }, await listSome(server))
}

/**
 * The namespaces that may be meant; no others, which can be those of other teams.
 * @param names as an API server lists them
 */
export function suggestNamespace(wanted: string, names: readonly string[]): string | undefined {
  const valid = names.filter((name) => LABEL.test(name))
  return suggestionOf({ kind: 'namespaces of the cluster', wanted, names: valid, otherwise: 'none' })
}
