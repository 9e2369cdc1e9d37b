import { MANAGER_NAME } from '../core/constants.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'
import { type ApplyOptions, applyObject } from './apply.ts'

/** The result of a Namespace in the manifests that was applied before the secrets were written. */
export type NamespaceResult =
  | { readonly result: 'applied' | 'planned' }
  | { readonly result: 'failed'; readonly reason: string }

/** By the name of the cluster, and by the object in the manifests. */
export type NamespaceResults = ReadonlyMap<string, ReadonlyMap<KubernetesObject, NamespaceResult>>

const RESOURCE = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false, isOwn: false }

/**
 * Applies a Namespace of the manifests, which may be in them more than once.
 * @throws ActionError
 */
export async function applyNamespace(
  server: ApiServer,
  objects: readonly KubernetesObject[],
  options: Pick<ApplyOptions, 'dryRun' | 'signal'>,
): Promise<void> {
  for (const object of objects) {
    const placed = { object, resource: RESOURCE, namespace: '', needsManifest: false }
    await applyObject(server, placed, { ...options, recreate: [] })
    logCreation(server, object.metadata.name, options.dryRun)
  }
}

/**
 * Creates a namespace without labels. One that exists by now is not changed.
 * @throws ActionError
 */
export async function createNamespace(server: ApiServer, name: string, dryRun: boolean): Promise<void> {
  await server.request({
    operation: `create namespace ${name} in cluster ${server.name}`,
    method: 'POST',
    path: '/api/v1/namespaces',
    query: { fieldManager: MANAGER_NAME, ...(dryRun && { dryRun: 'All' }) },
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    expectedStatuses: [409],
    hints: () => ({
      403: 'Grant the verb create on namespaces to the kubeconfig user of this cluster (a ClusterRole), or create the namespace first.',
    }),
  })
  logCreation(server, name, dryRun)
}

function logCreation(server: ApiServer, name: string, dryRun: boolean): void {
  info(`${dryRun ? 'Would create' : 'Created'} namespace ${name} in cluster ${server.name}`)
}
