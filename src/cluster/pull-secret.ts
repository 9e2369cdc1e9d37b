import { Failure } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { HttpError } from '../http-error.ts'
import { asText } from '../json.ts'
import type { Cluster } from './connection.ts'
import {
  annotationsOf,
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  MANAGED_BY,
  MANAGER,
  type Provenance,
  readSecret,
  refusal,
  type Stored,
} from './stored-secret.ts'

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
  /** The docker config, given the entries that the secret has already. */
  readonly dockerConfig: (entries: Readonly<Record<string, unknown>>) => string
}

export type Written = 'created' | 'updated' | 'unchanged'

/** Whether a target holds all of it already: then there is nothing to write. */
export function isCurrent(stored: Stored, secret: PullSecret, provenance: Provenance): boolean {
  if (stored.kind === 'absent') return false
  const { run: _, ...lasting } = provenance
  const wanted = {
    labels: { ...secret.labels, [MANAGED_BY]: MANAGER },
    annotations: { ...secret.annotations, ...annotationsOf({ ...lasting, run: '' }) },
  }
  const holds = (all: Readonly<Record<string, unknown>>, some: Readonly<Record<string, string>>) =>
    Object.entries(some).every(([key, value]) => all[key] === value)
  return (
    stored.data === Buffer.from(secret.dockerConfig(stored.entries)).toString('base64') &&
    holds(stored.labels, wanted.labels) &&
    holds(stored.annotations, wanted.annotations)
  )
}

/** Somebody else may write at the same time: so often we look again. */
const TRIES = 5

/**
 * Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
 * @param stored what was read before; the write is refused by the server when that has changed, and is then tried again
 * @throws Failure | HttpError | NetworkError
 */
export async function writePullSecret(
  { cluster, namespace }: Target,
  secret: PullSecret,
  provenance: Provenance,
  stored: Stored,
  dryRun = false,
): Promise<Written> {
  let current = stored
  for (let attempt = 1; ; attempt++) {
    const refused = refusal(current, secret.adopt)
    if (refused !== undefined) throw refused
    const config = secret.dockerConfig(current.kind === 'absent' ? {} : current.entries)
    const data = Buffer.from(config).toString('base64')
    try {
      const answer = await apply(cluster, namespace, secret, provenance, current, data, dryRun)
      compare(answer, data, `${cluster.name}: ${namespace}/${secret.name}`)
      if (stored.kind === 'absent') return 'created'
      const { resourceVersion } = answer.json().metadata as { readonly resourceVersion: string }
      return resourceVersion === stored.resourceVersion ? 'unchanged' : 'updated'
    } catch (error) {
      if (!(error instanceof HttpError && error.status === 409) || attempt === TRIES) throw error
      current = await readSecret(cluster, namespace, secret.name)
    }
  }
}

async function apply(
  cluster: Cluster,
  namespace: string,
  secret: PullSecret,
  provenance: Provenance,
  current: Stored,
  data: string,
  dryRun: boolean,
): Promise<HttpAnswer> {
  return await cluster.request({
    doing: `write the secret ${namespace}/${secret.name} in the cluster ${cluster.name}`,
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/secrets/${secret.name}`,
    // What is absent is not forced: should it appear meanwhile, it is somebody's, and the server says so.
    query: {
      fieldManager: MANAGER,
      ...(current.kind === 'present' && { force: 'true' }),
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
        ...(current.kind === 'present' && { resourceVersion: current.resourceVersion }),
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
