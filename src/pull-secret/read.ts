import { MANAGER_NAME } from '../core/constants.ts'
import { asName, asObject, asObjects, asText, isObject } from '../core/json.ts'
import { lastResult } from '../core/last-result.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { deletionOf } from '../kubernetes/object.ts'
import { maskEntries } from '../registry/docker-config.ts'
import { printable } from '../runner/log.ts'
import { PENDING, type PendingRotation, parsePending } from './pending.ts'
import { type CredentialRecord, parseRecords, RECORDS } from './record.ts'

export const MANAGED_BY = 'app.kubernetes.io/managed-by'
export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson'
/** What kubectl wrote before Kubernetes 1.9. */
export const LEGACY_TYPE = 'kubernetes.io/dockercfg'
export const DOCKER_CONFIG_KEY = '.dockerconfigjson'

/** What a namespace holds under the name of the pull secret. */
export type Stored = { readonly kind: 'absent' } | StoredSecret

export interface StoredSecret {
  readonly kind: 'present'
  readonly name: string
  /** The name of its cluster. */
  readonly cluster: string
  /** `cluster: namespace/name`, for messages. */
  readonly where: string
  readonly type: string
  readonly immutable: boolean
  /** Whether this action wrote it. */
  readonly ours: boolean
  /** Other field managers of it. */
  readonly managers: readonly string[]
  /** Kind and name of the object whose controller keeps the secret in its own state. */
  readonly controller: string | undefined
  /** `is being deleted`, with what holds it; undefined when it stays. */
  readonly deletion: string | undefined
  readonly resourceVersion: string
  readonly labels: Readonly<Record<string, unknown>>
  readonly annotations: Readonly<Record<string, unknown>>
  /** What this action recorded about its credentials; empty on a secret that it did not write. */
  readonly records: readonly CredentialRecord[]
  /** Rotations that are not finished. */
  readonly pending: readonly PendingRotation[]
  /** The docker config in base64, as stored. */
  readonly data: string | undefined
  /** Its docker config; empty when there is no readable one. */
  readonly config: Readonly<Record<string, unknown>>
  /** The entries of that by host. */
  readonly entries: Readonly<Record<string, unknown>>
}

export async function readSecret(cluster: Cluster, namespace: string, name: string): Promise<Stored> {
  const operation = `read the secret ${namespace}/${name} in the cluster ${cluster.name}`
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`
  const response = await cluster.request({
    operation,
    path,
    expectedStatuses: [404],
    hints: () => ({
      403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
    }),
  })
  if (response.status === 404) return { kind: 'absent' }
  const secret = response.json()
  if (secret.kind !== 'Secret') throw response.unexpected('it is not a Secret')
  return describeSecret(secret, cluster)
}

/** A Secret of the API server, as far as this action needs it. */
export function describeSecret(secret: Readonly<Record<string, unknown>>, cluster: Cluster): StoredSecret {
  const metadata = asObject(secret.metadata)
  const where = placeOf(cluster, asName(metadata.namespace), asName(metadata.name))
  const labels = asObject(metadata.labels)
  const annotations = asObject(metadata.annotations)
  const data = asText(asObject(secret.data)[DOCKER_CONFIG_KEY])
  const ours = labels[MANAGED_BY] === MANAGER_NAME
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const records = recordsOf(ours ? annotations[RECORDS] : undefined, now)
  const { config, entries } = contentOf(data, records, annotations[LAST_APPLIED])
  const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? [])
  const controller = asObjects(metadata.ownerReferences).find((owner) => owner.controller === true)
  return {
    kind: 'present',
    name: printable(asText(metadata.name) ?? ''),
    cluster: cluster.name,
    where,
    type: asText(secret.type) ?? 'Opaque',
    immutable: secret.immutable === true,
    ours,
    managers: [...new Set(managers)].filter((manager) => manager !== MANAGER_NAME).map(printable),
    controller: controller && printable(`${asName(controller.kind)} ${asName(controller.name)}`),
    deletion: deletionOf(secret),
    resourceVersion: asText(metadata.resourceVersion) ?? '',
    labels,
    annotations,
    records,
    pending: ours ? parsePending(annotations[PENDING]) : [],
    data,
    config,
    entries,
  }
}

const MINUTE_MS = 60_000

// What is the same in many namespaces.
const recordsOf = lastResult(parseRecords)

/** Masks what is secret in it. */
const contentOf = lastResult((data: string | undefined, records: CredentialRecord[], lastApplied: unknown) => {
  const config = readConfig(data)
  const entries = asObject(config.auths)
  const ids = records.map(({ tokenId }) => tokenId)
  maskEntries(entries, ids)
  if (lastApplied !== undefined) maskEntries(lastAppliedEntries(lastApplied), ids)
  return { config, entries }
})

/** What `kubectl apply` wrote last. It holds the docker config of that time, whatever the secret holds now. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

function lastAppliedEntries(lastApplied: unknown): Readonly<Record<string, unknown>> {
  const { data, stringData } = parseObject(lastApplied)
  const config = asText(asObject(stringData)[DOCKER_CONFIG_KEY])
  return config === undefined ? readEntries(asObject(data)[DOCKER_CONFIG_KEY]) : asObject(parseObject(config).auths)
}

function parseObject(json: unknown): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(asText(json) ?? ''))
  } catch {
    return {}
  }
}

/** `cluster: namespace/name`, for messages. */
export function placeOf(cluster: Pick<Cluster, 'name'>, namespace: string, name: string): string {
  return printable(`${cluster.name}: ${namespace}/${name}`)
}

/** The `auths` of a docker config in base64. */
export function readEntries(base64: unknown): Readonly<Record<string, unknown>> {
  return asObject(readConfig(base64).auths)
}

/**
 * A malformed one counts as empty, and is replaced by the next write. Entries that are not objects are left out: a kubelet
 * rejects the whole config for one of them.
 */
function readConfig(base64: unknown): Readonly<Record<string, unknown>> {
  try {
    const config: unknown = JSON.parse(Buffer.from(asText(base64) ?? '', 'base64').toString())
    // Throws for what nests too deeply to be written again.
    JSON.stringify(config)
    if (!isObject(config)) return {}
    const entries = isObject(config.auths) ? Object.entries(config.auths) : []
    return { ...config, auths: Object.fromEntries(entries.filter(([, entry]) => isObject(entry))) }
  } catch {
    return {}
  }
}
