// A scenario: a Dedicated environment, a cluster with a node, and this action as a step of a workflow.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeReal, hasRealServers } from '../support/describe-real.ts'
import { startFakeNode } from '../support/fake-node/node.ts'
import type { RecordedRequest, ServerName } from '../support/http/exchange.ts'
import type { Fault, PlannedFault } from '../support/http/faults.ts'
import { type FakeIbm, type FakeIbmOptions, startFakeIbm } from '../support/ibm/environment.ts'
import { dedicatedInputs, ibmcloudInputs, noDedicatedInputs } from '../support/ibm/inputs.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import type { ObservedKubernetesServer } from '../support/kubernetes/observed-server.ts'
import { startProxy } from '../support/kubernetes/proxy.ts'
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from '../support/runner/runner.ts'
import { deleteContents, type Servers, shareServers, startServers } from './servers.ts'

type Inputs = Readonly<Record<string, string>>
type Environment = NonNullable<StepOptions['env']>

export interface Scenario extends AsyncDisposable {
  readonly ibm: FakeIbm
  readonly kube: ObservedKubernetesServer
  /** A namespace that only this scenario uses. */
  readonly namespace: string
  /** The default inputs of the step: everything but what to deploy. */
  readonly inputs: Inputs
  /** The inputs to add for an API key of the service ID. */
  readonly ibmcloud: Inputs
  run(inputs?: Inputs, env?: Environment): Promise<StepResult>
  /** @param onLine receives each line of the log as it comes */
  start(inputs?: Inputs, onLine?: StepOptions['onLine']): RunningStep
  /** The post step, with the state that the main step left. */
  post(main: StepResult, inputs?: Inputs): Promise<StepResult>
  /** Injects a fault into such requests of the step: the first `times` of them, by default all. */
  plan(which: StepRequest, fault: Fault, times?: number): PlannedFault
  createNamespace(): Promise<string>
  /** The pull secret as the API server has it; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server stores; a scenario asserts its shape
  secret(namespace?: string): Promise<any>
  /** The requests of the step to all servers since the last `forget`, as `tokens POST /api/v1/tokens`. */
  requests(which?: RegExp): string[]
  /** The number of connections to the cluster that the step opened since then. */
  connections(): number
  forget(): void
}

/** `uaa POST`, or with a part of the path or of the content type: `kubernetes GET /pods`, `kubernetes PATCH apply`. */
export type StepRequest = `${ServerName} ${string}`

export const SECRET = 'regcred'

/** A request of this action, and not of the node or the administrator. */
export function isOurs({ headers }: Pick<RecordedRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
}

export type OpenScenario = () => Promise<Scenario>

/** A scenario on fakes, outside of `describeScenarios`. */
export const openFakeScenario: OpenScenario = () => openScenario(startFakeCluster)

interface Where {
  /** Where there are real servers, these scenarios run on the fakes as well. */
  readonly alsoOnFakes?: boolean
  /** Without real servers these scenarios are skipped: what they show holds for a real API server only. */
  readonly onlyOnReal?: boolean
  /** Without real servers these scenarios run for the coverage only: `npm cit` has three minutes. */
  readonly isLong?: boolean
  /** Real servers of its own, for scenarios that count or fill what is in the whole cluster. */
  readonly ownServers?: boolean
}

const REAL_SERVERS = ['etcd', 'kube-apiserver', 'docker-registry'] as const

/**
 * Describes scenarios. They run at the same time, since they wait more than they compute: each has IBM services and an
 * API server, or a proxy before a shared one, of its own. They run on the real servers, and without those on the fakes.
 */
export function describeScenarios(
  title: string,
  scenarios: (openScenario: OpenScenario) => void,
  { alsoOnFakes = false, onlyOnReal = false, isLong = false, ownServers = false }: Where = {},
): void {
  const isReal = hasRealServers(REAL_SERVERS)
  if (isReal) {
    describe.concurrent(`${title}, on kube-apiserver and docker-registry`, () =>
      runScenarios(ownServers ? startServers : shareServers, scenarios))
  }
  const isLeftOut = onlyOnReal || (isLong && process.env.TEST_COVERAGE === undefined)
  if (!isReal && isLeftOut) {
    describeReal(REAL_SERVERS, title, () => scenarios(() => openScenario(startFakeCluster)))
  } else if (!isReal || alsoOnFakes) {
    describe.concurrent(`${title}, on fakes`, () => scenarios(() => openScenario(startFakeCluster)))
  }
}

function isNamed({ path, headers }: RecordedRequest, part: string): boolean {
  return path.includes(part) || (headers['content-type']?.includes(part) ?? false)
}

/** One cluster for all the scenarios; IBM services, a proxy before the cluster and a namespace for each of them. */
export function runScenarios(
  open: (resources: AsyncDisposableStack) => Promise<Servers>,
  scenarios: (openScenario: OpenScenario) => void,
): void {
  const resources = new AsyncDisposableStack()
  let servers: Servers
  beforeAll(async () => {
    servers = await open(resources)
  })
  afterAll(() => resources.disposeAsync())
  scenarios(() => openScenario(async (own) => own.use(await startProxy(servers.cluster)), servers.ibm))
}

async function startFakeCluster(resources: AsyncDisposableStack): Promise<ObservedKubernetesServer> {
  const kube = resources.use(await startFakeApiServer())
  resources.use(await startFakeNode({ ...kube, server: kube.url, token: kube.adminToken }))
  return kube
}

async function openScenario(
  startCluster: (resources: AsyncDisposableStack) => Promise<ObservedKubernetesServer>,
  options: FakeIbmOptions = {},
): Promise<Scenario> {
  await using resources = new AsyncDisposableStack()
  const kube = await startCluster(resources)
  const ibm = resources.use(await startFakeIbm(options))
  const namespaces: string[] = []
  const createNamespace = async () => {
    const name = `scenario-${randomBytes(4).toString('hex')}`
    await kube.createNamespace(name)
    namespaces.push(name)
    return name
  }
  resources.defer(() => {
    kube.faults.clear()
    return deleteContents(kube, namespaces)
  })
  const namespace = await createNamespace()
  const forget = () => {
    ibm.journal.length = 0
    kube.journal.length = 0
  }
  forget()

  const inputs: Inputs = {
    ...dedicatedInputs(ibm),
    'secret-name': SECRET,
    'docker-email': 'a@b.c',
    namespaces: namespace,
    kubeconfig: kube.kubeconfig(),
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
  }
  const ibmcloud: Inputs = { ...noDedicatedInputs(ibm), ...ibmcloudInputs(ibm) }
  const running = resources.move()
  return {
    ibm,
    kube,
    namespace,
    inputs,
    ibmcloud,
    run: (more, env = {}) => runStep({ inputs: { ...inputs, ...more }, env }),
    start: (more, onLine) => startStep({ inputs: { ...inputs, ...more }, ...(onLine && { onLine }) }),
    post: ({ state }, more) => runStep({ inputs: { ...inputs, ...more }, state, entry: 'post' }),
    plan(which, fault, times = Number.POSITIVE_INFINITY) {
      const [server, method, part = ''] = which.split(' ')
      const when = (request: RecordedRequest) =>
        isOurs(request) && request.server === server && request.method === method && isNamed(request, part)
      return (server === 'kubernetes' ? kube : ibm).faults.add({ when, fault, times })
    },
    createNamespace,
    async secret(where = namespace) {
      const { status, body } = await kube.request('GET', `/api/v1/namespaces/${where}/secrets/${SECRET}`)
      return status === 404 ? undefined : body
    },
    requests(which = /^/) {
      // In the same millisecond the cluster comes first, because it is slower.
      const entries = [...kube.journal, ...ibm.journal].filter(isOurs)
      const inOrder = entries.sort((one, other) => one.at.getTime() - other.at.getTime())
      return inOrder.map(({ server, method, path }) => `${server} ${method} ${path}`).filter((line) => which.test(line))
    },
    connections: () => new Set(kube.journal.filter(isOurs).map(({ port }) => port)).size,
    forget,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
