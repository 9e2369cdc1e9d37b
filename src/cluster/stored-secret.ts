import { Failure } from '../errors.ts'
import { UnexpectedAnswer } from '../http-error.ts'
import { asObject, asObjects, asText } from '../json.ts'
import { printable } from '../log.ts'
import { MANAGER } from '../manager.ts'
import type { Cluster } from './connection.ts'

export const MANAGED_BY = 'app.kubernetes.io/managed-by'
export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson'
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

/** Where a credential came from and what it serves, for the next run and for people: annotations of the secret. */
export interface Provenance {
  /** The issuer's id of the credential. */
  readonly tokenId: string
  readonly mintedAt: Date
  /** Absent when it never ends. */
  readonly expiresAt: Date | undefined
  /** URL of the workflow run that wrote it here. */
  readonly run: string
  /** The scopes of all runs that have written the credential: together all that it was ever written to. */
  readonly scopes: readonly string[]
  /** Ids of replaced credentials that others may still hold: no later run of this scope takes them for leftovers. */
  readonly spared: readonly string[]
}

/** Between two scopes, which hold spaces and commas themselves. */
const SEPARATOR = '; '

export function annotationsOf({
  tokenId,
  mintedAt,
  expiresAt,
  run,
  scopes,
  spared,
}: Provenance): Record<string, string> {
  return {
    [`${MANAGER}/token-id`]: tokenId,
    // In milliseconds: of two runs at once the later one wins, and both must see which that is.
    [`${MANAGER}/minted-at`]: mintedAt.toISOString(),
    ...(expiresAt && { [`${MANAGER}/expires-at`]: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z') }),
    ...(run && { [`${MANAGER}/run`]: run }),
    [`${MANAGER}/scope`]: scopes.join(SEPARATOR),
    ...(spared.length > 0 && { [`${MANAGER}/spared`]: spared.join(' ') }),
  }
}

function provenanceOf(annotations: Readonly<Record<string, unknown>>): Provenance | undefined {
  const text = (name: string) => asText(annotations[`${MANAGER}/${name}`])
  const tokenId = text('token-id')
  if (tokenId === undefined) return undefined
  return {
    tokenId,
    mintedAt: pastOf(text('minted-at')) ?? new Date(0),
    expiresAt: dateOf(text('expires-at')),
    run: text('run') ?? '',
    scopes: (text('scope') ?? '').split(SEPARATOR),
    spared: text('spared')?.split(' ') ?? [],
  }
}

/** Milliseconds by which the clocks of two runners may differ. */
const CLOCKS = 10 * 60_000

/** A date that is still to come is none: it would keep a credential for ever. */
function pastOf(text: string | undefined): Date | undefined {
  const date = dateOf(text)
  return date && date.getTime() < Date.now() + CLOCKS ? date : undefined
}

function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
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

/** What kubectl wrote in the days of registry tokens. */
const LEGACY_TYPE = 'kubernetes.io/dockercfg'

/** A secret that must not, or cannot, be written; nothing was tried. */
export class Refusal extends Failure {
  override readonly name = 'Refusal'
}

export function refusal(stored: Stored, adopt: boolean): Refusal | undefined {
  if (stored.kind === 'absent') return undefined
  const { where, type, immutable, ours, managers, controller } = stored
  if (controller !== undefined) {
    return new Refusal(`The secret ${where} belongs to the ${controller}, whose controller would write it back`, {
      cure: 'Choose another `secret-name`: `adopt` does not help here.',
    })
  }
  if (type === LEGACY_TYPE) {
    return new Refusal(
      `The secret ${where} is a pull secret of the old form, ${LEGACY_TYPE}, and the type of a secret cannot be changed`,
      {
        cure: 'Choose another `secret-name`, let your Pods and service accounts name that one, and delete the old one when nothing names it.',
      },
    )
  }
  if (!ours && !adopt) {
    const who = managers.length > 0 ? `managed by ${managers.join(', ')}` : 'of nobody we know'
    return new Refusal(`The secret ${where} is not ours: it is ${who}`, {
      cure: 'Choose another `secret-name`, or set `adopt: true` to take it over, keeping its other registry hosts.',
    })
  }
  if (type !== DOCKER_CONFIG_TYPE) {
    return new Refusal(
      `The secret ${where} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`,
      {
        cure: 'Choose another `secret-name`, or delete that secret yourself when nothing needs it.',
      },
    )
  }
  if (immutable) {
    return new Refusal(`The secret ${where} is immutable: its content can never be changed`, {
      cure: 'Choose another `secret-name`: nodes do not look at an immutable secret again.',
    })
  }
  return undefined
}
