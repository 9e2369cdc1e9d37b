// The scene of a story: a Dedicated environment, a cluster with a node, and this action as a step of a workflow.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeReal } from '../support/describe-real.ts'
import { startPracticeNode } from '../support/fake-node/node.ts'
import type { PracticeRequest, ServerName } from '../support/http/exchange.ts'
import type { Fault, PlannedFault } from '../support/http/faults.ts'
import { type PracticeEnvironment, type PracticeOptions, startPracticeEnvironment } from '../support/ibm/environment.ts'
import { dedicatedInputs, ibmcloudInputs } from '../support/ibm/inputs.ts'
import { startStandIn } from '../support/kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import type { ObservedKubernetesServer } from '../support/kubernetes/observed-server.ts'
import { startProxy } from '../support/kubernetes/proxy.ts'
import { startDockerRegistry } from '../support/registry/docker-registry.ts'
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from '../support/runner/runner.ts'

type Inputs = Readonly<Record<string, string>>
type Environment = NonNullable<StepOptions['env']>

export interface Scene extends AsyncDisposable {
  readonly ibm: PracticeEnvironment
  readonly kube: ObservedKubernetesServer
  /** A namespace of this story alone. */
  readonly namespace: string
  /** What the step is told unless a story says otherwise: everything but what to deploy. */
  readonly inputs: Inputs
  /** What it is told beside those to mint an API key of the service ID. */
  readonly ibmcloud: Inputs
  run(inputs?: Inputs, env?: Environment): Promise<StepResult>
  start(inputs?: Inputs): RunningStep
  /** The post step, with the state that the main step left. */
  post(main: StepResult, inputs?: Inputs): Promise<StepResult>
  /** What goes wrong with such requests of the step, the first so many of them; not given: with all. */
  plan(which: StepRequest, fault: Fault, times?: number): PlannedFault
  createNamespace(): Promise<string>
  /** The pull secret as the API server has it; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server stores; a story asserts its shape
  secret(namespace?: string): Promise<any>
  /** What the step asked of anybody since the last `forget`, as `tokens POST /api/v1/tokens`. */
  requests(which?: RegExp): string[]
  /** How many connections to the cluster the step has opened since then. */
  connections(): number
  forget(): void
}

/** `uaa POST`, or with a part of the path `kubernetes PATCH /secrets/`. */
export type StepRequest = `${ServerName} ${string}`

export const SECRET = 'regcred'

/** A request of this action, and not of the node or the administrator. */
export function isOurs({ headers }: Pick<PracticeRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
}

/** Tells stories over the stand-ins, and over the real servers where they are. */
export function tell(title: string, stories: (openScene: () => Promise<Scene>) => void): void {
  describe(`${title}, on stand-ins`, () => play(startStandInCluster, {}, stories))
  describeReal(['etcd', 'kube-apiserver', 'docker-registry'], `${title}, on kube-apiserver and docker-registry`, () =>
    play(startRealCluster, { startRegistry: startDockerRegistry }, stories),
  )
}

/** One cluster for all the stories; an environment and a namespace for each. */
export function play(
  startCluster: (stage: AsyncDisposableStack) => Promise<ObservedKubernetesServer>,
  options: PracticeOptions,
  stories: (openScene: () => Promise<Scene>) => void,
): void {
  const stage = new AsyncDisposableStack()
  let kube: ObservedKubernetesServer
  beforeAll(async () => {
    kube = await startCluster(stage)
  })
  afterAll(() => stage.disposeAsync())
  stories(() => openScene(kube, options))
}

async function startStandInCluster(stage: AsyncDisposableStack): Promise<ObservedKubernetesServer> {
  const kube = stage.use(await startStandIn())
  stage.use(await startPracticeNode({ ...kube, server: kube.url, token: kube.adminToken }))
  return kube
}

/** The node goes past the proxy: its server stays up when ours fails. */
async function startRealCluster(stage: AsyncDisposableStack): Promise<ObservedKubernetesServer> {
  const kube = stage.use(await startKubeApiserver())
  stage.use(await startPracticeNode({ ...kube, server: kube.url, token: kube.adminToken }))
  return stage.use(await startProxy(kube))
}

async function openScene(kube: ObservedKubernetesServer, options: PracticeOptions): Promise<Scene> {
  const ibm = await startPracticeEnvironment(options)
  const createNamespace = async () => {
    const name = `story-${randomBytes(4).toString('hex')}`
    await kube.createNamespace(name)
    return name
  }
  const namespace = await createNamespace()
  const forget = () => {
    ibm.journal.length = 0
    kube.journal.length = 0
  }
  kube.faults.clear()
  forget()

  const inputs: Inputs = {
    ...dedicatedInputs(ibm),
    'secret-name': SECRET,
    'docker-email': 'a@b.c',
    namespaces: namespace,
    kubeconfig: kube.kubeconfig(),
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
  }
  const without = Object.fromEntries(Object.keys(dedicatedInputs(ibm)).map((name) => [name, '']))
  const ibmcloud: Inputs = { ...without, ...ibmcloudInputs(ibm) }
  return {
    ibm,
    kube,
    namespace,
    inputs,
    ibmcloud,
    run: (more, env = {}) => runStep({ inputs: { ...inputs, ...more }, env }),
    start: (more) => startStep({ inputs: { ...inputs, ...more } }),
    post: ({ state }, more) => runStep({ inputs: { ...inputs, ...more }, state, entry: 'post' }),
    plan(which, fault, times = Number.POSITIVE_INFINITY) {
      const [server, method, part = ''] = which.split(' ')
      const when = (request: PracticeRequest) =>
        isOurs(request) && request.server === server && request.method === method && request.path.includes(part)
      return (server === 'kubernetes' ? kube : ibm).faults.add({ when, fault, times })
    },
    createNamespace,
    async secret(where = namespace) {
      const { status, body } = await kube.request('GET', `/api/v1/namespaces/${where}/secrets/${SECRET}`)
      return status === 404 ? undefined : body
    },
    requests(which = /^/) {
      // Within a millisecond the cluster comes first: there, the slower of the two.
      const entries = [...kube.journal, ...ibm.journal].filter(isOurs)
      const inOrder = entries.sort((one, other) => one.at.getTime() - other.at.getTime())
      return inOrder.map(({ server, method, path }) => `${server} ${method} ${path}`).filter((line) => which.test(line))
    },
    connections: () => new Set(kube.journal.filter(isOurs).map(({ port }) => port)).size,
    forget,
    async [Symbol.asyncDispose]() {
      kube.faults.clear()
      await ibm[Symbol.asyncDispose]()
    },
  }
}
