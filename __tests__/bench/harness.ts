// The harness of the benchmark: a real kube-apiserver behind a counter of connections, with an audit log; fake IBM services;
// and what each contestant is measured by.
import { execFile } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { dedicatedInputs } from '../support/ibm/inputs.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import { kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { runStep, type StepResult } from '../support/runner/runner.ts'
import { createAuditLog } from './audit-log.ts'
import { startForwarder } from './forwarder.ts'
import { createMeter, type Usage } from './meter.ts'

/** One run of a contestant. */
export interface Run extends Usage {
  /** At the API server. */
  readonly requests: number
  /** With the API server. */
  readonly handshakes: number
}

export interface Secret {
  readonly metadata: {
    readonly namespace: string
    readonly resourceVersion: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

export interface Harness extends AsyncDisposable {
  /** For files of the contestants. */
  readonly folder: string
  /** What the API server says that it is. */
  readonly version: string
  /** The API server as the contestants see it, and a user with all permissions. */
  readonly cluster: { readonly url: string; readonly certificateAuthority: string; readonly token: string }
  /** Path of a kubeconfig with both. */
  readonly kubeconfig: string
  readonly ibm: FakeIbm
  /** Of the administrator: it is not counted. */
  readonly request: KubernetesServer['request']
  /** The time that a request to the API server and its response travel, in milliseconds; 0 at first. */
  setRoundTrip(roundTripMs: number): void
  /** The names of so many namespaces, which are there now. */
  namespaces(count: number): Promise<readonly string[]>
  /** The secrets of that name, by namespace. */
  secrets(name: string): Promise<ReadonlyMap<string, Secret>>
  deleteSecrets(name: string, namespaces: readonly string[]): Promise<void>
  /** Runs the shipped action as a step of a workflow. */
  step(inputs: Readonly<Record<string, string>>): Promise<{ readonly run: Run; readonly result: StepResult }>
  /** @throws Error when the command fails */
  command(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Run>
}

const CONTESTANT = 'contestant'

export async function openHarness(): Promise<Harness> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'bench-'))).path
  const meter = createMeter(folder)
  const auditLog = await createAuditLog(folder, `system:serviceaccount:default:${CONTESTANT}`)
  const server = stack.use(await startKubeApiserver({ flags: auditLog.flags }))
  const forwarder = stack.use(await startForwarder(Number(new URL(server.url).port)))
  const ibm = stack.use(await startFakeIbm())

  const token = await server.createToken(CONTESTANT)
  const { certificateAuthority } = server
  await server.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: CONTESTANT },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: CONTESTANT }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  })
  const cluster = { url: `https://127.0.0.1:${forwarder.port}`, certificateAuthority, token }
  const config = join(folder, 'kubeconfig')
  await writeFile(
    config,
    kubeconfig([{ context: 'bench', server: cluster.url, certificateAuthority, user: { token } }]),
  )
  const usual = {
    ...dedicatedInputs(ibm),
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
    kubeconfig: config,
  }

  const reset = async () => {
    forwarder.takeConnections()
    await auditLog.takeRequests()
  }
  const read = async (): Promise<Run> => ({
    ...(await meter.read()),
    requests: await auditLog.takeRequests(),
    handshakes: forwarder.takeConnections(),
  })
  const created: string[] = []
  const version = (await server.request('GET', '/version')).body.gitVersion

  const running = stack.move()
  return {
    folder,
    version,
    cluster,
    kubeconfig: config,
    ibm,
    request: server.request,
    setRoundTrip: forwarder.setRoundTrip,
    async namespaces(count) {
      const missing = Array.from({ length: count - created.length }, (_, n) => `bench-${created.length + n + 1}`)
      await inParallel(missing, (name) => server.createNamespace(name))
      created.push(...missing)
      return created.slice(0, count)
    },
    async secrets(name) {
      const { body } = await server.request('GET', `/api/v1/secrets?fieldSelector=metadata.name=${name}`)
      return new Map(body.items.map((secret: Secret) => [secret.metadata.namespace, secret]))
    },
    deleteSecrets: (name, namespaces) =>
      inParallel(namespaces, async (namespace) => {
        await server.request('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`)
      }),
    async step(inputs) {
      await reset()
      const result = await runStep({ inputs: { ...usual, ...inputs }, through: meter.through })
      return { run: await read(), result }
    },
    async command(command, env = {}) {
      await reset()
      const [program = '', ...args] = [...meter.through, ...command]
      const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: config, ...env }
      await promisify(execFile)(program, args, { env: environment, maxBuffer: 64 * 1024 * 1024 })
      return await read()
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const work = async () => {
    for (const item of waiting) await act(item)
  }
  await Promise.all(Array.from({ length: 16 }, work))
}
