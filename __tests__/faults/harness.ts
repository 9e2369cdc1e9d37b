// The stage of the proof bench: one rotation over several namespaces, an observer of every target, and what must hold.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinary } from '../support/binaries.ts'
import type { PracticeRequest } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import { startPracticeEnvironment } from '../support/ibm/environment.ts'
import { startStandIn } from '../support/kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import { startProxy } from '../support/kubernetes/proxy.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { type RunningStep, runStep, type StepResult, startStep } from '../support/runner/runner.ts'
import { type BenchName, benches } from './issuers.ts'

const SECRET = 'regcred'
const MANAGER = 'registry-pull-secret'

export type Inputs = Readonly<Record<string, string>>

export interface Stage extends AsyncDisposable {
  run(inputs?: Inputs): Promise<StepResult>
  start(inputs?: Inputs): RunningStep
  post(main: StepResult, inputs?: Inputs): Promise<StepResult>
  /** Lets the n-th request of the step, to whatever server, meet a fault. @returns whether it has been met */
  faultAt(n: number, fault: Fault): () => boolean
  clearFaults(): void
  /** How many requests a rotation makes when nothing goes wrong. */
  countRequests(): Promise<number>
  /** Watches every target until it is disposed; what it saw go wrong is in `violations`. */
  observe(): { readonly violations: readonly string[] } & AsyncDisposable
  /** What does not hold after a run that ended well. */
  violations(...shown: readonly StepResult[]): Promise<string[]>
}

/** The credential that a target holds. */
interface Held {
  readonly password: string
  readonly tokenId: string
}

/** The API server of all stages: the real one where it is. */
export async function startServer(): Promise<KubernetesServer> {
  const isReal = findBinary('kube-apiserver') !== undefined && findBinary('etcd') !== undefined
  return isReal ? await startKubeApiserver() : await startStandIn()
}

export async function openStage(issuer: BenchName, behind: KubernetesServer): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const namespaces = ['red', 'green', 'blue'].map((name) => `${name}-${randomBytes(4).toString('hex')}`)
  const kube = stack.use(await startProxy(behind))
  const ibm = stack.use(await startPracticeEnvironment())
  const bench = benches[issuer](ibm)
  for (const namespace of namespaces) await behind.createNamespace(namespace)

  // Somebody else's, which no run may touch: a credential of the same issuer, and a secret beside ours.
  const foreign = bench.mint()
  await behind.request('POST', `/api/v1/namespaces/${namespaces[0]}/secrets`, {
    metadata: { name: 'theirs' },
    stringData: { key: randomBytes(8).toString('hex') },
  })
  const theirs = async () => (await read('theirs', namespaces[0] ?? ''))?.metadata.resourceVersion
  const read = async (name: string, namespace: string) => {
    const { status, body } = await behind.request('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`)
    return status === 200 ? body : undefined
  }
  const untouched = await theirs()

  const usual: Inputs = {
    ...bench.inputs,
    'secret-name': SECRET,
    namespaces: namespaces.join(),
    kubeconfig: kube.kubeconfig(),
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
    'max-age': '0',
  }
  const all = (inputs: Inputs) => ({ inputs: { ...usual, ...inputs } })

  /** The credential of a target, as a node would read it. */
  const stored = async (namespace: string): Promise<Held | undefined> => {
    const secret = await read(SECRET, namespace)
    if (secret === undefined) return undefined
    const config = Buffer.from(secret.data['.dockerconfigjson'], 'base64').toString()
    const { password } = JSON.parse(config).auths[ibm.registryHost]
    return { password: String(password), tokenId: String(secret.metadata.annotations[`${MANAGER}/token-id`]) }
  }

  await runStep(all({}))
  const stage = stack.move()
  return {
    run: (inputs = {}) => runStep(all(inputs)),
    start: (inputs = {}) => startStep(all(inputs)),
    post: ({ state }, inputs = {}) => runStep({ ...all(inputs), state, entry: 'post' }),

    faultAt(n, fault) {
      let count = 0
      const when = (request: PracticeRequest) => isOurs(request) && ++count === n
      const planned = [ibm.faults, kube.faults].map((faults) => faults.add({ when, fault }))
      return () => planned.some(({ met }) => met > 0)
    },
    clearFaults() {
      ibm.faults.clear()
      kube.faults.clear()
    },
    async countRequests() {
      ibm.journal.length = 0
      kube.journal.length = 0
      await runStep(all({}))
      return [...ibm.journal, ...kube.journal].filter(isOurs).length
    },

    observe() {
      const violations: string[] = []
      const stop = new AbortController()
      const watch = async (namespace: string) => {
        let last: Held | undefined
        let judged = ''
        while (!stop.signal.aborted) {
          const now = await stored(namespace)
          // What a node has read just before a write is what it still pulls with.
          const used = last !== undefined && last.tokenId !== now?.tokenId ? [last, now] : [now]
          const state = JSON.stringify([used.map((one) => one?.tokenId), bench.live().map(({ id }) => id)])
          if (state !== judged) violations.push(...(await judge(namespace, used)))
          judged = state
          last = now
          await sleep(50)
        }
      }
      const judge = async (namespace: string, used: readonly (Held | undefined)[]): Promise<string[]> => {
        const found: string[] = []
        for (const one of used) {
          const status = one && (await ibm.pullsWith(bench.username, one.password))
          if (status === 200) continue
          found.push(
            one ? `a pull with ${one.tokenId} in ${namespace} answers ${status}` : `${namespace} holds nothing`,
          )
        }
        return found
      }
      const watching = namespaces.map(watch)
      return {
        violations,
        async [Symbol.asyncDispose]() {
          stop.abort()
          await Promise.all(watching)
        },
      }
    },

    async violations(...shown) {
      const live = bench.live().filter(({ id }) => id !== foreign.id)
      const held = await Promise.all(namespaces.map(async (namespace) => (await stored(namespace))?.tokenId))
      const texts = shown.map(({ stdout, stderr, state, summary }) =>
        [stdout.replace(/^::add-mask::.*$/gm, ''), stderr, JSON.stringify(state), summary].join(),
      )
      const secrets = [bench.secret, kube.adminToken, ...bench.all().map(({ value }) => value)]
      return [
        ...(live.length === 1 ? [] : [`${live.length} tokens are alive`]),
        ...held.filter((id) => id !== live[0]?.id).map((id) => `a target holds ${id}, and ${live[0]?.id} is alive`),
        ...(bench.live().some(({ id }) => id === foreign.id) ? [] : ["somebody else's token is revoked"]),
        ...((await theirs()) === untouched ? [] : ["somebody else's secret is changed"]),
        ...(secrets.some((secret) => texts.some((text) => text.includes(secret))) ? ['a secret is shown'] : []),
      ]
    },
    [Symbol.asyncDispose]: () => stage.disposeAsync(),
  }
}

function isOurs({ headers }: Pick<PracticeRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith(`${MANAGER}/`) ?? false
}
