import type { ApiServer } from '../kubernetes/client.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { type ApplyOptions, applyObject } from './apply.ts'
import { type PullSecret, withAccountSecret } from './pod-spec.ts'

const RESOURCE = { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true, isOwn: false }

/**
 * Applies a ServiceAccount of the manifests before the other objects, so it has the pull secret before a Pod uses it.
 * @throws ActionError
 */
export async function applyServiceAccount(
  server: ApiServer,
  { object, namespace, secret }: DeclaredAccount,
  signal: ApplyOptions['signal'],
): Promise<void> {
  const complete = withAccountSecret(object, secret)
  const placed = { object: complete, resource: RESOURCE, namespace, needsManifest: false }
  await applyObject(server, placed, { dryRun: false, recreate: [], signal })
}

interface DeclaredAccount {
  readonly object: KubernetesObject
  readonly namespace: string
  readonly secret: Omit<PullSecret, 'hosts'>
}
