import fc from 'fast-check'
import { ActionError } from '../../src/core/errors.ts'
import { UnexpectedResponse } from '../../src/http/errors.ts'
import type { HttpResponse } from '../../src/http/response.ts'
import type { Cluster } from '../../src/kubernetes/client.ts'
import { describePullSecrets } from '../../src/pull-secret/inventory.ts'
import { listHolders, listSecrets } from '../../src/pull-secret/list.ts'
import { chooseNamespaces, listNamespaces } from '../../src/pull-secret/namespaces.ts'
import { listInCluster } from '../../src/pull-secret/service-account-list.ts'
import { expectSafe, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedJson } from './hostile.ts'

const metadata = {
  name: 'team-a',
  namespace: 'team-a',
  uid: '8f0e1d1f-3c1e-4b0a-9f0e-0c2b7c5e5e34',
  labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' },
  annotations: { 'registry-pull-secret/credentials': '[{"hosts":["h"],"provider":"static","id":"i","scope":[]}]' },
  creationTimestamp: '2025-11-23T10:00:00Z',
}
const item = {
  metadata,
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'e30=', '.dockercfg': 'e30=' },
}
const samples = [
  {
    kind: 'SecretList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '9' },
    items: [item, { ...item, metadata: {} }],
  },
  {
    kind: 'NamespaceList',
    metadata: { continue: 'x' },
    items: [{ metadata: { ...metadata, deletionTimestamp: 'x' } }],
  },
  { kind: 'ServiceAccountList', metadata: {}, items: [{ metadata, imagePullSecrets: [{ name: 'a' }] }] },
  { kind: 'SecretList', metadata: {}, items: null },
]
const exchange = { service: 'cluster', operation: 'list', from: 'GET https://h/', host: 'h' } as const

/** An API server that returns the same body to each request. */
function clusterWith(text: string): Cluster {
  let requests = 0
  const request = async (): Promise<HttpResponse> => {
    if (++requests > 100) throw new Error('the list has no end')
    const unexpected = (problem: string) => new UnexpectedResponse(exchange, problem)
    const json = () => {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
      throw unexpected('it is not an object')
    }
    return { status: 200, headers: {}, text, json, unexpected, error: () => unexpected('') as never }
  }
  return { name: 'lab', namespace: 'default', request } as unknown as Cluster
}

async function unlessActionError<T>(result: Promise<T>): Promise<T | undefined> {
  return await result.catch((error: unknown) => {
    if (error instanceof ActionError && error.code !== 'internal-error') return undefined
    throw error
  })
}

const names = new Set(['team-a', '__proto__', ''])

/** The functions that read a list. */
const readers: readonly ((cluster: Cluster) => Promise<void>)[] = [
  async (cluster) => {
    const secrets = await unlessActionError(listSecrets(cluster, 'pull', names))
    for (const { where } of secrets?.values() ?? []) expectSafe(where)
  },
  async (cluster) => {
    const holders = await unlessActionError(listHolders(cluster))
    for (const where of holders?.values() ?? []) where.forEach(expectSafe)
  },
  async (cluster) => {
    const chosen = await unlessActionError(chooseNamespaces(cluster, { patterns: ['*'], selector: undefined }))
    for (const name of chosen?.names ?? []) expectThat(typeof name === 'string', 'a name', name)
  },
  async (cluster) => {
    const statuses = await unlessActionError(listNamespaces(cluster))
    for (const name of statuses?.keys() ?? []) expectThat(typeof name === 'string', 'a name', name)
  },
  async (cluster) => {
    await unlessActionError(listInCluster(cluster, names, ['*']))
  },
  async (cluster) => await describePullSecrets(cluster, 'team-a'),
]

fuzz('Kubernetes list', 'any JSON is read as a list, or rejected with an error for the user', {
  cases: fc.tuple(editedJson(samples), fc.constantFrom(...readers)),
  check: async ([text, read]) => {
    if (isJson(text)) await read(clusterWith(text))
  },
})

/** A body that is not JSON never gets so far. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
