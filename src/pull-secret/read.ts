import { MANAGER } from '../core/constants.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { UnexpectedAnswer } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { printable } from '../runner/log.ts'
import { type Provenance, provenanceOf } from './provenance.ts'

export const MANAGED_BY = 'app.kubernetes.io/managed-by'
export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson'
/** What kubectl wrote in the days of registry tokens. */
export const LEGACY_TYPE = 'kubernetes.io/dockercfg'
export const DOCKER_CONFIG_KEY = '.dockerconfigjson'

/** What a namespace holds under the name of the pull secret. */
export type Stored = { readonly kind: 'absent' } | StoredSecret

export interface StoredSecret {
  readonly kind: 'present'
  /** `cluster: namespace/name`, for sentences. */
  readonly where: string
  readonly type: string
  readonly immutable: boolean
  /** Whether this action wrote it. */
  readonly ours: boolean
  /** Who else owns fields of it. */
  readonly managers: readonly string[]
  /** Kind and name of the object whose controller keeps the secret as that object says. */
  readonly controller: string | undefined
  readonly resourceVersion: string
  readonly labels: Readonly<Record<string, unknown>>
  readonly annotations: Readonly<Record<string, unknown>>
  /** What this action recorded of the credential; absent on a secret that it did not write. */
  readonly provenance: Provenance | undefined
  /** The docker config in base64, as stored. */
  readonly data: string | undefined
  /** Its docker config; empty when there is no readable one. */
  readonly config: Readonly<Record<string, unknown>>
  /** The entries of that by host. */
  readonly entries: Readonly<Record<string, unknown>>
}

export async function readSecret(cluster: Cluster, namespace: string, name: string): Promise<Stored> {
  const doing = `read the secret ${namespace}/${name} in the cluster ${cluster.name}`
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`
  const answer = await cluster.request({
    doing,
    path,
    expect: [404],
    cures: {
      403: `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this cluster.`,
    },
  })
  if (answer.status === 404) return { kind: 'absent' }
  const secret = answer.json()
  if (secret.kind !== 'Secret') throw new UnexpectedAnswer(doing, `GET ${path}`, 'it is no Secret')
  return describeSecret(secret, cluster)
}

/** What an object of the API server means for us. */
export function describeSecret(secret: Readonly<Record<string, unknown>>, cluster: Cluster): StoredSecret {
  const metadata = asObject(secret.metadata)
  const where = printable(`${cluster.name}: ${metadata.namespace}/${metadata.name}`)
  const labels = asObject(metadata.labels)
  const annotations = asObject(metadata.annotations)
  const data = asText(asObject(secret.data)[DOCKER_CONFIG_KEY])
  const config = readConfig(data)
  const ours = labels[MANAGED_BY] === MANAGER
  const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? [])
  const controller = asObjects(metadata.ownerReferences).find((owner) => owner.controller === true)
  return {
    kind: 'present',
    where,
    type: asText(secret.type) ?? 'Opaque',
    immutable: secret.immutable === true,
    ours,
    managers: [...new Set(managers)].filter((manager) => manager !== MANAGER).map(printable),
    controller: controller && printable(`${controller.kind} ${controller.name}`),
    resourceVersion: asText(metadata.resourceVersion) ?? '',
    labels,
    annotations,
    provenance: ours ? provenanceOf(annotations) : undefined,
    data,
    config,
    entries: asObject(config.auths),
  }
}

/** The `auths` of a docker config in base64. */
export function readEntries(base64: unknown): Readonly<Record<string, unknown>> {
  return asObject(readConfig(base64).auths)
}

/**
 * A malformed one is empty: writing ours repairs it. So does leaving out an entry that is no object, since nodes reject a
 * whole config for it.
 */
function readConfig(base64: unknown): Readonly<Record<string, unknown>> {
  try {
    const config: unknown = JSON.parse(Buffer.from(asText(base64) ?? '', 'base64').toString())
    // What nests too deeply to be written again is found out here.
    JSON.stringify(config)
    if (!isRecord(config)) return {}
    const entries = isRecord(config.auths) ? Object.entries(config.auths) : []
    return { ...config, auths: Object.fromEntries(entries.filter(([, entry]) => isRecord(entry))) }
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
