// Fake controllers: they create the Pods of Deployments and Jobs, write the status of both, and collect the Pods of deleted Jobs.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesServer } from './server.ts'
import { timestamp } from './timestamp.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever the server stores
type Loose = any

const POLL = 100
const REVISION = 'deployment.kubernetes.io/revision'
const HASH = 'pod-template-hash'

/** Of one namespace. */
export function startFakeControllers(
  { request }: Pick<KubernetesServer, 'request'>,
  namespace: string,
): AsyncDisposable {
  const list = async (path: string): Promise<Loose[]> => (await request('GET', path)).body.items
  const patch = (path: string, change: object) =>
    request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })

  async function syncDeployment(deployment: Loose, sets: Loose[], pods: Loose[]): Promise<void> {
    const { metadata, spec } = deployment
    const path = `/apis/apps/v1/namespaces/${metadata.namespace}`
    const hash = createHash('sha256').update(JSON.stringify(spec.template)).digest('hex').slice(0, 10)
    const own = sets.filter((set) => isOwnedBy(set, deployment))
    const current = own.find((set) => set.metadata.labels[HASH] === hash)
    if (current === undefined) {
      const labels = { ...spec.template.metadata.labels, [HASH]: hash }
      await request('POST', `${path}/replicasets`, {
        metadata: {
          name: `${metadata.name}-${hash}`,
          labels,
          annotations: { [REVISION]: `${own.length + 1}` },
          ownerReferences: [ownerOf(deployment, 'apps/v1', 'Deployment')],
        },
        spec: {
          replicas: spec.replicas,
          selector: { matchLabels: labels },
          template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
        },
      })
      return
    }
    const revision = current.metadata.annotations[REVISION]
    if (metadata.annotations?.[REVISION] !== revision) {
      await patch(`${path}/deployments/${metadata.name}`, { metadata: { annotations: { [REVISION]: revision } } })
      return
    }
    const made = pods.filter((pod) => isOwnedBy(pod, current))
    const refusal =
      made.length < spec.replicas ? await makePod(current, 'apps/v1', 'ReplicaSet', made.length) : undefined
    const ready = made.filter(isReady).length
    const old = pods.filter((pod) => own.some((set) => set !== current && isOwnedBy(pod, set)))
    if (ready === spec.replicas) for (const pod of old) await request('DELETE', `${podsOf(pod)}/${pod.metadata.name}`)
    await patch(`${path}/deployments/${metadata.name}/status`, {
      status: {
        observedGeneration: metadata.generation,
        replicas: made.length + old.length,
        updatedReplicas: made.length,
        readyReplicas: ready,
        availableReplicas: ready,
        conditions: refusal === undefined ? [] : [condition('ReplicaFailure', 'FailedCreate', refusal)],
      },
    })
  }

  async function syncJob(job: Loose, pods: Loose[]): Promise<void> {
    const { metadata, spec, status } = job
    if (metadata.deletionTimestamp !== undefined) return await collect(job, pods)
    // A newer API server does not let the times of a finished Job change.
    if (isFinished(job)) return
    const made = pods.filter((pod) => isOwnedBy(pod, job))
    const [succeeded, failed] = ['Succeeded', 'Failed'].map(
      (phase) => made.filter(({ status }) => status.phase === phase).length,
    ) as [number, number]
    const hasFailed = failed > spec.backoffLimit
    const active = made.length - succeeded - failed
    if (succeeded === 0 && active === 0 && !hasFailed) await makePod(job, 'batch/v1', 'Job', made.length)
    const startTime = status?.startTime ?? timestamp()
    const end = hasFailed ? JOB_FAILED : succeeded > 0 ? { ...JOB_COMPLETE, completionTime: timestamp() } : {}
    await patch(`/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}/status`, {
      status: { active, succeeded, failed, startTime, ...end },
    })
  }

  /** https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion */
  async function collect(job: Loose, pods: Loose[]): Promise<void> {
    const { namespace, name } = job.metadata
    for (const pod of pods.filter((one) => isOwnedBy(one, job)))
      await request('DELETE', `${podsOf(pod)}/${pod.metadata.name}?gracePeriodSeconds=0`)
    await patch(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`, { metadata: { finalizers: null } })
  }

  /** @returns why the server refuses, if it does */
  async function makePod(owner: Loose, apiVersion: string, kind: string, index: number): Promise<string | undefined> {
    const { template } = owner.spec
    const name = `${owner.metadata.name}-${index}`
    const ownerReferences = [ownerOf(owner, apiVersion, kind)]
    const pod = { metadata: { ...template.metadata, name, ownerReferences }, spec: template.spec }
    const { status, body } = await request('POST', podsOf(owner), pod)
    return status === 201 ? undefined : body.message
  }

  const apps = `/apis/apps/v1/namespaces/${namespace}`
  const stop = new AbortController()
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const sets = await list(`${apps}/replicasets`)
      const pods = await list(`/api/v1/namespaces/${namespace}/pods`)
      for (const deployment of await list(`${apps}/deployments`)) await syncDeployment(deployment, sets, pods)
      for (const job of await list(`/apis/batch/v1/namespaces/${namespace}/jobs`)) await syncJob(job, pods)
      await sleep(POLL)
    }
  }

  const running = run()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

const podsOf = ({ metadata }: Loose) => `/api/v1/namespaces/${metadata.namespace}/pods`

const isReady = ({ status }: Loose) =>
  status.conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True') ?? false

const isFinished = ({ status }: Loose) =>
  status?.conditions?.some(({ type }: Loose) => type === 'Complete' || type === 'Failed') ?? false

const isOwnedBy = ({ metadata }: Loose, owner: Loose) =>
  metadata.ownerReferences?.some(({ uid }: Loose) => uid === owner.metadata.uid) ?? false

const ownerOf = ({ metadata: { name, uid } }: Loose, apiVersion: string, kind: string) => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
})

const BACKOFF_LIMIT = ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'] as const

// Since 1.31 an API server accepts the end of a Job only with its criterion and its times, see
// https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions. Older ones accept these too.
const JOB_FAILED = { conditions: [condition('FailureTarget', ...BACKOFF_LIMIT), condition('Failed', ...BACKOFF_LIMIT)] }
const JOB_COMPLETE = { conditions: [condition('SuccessCriteriaMet'), condition('Complete')] }

function condition(type: string, reason = '', message = '') {
  return { type, status: 'True', reason, message }
}
