import { daysSince } from '../core/days.ts'
import { reason } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { asName, asObject, asObjects, asText } from '../core/json.ts'
import { compareTexts } from '../core/order.ts'
import { isForbidden } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { listAll } from '../kubernetes/list.ts'
import { maskEntries } from '../registry/docker-config.ts'
import { group, info, printable } from '../runner/log.ts'
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, LEGACY_TYPE, MANAGED_BY, readEntries } from './read.ts'

/** A pull secret as it may be shown: never a value. */
interface InventoryEntry {
  readonly name: string
  readonly type: string
  readonly hosts: readonly string[]
  /** Bytes of its data. */
  readonly size: number
  readonly createdAt: Date
  readonly managedBy: string
}

const TYPES = [DOCKER_CONFIG_TYPE, LEGACY_TYPE]
const LEGACY_KEY = '.dockercfg'

/** The pull secrets of a namespace, as `kubectl describe secrets` would show them. */
async function listPullSecrets(cluster: Cluster, namespace: string): Promise<InventoryEntry[]> {
  const lists = await Promise.all(TYPES.map(async (type) => await list(cluster, namespace, type)))
  return lists.flat().sort((a, b) => compareTexts(a.name, b.name))
}

async function list(cluster: Cluster, namespace: string, type: string): Promise<InventoryEntry[]> {
  const request = {
    operation: `list the pull secrets of the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}/secrets`,
    query: { fieldSelector: `type=${type}` },
  }
  return await listAll(cluster, request, describe)
}

function describe(secret: Readonly<Record<string, unknown>>): InventoryEntry {
  const metadata = asObject(secret.metadata)
  const data = asObject(secret.data)
  const label = asText(asObject(metadata.labels)[MANAGED_BY])
  const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? [])
  const hosts =
    data[DOCKER_CONFIG_KEY] === undefined ? legacyHosts(data[LEGACY_KEY]) : readEntries(data[DOCKER_CONFIG_KEY])
  maskEntries(hosts)
  return {
    name: printable(asText(metadata.name) ?? ''),
    type: printable(asText(secret.type) ?? ''),
    hosts: Object.keys(hosts).map(printable),
    size: Object.values(data).reduce<number>((sum, value) => sum + Buffer.byteLength(asName(value), 'base64'), 0),
    createdAt: new Date(asText(metadata.creationTimestamp) ?? Number.NaN),
    managedBy: printable(label ?? ([...new Set(managers)].join(', ') || 'unknown')),
  }
}

function legacyHosts(base64: unknown): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(Buffer.from(asText(base64) ?? '', 'base64').toString()))
  } catch {
    return {}
  }
}

/** Logs the pull secrets of a namespace, a line each. A run does not depend on it. */
export async function describePullSecrets(cluster: Cluster, namespace: string): Promise<void> {
  const entries = await listPullSecrets(cluster, namespace).catch((error: unknown) => ({ error }))
  group(`Pull secrets in namespace ${namespace} of cluster ${cluster.name}`, () => {
    if ('error' in entries) {
      const isRefused = isForbidden(entries.error)
      return info(isRefused ? REFUSED : `Could not list them: ${reason(entries.error)}`)
    }
    if (entries.length === 0) info('None.')
    for (const { name, type, hosts, size, createdAt, managedBy } of entries) {
      const age = formatCount(daysSince(createdAt, new Date()), 'day')
      info(`${name}: ${type}, ${named(hosts)}, ${size} bytes, ${age} old, managed by ${managedBy}`)
    }
  })
}

const REFUSED = 'The user of this kubeconfig is not allowed to list secrets; this run does not need it.'

const MAX_HOSTS = 10

function named(hosts: readonly string[]): string {
  const rest = hosts.length - MAX_HOSTS
  const some = hosts.slice(0, MAX_HOSTS).join(' ') || 'no hosts'
  return rest > 0 ? `${some} and ${rest} more hosts` : some
}
