// What a person wants to see of objects in the cluster.
import { dump } from 'js-yaml'
import type { KubernetesResponse } from '../../__tests__/support/kubernetes/server.ts'
import type { DemoCluster } from './cluster.ts'

type Json = KubernetesResponse['body']

export async function get(cluster: DemoCluster, path: string): Promise<Json> {
  const { status, body } = await cluster.request('GET', `/api/v1/namespaces/${cluster.namespace}/${path}`)
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.message}`)
  return body
}

/** As kubectl prints an object: keys sorted, without the managed fields. */
export function asYaml({ metadata: { managedFields: _, ...metadata }, ...object }: Json): string {
  return dump({ ...object, metadata }, { sortKeys: true, lineWidth: -1, quoteStyle: 'double' })
}

export async function describePod(cluster: DemoCluster, pod: Json): Promise<[name: string, value: string][]> {
  const { namespace, name } = pod.metadata
  const { items } = await get(cluster, `events?fieldSelector=involvedObject.name%3D${name}`)
  const events = items.map(({ reason, message }: Json) => `${reason}: ${message}`).join('\n')
  return [
    ['Pod', `${namespace}/${name}`],
    ['Status', `${pod.status.phase ?? 'Pending'}${isReady(pod) ? ', ready' : ''}`],
    ['imagePullSecrets', `${pullSecretsOf(pod)} (the manifest names none: the step added it)`],
    ['Events', events || 'none yet'],
  ]
}

export function isReady({ status }: Json): boolean {
  return (status.conditions ?? []).some(({ type, status }: Json) => type === 'Ready' && status === 'True')
}

export function pullSecretsOf({ spec }: Json): string {
  return (spec.imagePullSecrets ?? []).map(({ name }: Json) => name).join(', ')
}

/** What a node would log in with. */
export function loginOf(secret: Json, host: string): { readonly username: string; readonly password: string } {
  return JSON.parse(Buffer.from(secret.data['.dockerconfigjson'], 'base64').toString()).auths[host]
}
