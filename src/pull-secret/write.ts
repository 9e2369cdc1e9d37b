import { MANAGER } from '../core/constants.ts'
import { Failure } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import type { HttpAnswer } from '../http/client.ts'
import { isUnclear } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { giveWay, isConflict, TRIES } from '../kubernetes/conflict.ts'
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

/** Where one pull secret belongs. */
export interface Target {
  readonly cluster: Cluster
  readonly namespace: string
}

/** What is to be written to every target. */
export interface PullSecret {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Whether a secret of that name that is not ours is taken over. */
  readonly adopt: boolean
  /** The docker config, given the one that the secret has already. */
  readonly dockerConfig: (stored: Readonly<Record<string, unknown>>) => string
  /** Whether a registry has refused what is stored there: then it wins over nothing. */
  readonly isDead: (stored: StoredSecret) => boolean
}

/** What became of a write, and what it replaced. */
export type Written =
  | { readonly result: 'created' | 'updated' | 'unchanged'; readonly replaced: Stored }
  /** Another run brought a newer credential at the same time: that one stays. */
  | { readonly result: 'overtaken'; readonly by: StoredSecret }

/** Whether a target holds all of it already: then there is nothing to write. */
export function isCurrent(stored: Stored, secret: PullSecret, provenance: Provenance): boolean {
  if (stored.kind === 'absent') return false
  const wanted = {
    labels: { ...secret.labels, [MANAGED_BY]: MANAGER },
    annotations: { ...secret.annotations, ...annotationsOf({ ...provenance, run: '' }) },
  }
  const holds = (all: Readonly<Record<string, unknown>>, some: Readonly<Record<string, string>>) =>
    Object.entries(some).every(([key, value]) => all[key] === value)
  return (
    stored.data === Buffer.from(secret.dockerConfig(stored.config)).toString('base64') &&
    holds(stored.labels, wanted.labels) &&
    holds(stored.annotations, wanted.annotations)
  )
}

/**
 * Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
 * @param stored what was read before; when it has changed since, the server refuses, and it is looked at again
 * @throws Failure | HttpError | NetworkError
 */
export async function writePullSecret(
  { cluster, namespace }: Target,
  secret: PullSecret,
  provenance: Provenance,
  stored: Stored,
  dryRun: boolean,
): Promise<Written> {
  let current = stored
  for (let attempt = 1; ; attempt++) {
    const refused = refusal(current, secret.adopt)
    if (refused !== undefined) throw refused
    const config = secret.dockerConfig(current.kind === 'absent' ? {} : current.config)
    const data = Buffer.from(config).toString('base64')
    try {
      const version = current.kind === 'present' ? current.resourceVersion : attempt === 1 ? NEVER : undefined
      const answer = await apply(cluster, namespace, secret, provenance, { data, version, dryRun })
      compare(answer, data, `${cluster.name}: ${namespace}/${secret.name}`)
      // After a lost answer the secret may be there by our own hand.
      const isOurs = current.kind === 'present' && current.provenance?.tokenId === provenance.tokenId
      if (current.kind === 'absent' || (stored.kind === 'absent' && isOurs))
        return { result: 'created', replaced: stored }
      const { resourceVersion } = asObject(answer.json().metadata)
      return {
        result: stored.kind === 'present' && resourceVersion === stored.resourceVersion ? 'unchanged' : 'updated',
        replaced: current,
      }
    } catch (error) {
      const isOutdated = isConflict(error)
      if (!(isOutdated || isUnclear(error)) || attempt === TRIES) throw error
      if (isOutdated) await giveWay(attempt)
      current = await readSecret(cluster, namespace, secret.name)
      if (
        isOutdated &&
        current.kind === 'present' &&
        isNewer(current.provenance, provenance) &&
        !secret.isDead(current)
      ) {
        return { result: 'overtaken', by: current }
      }
      // After an unclear answer only what is stored tells whether the server has acted.
      if (!isOutdated && !isCurrent(current, secret, provenance)) throw error
    }
  }
}

/** Of two credentials the one minted later wins, so that all runs agree. */
function isNewer(rival: Provenance | undefined, ours: Provenance): boolean {
  if (rival === undefined || rival.tokenId === ours.tokenId) return false
  const lead = rival.mintedAt.getTime() - ours.mintedAt.getTime()
  return lead > 0 || (lead === 0 && rival.tokenId > ours.tokenId)
}

/** No object has this version: what should be absent and is there by now is refused, not overwritten. */
const NEVER = '1'

async function apply(
  cluster: Cluster,
  namespace: string,
  secret: PullSecret,
  provenance: Provenance,
  write: { readonly data: string; readonly version: string | undefined; readonly dryRun: boolean },
): Promise<HttpAnswer> {
  const { data, version, dryRun } = write
  return await cluster.request({
    doing: `write the secret ${namespace}/${secret.name} in the cluster ${cluster.name}`,
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/secrets/${secret.name}`,
    query: {
      fieldManager: MANAGER,
      ...(version !== undefined && version !== NEVER && { force: 'true' }),
      ...(dryRun && { dryRun: 'All' }),
    },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret.name,
        namespace,
        labels: { ...secret.labels, [MANAGED_BY]: MANAGER },
        annotations: { ...secret.annotations, ...annotationsOf(provenance) },
        ...(version !== undefined && { resourceVersion: version }),
      },
      type: DOCKER_CONFIG_TYPE,
      data: { [DOCKER_CONFIG_KEY]: data },
    },
    cures: {
      403: `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this cluster.`,
      404: `Create the namespace ${namespace} first: this action writes secrets, not namespaces.`,
    },
  })
}

function compare(answer: HttpAnswer, data: string, where: string): void {
  const stored = answer.json().data as Readonly<Record<string, unknown>> | undefined
  if (asText(stored?.[DOCKER_CONFIG_KEY]) === data) return
  throw new Failure(`The API server stored something else than was written to ${where}`, {
    cure: 'An admission webhook changes secrets there: exclude this one, or ask who runs it.',
  })
}
