// The harness of the fault-injection matrix: a rotation over several namespaces, an observer of every target, and the invariants.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinary } from '../support/binaries.ts'
import type { RecordedRequest } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { follow } from '../support/kubernetes/follow.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import { startProxy } from '../support/kubernetes/proxy.ts'
import type { KubernetesObject } from '../support/kubernetes/resources.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { tokenIdOf } from '../support/records.ts'
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from '../support/runner/runner.ts'
import { type IssuerName, issuers } from './issuers.ts'

const SECRET = 'regcred'
const MANAGER = 'registry-pull-secret'

export type Inputs = Readonly<Record<string, string>>

/** The requests of a step: all, or those to the issuer and the registry. */
export type Scope = 'all' | 'services'

export interface Harness extends AsyncDisposable {
  run(inputs?: Inputs): Promise<StepResult>
  start(inputs?: Inputs): RunningStep
  post(main: StepResult, inputs?: Inputs): Promise<StepResult>
  /** Injects a fault into the n-th request of the step. @returns whether it was met */
  faultAt(n: number, fault: Fault, scope: Scope): () => boolean
  clearFaults(): void
  /** The number of requests of a rotation without faults. */
  countRequests(scope: Scope): Promise<number>
  /** Observes every target until it is disposed, and collects `violations`. */
  observe(): { readonly violations: readonly string[] } & AsyncDisposable
  /** The invariants that do not hold after a successful run, and the secrets that steps showed since the last call. */
  violations(): Promise<string[]>
}

/** The credential that a target holds. */
interface Held {
  readonly username: string
  readonly password: string
  readonly tokenId: string
}

/** The API server of all harnesses: the real one where it is installed. */
export async function startServer(): Promise<KubernetesServer> {
  const isReal = findBinary('kube-apiserver') !== undefined && findBinary('etcd') !== undefined
  return isReal ? await startKubeApiserver() : await startFakeApiServer()
}

export async function openHarness(issuer: IssuerName, behind: KubernetesServer): Promise<Harness> {
  await using stack = new AsyncDisposableStack()
  const namespaces = ['red', 'green', 'blue'].map((name) => `${name}-${randomBytes(4).toString('hex')}`)
  const kube = stack.use(await startProxy(behind))
  const { services, credentials } = stack.use(await issuers[issuer]())
  for (const namespace of namespaces) await behind.createNamespace(namespace)

  // Foreign objects that no run may change: a credential of the same issuer, and another secret.
  const foreign = credentials.mint()
  await behind.request('POST', `/api/v1/namespaces/${namespaces[0]}/secrets`, {
    metadata: { name: 'foreign' },
    stringData: { key: randomBytes(8).toString('hex') },
  })
  const foreignVersion = async () => (await read('foreign', namespaces[0] ?? ''))?.metadata.resourceVersion
  const read = async (name: string, namespace: string) => {
    const { status, body } = await behind.request('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`)
    return status === 200 ? body : undefined
  }
  const versionBefore = await foreignVersion()

  const defaults: Inputs = {
    ...credentials.inputs,
    'secret-name': SECRET,
    namespaces: namespaces.join(),
    kubeconfig: kube.kubeconfig(),
    'verify-image': `${services.image.repository}:${services.image.tag}`,
    'max-age': '0',
  }
  const leaks = new Set<string>()
  const onLeaks: StepOptions['onLeaks'] = (found) => {
    for (const leak of found) leaks.add(leak)
  }
  const all = (inputs: Inputs) => ({ inputs: { ...defaults, ...inputs }, onLeaks })

  /** The credential of a target, as a kubelet reads it. */
  const stored = async (namespace: string) => heldIn(await read(SECRET, namespace))
  const heldIn = (secret: KubernetesObject | undefined): Held | undefined => {
    if (secret === undefined) return undefined
    const config = Buffer.from(secret.data['.dockerconfigjson'], 'base64').toString()
    const { username, password } = JSON.parse(config).auths[services.registryHost]
    return { username: String(username), password: String(password), tokenId: String(tokenIdOf(secret)) }
  }

  await runStep(all({}))
  const harness = stack.move()
  return {
    run: (inputs = {}) => runStep(all(inputs)),
    start: (inputs = {}) => startStep(all(inputs)),
    post: ({ state }, inputs = {}) => runStep({ ...all(inputs), state, entry: 'post' }),

    faultAt(n, fault, scope) {
      let count = 0
      const when = (request: RecordedRequest) => isOurs(request) && ++count === n
      const servers = scope === 'all' ? [services, kube] : [services]
      const planned = servers.map(({ faults }) => faults.add({ when, fault }))
      return () => planned.some(({ met }) => met > 0)
    },
    clearFaults() {
      services.faults.clear()
      kube.faults.clear()
    },
    async countRequests(scope) {
      services.journal.length = 0
      kube.journal.length = 0
      await runStep(all({}))
      return [...services.journal, ...(scope === 'all' ? kube.journal : [])].filter(isOurs).length
    },

    observe() {
      const violations: string[] = []
      const stop = new AbortController()
      const observeTarget = async (namespace: string) => {
        const versions: (Held | undefined)[] = []
        const path = `/api/v1/namespaces/${namespace}/secrets`
        await using followed = await follow(behind, path, SECRET, (version) => versions.push(heldIn(version)))
        versions.unshift(heldIn(followed.first))
        let checked = ''
        while (!stop.signal.aborted) {
          // A kubelet that read the secret just before a write still pulls with the old credential.
          const used = versions.filter((one, at) => at === 0 || one?.tokenId !== versions[at - 1]?.tokenId)
          versions.splice(0, versions.length - 1)
          const state = JSON.stringify([used.map((one) => one?.tokenId), credentials.live().map(({ id }) => id)])
          if (state !== checked) violations.push(...(await check(namespace, used)))
          checked = state
          await sleep(50)
        }
      }
      const check = async (namespace: string, used: readonly (Held | undefined)[]): Promise<string[]> => {
        const found: string[] = []
        for (const one of used) {
          const status = one && (await services.pullsWith(one.username, one.password))
          if (status === 200) continue
          found.push(
            one ? `a pull with ${one.tokenId} in ${namespace} returned ${status}` : `${namespace} holds nothing`,
          )
        }
        return found
      }
      const observers = namespaces.map(observeTarget)
      return {
        violations,
        async [Symbol.asyncDispose]() {
          stop.abort()
          await Promise.all(observers)
        },
      }
    },

    async violations() {
      const live = credentials.live().filter(({ id }) => id !== foreign.id)
      const held = await Promise.all(namespaces.map(async (namespace) => (await stored(namespace))?.tokenId))
      const shown = [...leaks]
      leaks.clear()
      return [
        ...(live.length === 1 ? [] : [`${live.length} tokens are alive`]),
        ...held.filter((id) => id !== live[0]?.id).map((id) => `a target holds ${id}, and ${live[0]?.id} is alive`),
        ...(credentials.live().some(({ id }) => id === foreign.id) ? [] : ['a foreign token was revoked']),
        ...((await foreignVersion()) === versionBefore ? [] : ['a foreign secret was changed']),
        ...shown.map((leak) => `a secret was shown: ${leak}`),
      ]
    },
    [Symbol.asyncDispose]: () => harness.disposeAsync(),
  }
}

function isOurs({ headers }: Pick<RecordedRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith(`${MANAGER}/`) ?? false
}
