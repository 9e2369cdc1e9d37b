import { MANAGER_NAME } from '../core/constants.ts'
import { ActionError } from '../core/errors.ts'
import { cut } from '../core/format.ts'
import { asText } from '../core/json.ts'
import { lastResult } from '../core/last-result.ts'
import { isOutcomeUnknown } from '../http/errors.ts'
import type { HttpResponse } from '../http/response.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { backoff, isConflict, MAX_CONFLICTS } from '../kubernetes/conflict.ts'
import { printable } from '../runner/log.ts'
import {
  type DesiredRecord,
  type DesiredSecret,
  dataOf,
  hasContent,
  isCurrent,
  isEndedIn,
  isMarked,
} from './desired.ts'
import {
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  describeSecret,
  MANAGED_BY,
  readSecret,
  type StoredSecret,
} from './read.ts'
import { type CredentialRecord, formatWith, ownRecords, RECORDS } from './record.ts'
import { refusal } from './refusal.ts'
import type { ReadyTarget, Target, WrittenTarget } from './target.ts'

/** The result of one write. */
export type WriteResult =
  | (Pick<WrittenTarget, 'status' | 'replaced'> & {
      /** As the server has it now. */
      readonly written: StoredSecret
      /** Whether the server stored no record of the credential, or another one. */
      readonly isRecordLost: boolean
    })
  /** A concurrent run wrote a newer credential, or ended this rotation: what is stored stays. */
  | NewerSecret

/** What stays instead of what was to be written. */
interface NewerSecret {
  readonly status: 'conflict'
  readonly newer: StoredSecret
  /** Whether another run ended this rotation: the credential may be revoked. */
  readonly isEnded: boolean
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
  const { tokenId } = desired.record
  const wasMarked = isMarked(stored, desired)
  let current = stored
  for (let attempt = 1; ; attempt++) {
    const refused = refusal({ cluster, namespace, stored: current }, { ...desired, owner: desired.record })
    if (refused !== undefined) throw refused
    const data = dataOf(cluster.name, current, desired)
    const records = recordsOf(current.kind === 'absent' ? NO_RECORDS : current.records, desired.record, cluster)
    const version = current.kind === 'present' ? current.resourceVersion : attempt === 1 ? NEVER : undefined
    try {
      const response = await apply({ cluster, namespace }, desired, { data, records, version, dryRun })
      const written = describeSecret(response.json(), cluster)
      compare({ cluster, namespace }, written, { name: desired.name, data })
      const isRecordLost = written.annotations[RECORDS] !== records
      // After a lost response the secret may be there because this run created it.
      const isOwnWrite = current.kind === 'present' && current.records.some((one) => one.tokenId === tokenId)
      if (current.kind === 'absent' || (stored.kind === 'absent' && isOwnWrite))
        return { status: dryRun ? 'planned' : 'created', replaced: stored, written, isRecordLost }
      const isSame = stored.kind === 'present' && written.resourceVersion === stored.resourceVersion
      const isUnchanged = isSame || hasContent(current, desired)
      const status = dryRun ? 'planned' : isUnchanged ? 'unchanged' : 'updated'
      return { status, replaced: current, written, isRecordLost }
    } catch (error) {
      const isOutdated = isConflict(error)
      if (!(isOutdated || isOutcomeUnknown(error)) || attempt === MAX_CONFLICTS) throw error
      if (isOutdated) await backoff(attempt)
      current = await readSecret(cluster, namespace, desired.name)
      const isEnded = wasMarked && current.kind === 'present' && isEndedIn(current, desired)
      if (isOutdated && current.kind === 'present' && (isEnded || isNewer(current, desired))) {
        return { status: 'conflict', newer: current, isEnded }
      }
      // After a lost response only what is stored tells whether the server has acted.
      if (!isOutdated && !isCurrent(current, desired)) throw error
    }
  }
}

const NO_RECORDS: readonly CredentialRecord[] = []

/** The annotation. */
const recordsOf = lastResult(
  (stored: readonly CredentialRecord[], record: DesiredRecord, { identity, inKubeconfig }: Cluster) =>
    formatWith(stored, { ...record, cluster: { identity, inKubeconfig: inKubeconfig.identity } }),
)

/** Of two credentials the one minted later wins, so that all concurrent runs agree. */
function isNewer(stored: StoredSecret, { record, isUnusable }: DesiredSecret): boolean {
  if (isUnusable(stored)) return false
  return ownRecords(stored.records, record).some((other) => {
    const leadMs = mintTimeOf(other) - mintTimeOf(record)
    return other.tokenId !== record.tokenId && (leadMs > 0 || (leadMs === 0 && other.tokenId > record.tokenId))
  })
}

function mintTimeOf({ mintedAt }: Pick<CredentialRecord, 'mintedAt'>): number {
  return mintedAt?.getTime() ?? 0
}

/** No object has this version: the server refuses to create what exists by now, instead of overwriting it. */
const NEVER = '1'

/** URL of the workflow run that last changed the secret. */
const RUN = `${MANAGER_NAME}/run`

interface Content {
  /** The docker config in base64. */
  readonly data: string
  /** The annotation. */
  readonly records: string
  /** The `resourceVersion` that is to be changed. */
  readonly version: string | undefined
  readonly dryRun: boolean
}

async function apply(
  { cluster, namespace }: Target,
  { name, labels, annotations, record }: DesiredSecret,
  { data, records, version, dryRun }: Content,
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
        annotations: { ...annotations, [RECORDS]: records, ...(record.run && { [RUN]: record.run }) },
        ...(version !== undefined && { resourceVersion: version }),
      },
      type: DOCKER_CONFIG_TYPE,
      data: { [DOCKER_CONFIG_KEY]: data },
    },
    hints: () => ({
      403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
      404: `Create namespace ${namespace} first, or set \`create-namespaces: true\` and grant the verbs get and create on namespaces.`,
    }),
  })
}

/** @throws ActionError when pods, or a later run, would not find there what was written */
function compare(
  { cluster, namespace }: Target,
  written: StoredSecret,
  { name, data }: { readonly name: string; readonly data: string },
): void {
  if (written.data === data && written.ours) return
  const place = `Secret ${namespace}/${name} in cluster ${cluster.name}`
  const details = { cluster: cluster.name, namespace, resource: `secrets/${name}` }
  if (written.data !== data)
    throw new ActionError(
      'secret-changed-on-write',
      `The API server stored something other than was written to ${place}`,
      {
        hint: 'An admission webhook changes Secrets there: exclude this one, or ask the cluster administrators.',
        details,
      },
    )
  const label = printable(cut(asText(written.labels[MANAGED_BY]) ?? 'none', MAX_LABEL_LENGTH))
  throw new ActionError(
    'secret-changed-on-write',
    `The API server stored another label ${MANAGED_BY} than was written to ${place}: ${label}`,
    {
      hint: `A mutating webhook or policy changes labels there, so later runs would take this Secret for a foreign one: exclude it, or let ${MANAGER_NAME} stay in that label.`,
      details,
    },
  )
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const MAX_LABEL_LENGTH = 63
