// Two clusters, and contexts that lead to them.
import { afterAll, beforeAll } from 'vitest'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { connectClusters, readTargets } from '../../../src/pull-secret/read-targets.ts'
import type { TargetState } from '../../../src/pull-secret/target.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import { type KubeconfigEntry, kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'
import { owner } from './stored-record.ts'

const resources = new AsyncDisposableStack()
export let prod: ObservedKubernetesServer
export let stage: ObservedKubernetesServer

/** Starts them for the tests of a file. */
export function useTwoClusters(): void {
  beforeAll(async () => {
    prod = resources.use(await startFakeApiServer())
    stage = resources.use(await startFakeApiServer())
    for (const server of [prod, stage]) for (const name of ['a', 'b', 'shop']) await server.createNamespace(name)
  })
  afterAll(() => resources.disposeAsync())
}

/** A context of this server; the administrator's. */
export function entry(context: string, server: ObservedKubernetesServer, change: Partial<KubeconfigEntry> = {}) {
  const { url, certificateAuthority, adminToken } = server
  const user = { token: adminToken }
  return { context, server: url, certificateAuthority, user, userName: `${context}-user`, ...change }
}

export function configOf([first, ...rest]: readonly KubeconfigEntry[]) {
  if (first === undefined) throw new Error('no context')
  return loadKubeConfig({ kind: 'text', text: kubeconfig([first, ...rest]) })
}

export async function read(
  entries: readonly KubeconfigEntry[],
  patterns: readonly string[] = ['a'],
  { isSecretRead = true } = {},
): Promise<TargetState[]> {
  for (const server of [prod, stage]) server.journal.length = 0
  const config = configOf(entries)
  const contexts = entries.map(({ context }) => context)
  const selection = {
    config,
    contexts,
    patterns,
    selector: undefined,
    concurrency: 4,
    proxies: NO_PROXIES,
    firstRetryDelayMs: 10,
  }
  const secret = isSecretRead ? { name: 'pull', adopt: false, owner } : undefined
  return await readTargets(connectClusters(selection, new AbortController().signal), selection, secret)
}

export const namesOf = (targets: readonly TargetState[]) =>
  targets.map(({ cluster, namespace, status }) => `${cluster.name}/${namespace} ${status}`)
export const identitiesOf = (targets: readonly TargetState[]) => targets.map(({ cluster }) => cluster.identity)
export const requestsTo = ({ journal }: ObservedKubernetesServer) => journal.map(({ path }) => path).sort()
export const uidOf = async (server: ObservedKubernetesServer) => {
  const { body } = await server.request('GET', '/api/v1/namespaces/kube-system')
  return body.metadata.uid.replaceAll('-', '').slice(0, 16)
}
