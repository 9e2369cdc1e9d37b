import { MANAGER_NAME } from '../core/constants.ts'
import { ActionError } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import type { HttpResponse } from '../http/client.ts'
import { isOutcomeUnknown } from '../http/errors.ts'
import { backoff, isConflict, MAX_CONFLICTS } from '../kubernetes/conflict.ts'
import { annotationsOf, type Provenance } from './provenance.ts'
import {
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  MANAGED_BY,
  readSecret,
  type Stored,
  type StoredSecret,
} from './read.ts'
import { refusal } from './refusal.ts'
import type { ReadyTarget, Target, WrittenTarget } from './target.ts'

/** The secret that every target should hold. */
export interface DesiredSecret {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Whether a secret of that name that this action did not write is taken over. */
  readonly adopt: boolean
  /** What is recorded about the credential. */
  readonly provenance: Provenance
  /** The docker config, given the one that the secret has already. */
  readonly dockerConfig: (stored: Readonly<Record<string, unknown>>) => string
  /** Whether the credential of a stored secret is known not to work: then it is overwritten even if it is newer. */
  readonly isUnusable: (stored: StoredSecret) => boolean
}

/** The result of one write. */
export type WriteResult =
  | Pick<WrittenTarget, 'status' | 'replaced'>
  /** A concurrent run wrote a newer credential: that one stays. */
  | { readonly status: 'conflict'; readonly newer: StoredSecret }

/** Whether a target holds all of it already: then there is nothing to write. */
export function isCurrent(stored: Stored, desired: DesiredSecret): boolean {
  // Which run wrote it last is no reason to write it again.
  const record = annotationsOf({ ...desired.provenance, run: '' })
  return stored.kind === 'present' && hasContent(stored, desired) && holds(stored.annotations, record)
}

/** Whether a secret holds all that a user can see of it; what this action records about the credential may differ. */
function hasContent(stored: StoredSecret, desired: DesiredSecret): boolean {
  return (
    stored.data === Buffer.from(desired.dockerConfig(stored.config)).toString('base64') &&
    holds(stored.labels, { ...desired.labels, [MANAGED_BY]: MANAGER_NAME }) &&
    holds(stored.annotations, desired.annotations)
  )
}

function holds(all: Readonly<Record<string, unknown>>, some: Readonly<Record<string, string>>): boolean {
  return Object.entries(some).every(([key, value]) => all[key] === value)
}

/**
 * Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
 * When the secret has changed since it was read, the server returns 409 and it is read again.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 * @param dryRun the API server checks everything and stores nothing
 * @throws ActionError
 */
export async function writeSecret(
  { cluster, namespace, stored }: ReadyTarget,
  desired: DesiredSecret,
  dryRun: boolean,
): Promise<WriteResult> {
  const { tokenId } = desired.provenance
  let current = stored
  for (let attempt = 1; ; attempt++) {
    const refused = refusal({ cluster, namespace, stored: current }, desired)
    if (refused !== undefined) throw refused
    const config = desired.dockerConfig(current.kind === 'absent' ? {} : current.config)
    const data = Buffer.from(config).toString('base64')
    const version = current.kind === 'present' ? current.resourceVersion : attempt === 1 ? NEVER : undefined
    try {
      const response = await apply({ cluster, namespace }, desired, { data, version, dryRun })
      compare({ cluster, namespace }, desired.name, { response, data })
      // After a lost response the secret may be there because this run created it.
      const isOwnWrite = current.kind === 'present' && current.provenance?.tokenId === tokenId
      if (current.kind === 'absent' || (stored.kind === 'absent' && isOwnWrite))
        return { status: dryRun ? 'planned' : 'created', replaced: stored }
      const { resourceVersion } = asObject(response.json().metadata)
      const isSame = stored.kind === 'present' && resourceVersion === stored.resourceVersion
      const isUnchanged = isSame || hasContent(current, desired)
      return { status: dryRun ? 'planned' : isUnchanged ? 'unchanged' : 'updated', replaced: current }
    } catch (error) {
      const isOutdated = isConflict(error)
      if (!(isOutdated || isOutcomeUnknown(error)) || attempt === MAX_CONFLICTS) throw error
      if (isOutdated) await backoff(attempt)
      current = await readSecret(cluster, namespace, desired.name)
      if (isOutdated && current.kind === 'present' && isNewer(current, desired)) {
        return { status: 'conflict', newer: current }
      }
      // After a lost response only what is stored tells whether the server has acted.
      if (!isOutdated && !isCurrent(current, desired)) throw error
    }
  }
}

/** Of two credentials the one minted later wins, so that all concurrent runs agree. */
function isNewer(stored: StoredSecret, { provenance, isUnusable }: DesiredSecret): boolean {
  const other = stored.provenance
  if (other === undefined || other.tokenId === provenance.tokenId || isUnusable(stored)) return false
  const leadMs = other.mintedAt.getTime() - provenance.mintedAt.getTime()
  return leadMs > 0 || (leadMs === 0 && other.tokenId > provenance.tokenId)
}

/** No object has this version: the server refuses to create what exists by now, instead of overwriting it. */
const NEVER = '1'

async function apply(
  { cluster, namespace }: Target,
  { name, labels, annotations, provenance }: DesiredSecret,
  { data, version, dryRun }: { readonly data: string; readonly version: string | undefined; readonly dryRun: boolean },
): Promise<HttpResponse> {
  return await cluster.request({
    operation: `write the secret ${namespace}/${name} in the cluster ${cluster.name}`,
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
    query: {
      fieldManager: MANAGER_NAME,
      ...(version !== undefined && version !== NEVER && { force: 'true' }),
      ...(dryRun && { dryRun: 'All' }),
    },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace,
        labels: { ...labels, [MANAGED_BY]: MANAGER_NAME },
        annotations: { ...annotations, ...annotationsOf(provenance) },
        ...(version !== undefined && { resourceVersion: version }),
      },
      type: DOCKER_CONFIG_TYPE,
      data: { [DOCKER_CONFIG_KEY]: data },
    },
    hints: {
      403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
      404: `Create namespace ${namespace} first: this action writes secrets, not namespaces.`,
    },
  })
}

function compare(
  { cluster, namespace }: Target,
  name: string,
  { response, data }: { readonly response: HttpResponse; readonly data: string },
): void {
  if (asText(asObject(response.json().data)[DOCKER_CONFIG_KEY]) === data) return
  throw new ActionError(
    'secret-changed-on-write',
    `The API server stored something else than was written to Secret ${namespace}/${name} in cluster ${cluster.name}`,
    {
      hint: 'An admission webhook changes Secrets there: exclude this one, or ask the cluster administrators.',
      details: { cluster: cluster.name, namespace, resource: `secrets/${name}` },
    },
  )
}
