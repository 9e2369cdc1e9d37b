import { ActionError } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import { type EntryLogin, readEntry } from '../issuer/docker-config/entry.ts'
import { type HostProblem, identityTokenProblem, shownKeys, tooManyHosts } from '../issuer/docker-config/problem.ts'
import { findKey } from '../issuer/docker-config/select.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { keysForNodes } from '../registry/config-key.ts'
import { maskEntries } from '../registry/docker-config.ts'
import { printable } from '../runner/log.ts'
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, readEntries } from './read.ts'

/** A pull secret whose credentials are copied. */
export interface SourceSecret {
  readonly namespace: string
  readonly name: string
}

/** A login of one registry host. */
export type SourceLogin = EntryLogin & { readonly server: string }

/**
 * Reads the credentials in a pull secret.
 * @param servers the hosts to take; empty: all that have a credential
 * @throws ActionError `source-secret-unusable`, and the errors of a request
 */
export async function readSourceSecret(
  cluster: Cluster,
  source: SourceSecret,
  servers: readonly string[],
): Promise<SourceLogin[]> {
  const entries = await readSource(cluster, source)
  const keys = Object.keys(entries)
  const chosen = servers.length > 0 ? keysOf(keys, servers) : keysForNodes(keys)
  const tooMany = tooManyHosts(chosen.size)
  if (tooMany !== undefined) throw unusable(cluster, source, tooMany)
  const found = [...chosen].map(([server, key]) => ({ server, entry: readEntry(entries[key]) }))
  const logins = found.flatMap(({ server, entry }) => (entry.kind === 'login' ? [{ ...entry, server }] : []))
  const tokenOnly = found.find(({ entry }) => entry.kind === 'identity-token')
  if (tokenOnly !== undefined) throw unusable(cluster, source, identityTokenProblem(tokenOnly.server))
  const missing = servers.filter((server) => !logins.some((login) => login.server === server))
  if (missing.length > 0 || logins.length === 0) {
    const problem = `has no credential for ${missing.join(', ') || 'any registry'}`
    throw unusable(cluster, source, [problem, `Check \`docker-server\`. The Secret has ${shownKeys(keys)}.`])
  }
  return logins
}

/** The keys of the hosts that there are. */
function keysOf(keys: readonly string[], servers: readonly string[]): Map<string, string> {
  const found = servers.map((server) => [server, findKey(keys, server)] as const)
  return new Map(found.flatMap(([server, key]) => (key === undefined ? [] : [[server, key] as const])))
}

/** All clusters of a run get credentials for the same hosts. */
export function lacksHosts(cluster: Cluster, source: SourceSecret, missing: readonly string[]): ActionError {
  const hint = 'Set `docker-server` to the hosts that this Secret has in every cluster.'
  return unusable(cluster, source, [
    `has no credential for ${missing.join(', ')}, as that of another cluster has`,
    hint,
  ])
}

async function readSource(cluster: Cluster, source: SourceSecret): Promise<Readonly<Record<string, unknown>>> {
  const { namespace, name } = source
  const response = await cluster.request({
    operation: `read the secret ${namespace}/${name}, which \`docker-config-secret\` names, in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
    expectedStatuses: [404],
    hints: () => ({
      403: `Grant the user of this kubeconfig the verb get on this one Secret: a Role in namespace ${namespace} with \`resources: [secrets]\`, \`resourceNames: [${name}]\`, \`verbs: [get]\`.`,
    }),
  })
  if (response.status === 404)
    throw unusable(cluster, source, ['does not exist', 'Check `docker-config-secret` and `contexts`.'])
  const { type, data } = response.json()
  if (type !== DOCKER_CONFIG_TYPE) {
    throw unusable(cluster, source, [
      `has the type ${printable(asText(type) ?? 'Opaque')}`,
      `Name one of type ${DOCKER_CONFIG_TYPE}.`,
    ])
  }
  const entries = readEntries(asObject(data)[DOCKER_CONFIG_KEY])
  maskEntries(entries)
  return entries
}

function unusable({ name: cluster }: Cluster, source: SourceSecret, [problem, hint]: HostProblem): ActionError {
  const { namespace, name } = source
  return new ActionError('source-secret-unusable', `Secret ${namespace}/${name} in cluster ${cluster} ${problem}`, {
    hint,
    details: { cluster, namespace, resource: `secrets/${name}` },
  })
}
