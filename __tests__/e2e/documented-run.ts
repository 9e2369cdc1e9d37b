// Runs a job of the documentation as it is written. Its servers have the names that the job says: only a proxy resolves them.
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, vi } from 'vitest'
import { createDockerHome } from '../support/docker-home.ts'
import { inputsOf, isAction, type Job, type Step } from '../support/documented-workflow.ts'
import { isRunning, podStatus } from '../support/fake-node/pod-status.ts'
import { startConnectProxy } from '../support/http/connect-proxy.ts'
import { startFakeIbm } from '../support/ibm/environment.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { runStep, type StepResult } from '../support/runner/runner.ts'

const IAM = 'iam.cloud.ibm.com'

export interface Place {
  /** The registries that the images are in: all of them are the registry of the fake services. */
  readonly hosts: readonly [string, ...string[]]
  /** Of the fake services. */
  readonly domain: string
  readonly namespaces: readonly string[]
  /** The files of the repository, for the steps after a checkout. */
  readonly files?: Readonly<Record<string, string>>
}

type Settings = Readonly<Record<string, string>>

/** Fake IBM services, registries and a cluster, for the jobs of one reader. */
export async function openReader({ hosts, domain, namespaces, files = {} }: Place) {
  await using resources = new AsyncDisposableStack()
  const ibm = resources.use(await startFakeIbm({ tls: true, domain, aliases: [...hosts, IAM] }))
  // As the commands of the README create it.
  ibm.serviceIds.splice(0, 1, { ...ibm.serviceId, name: 'registry-pull' })
  const kube = resources.use(await startFakeApiServer())
  for (const namespace of namespaces) await kube.createNamespace(namespace)
  const { addresses } = ibm
  const at = (name: string) => addresses[`${name}.${domain}`] ?? ''
  const registries = Object.fromEntries(hosts.map((host) => [host, at('registry')]))
  const proxy = resources.use(await startConnectProxy({ ...addresses, ...registries, [IAM]: at('iam') }))
  const docker = resources.use(createDockerHome())
  const folder = resources.use(mkdtempDisposableSync(join(tmpdir(), 'reader-')))
  const repository = join(folder.path, 'repository')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(repository, dirname(path)), { recursive: true })
    writeFileSync(join(repository, path), text)
  }
  const certificates = join(folder.path, 'ca.pem')
  writeFileSync(certificates, ibm.certificateAuthority ?? '')
  const env = { ...docker.environment, HTTPS_PROXY: proxy.address, NODE_EXTRA_CA_CERTS: certificates }
  const token = ibm.mintToken().value
  const logIn = (registry: string) => docker.logIn({ [registry]: { username: 'token', password: token } })

  /** What the actions of others do, as far as a later step sees it. */
  const vendors: Readonly<Record<string, (inputs: Settings, job: Job) => Settings>> = {
    'actions/checkout': () => ({}),
    'aws-actions/configure-aws-credentials': ({ 'aws-region': region, 'role-to-assume': role }, { permissions }) => {
      expect(permissions).toMatchObject({ 'id-token': 'write' })
      expect(region).toMatch(/^[a-z]+-[a-z]+-\d$/)
      expect(role).toMatch(/^arn:aws:iam::\d+:role\//)
      return {}
    },
    'aws-actions/amazon-ecr-login': () => {
      logIn(hosts[0])
      return { registry: hosts[0] }
    },
    'azure/login': () => ({}),
    'google-github-actions/auth': () => ({ access_token: 'token-of-google' }),
    'docker/login-action': ({ registry = 'https://index.docker.io/v1/', username, password }) => {
      expect([username, password]).not.toContain('')
      logIn(registry)
      return {}
    },
  }

  /** @returns the results of the steps of this action, in their order */
  async function run(job: Job, more: Settings = {}): Promise<readonly StepResult[]> {
    let context: Settings = { ...settings, ...more }
    const results: StepResult[] = []
    for (const step of job.steps ?? []) {
      const inputs = inputsOf(step, context)
      if (isAction(step)) results.push(await runAction(inputs))
      const outputs = isAction(step) ? (results.at(-1)?.outputs ?? {}) : vendorOf(step)(inputs, job)
      const named = Object.entries(outputs).map(([name, value]) => [`steps.${step.id}.outputs.${name}`, value])
      context = { ...context, ...Object.fromEntries(named) }
    }
    return results
  }

  async function runAction(inputs: Settings): Promise<StepResult> {
    const [result] = await Promise.all([
      runStep({ inputs, env, ...(Object.keys(files).length > 0 && { cwd: repository }) }),
      inputs['pod-name'] === undefined ? undefined : startPod(kube, inputs),
    ])
    return result
  }

  const vendorOf = ({ uses = '', run }: Step) => {
    // A command has no outputs that a later step reads, but it can log docker in.
    if (run?.includes('docker login')) logIn(hosts[0])
    if (run !== undefined) return () => ({})
    const vendor = vendors[uses.replace(/@.*/, '')]
    if (vendor === undefined) throw new Error(`What does ${uses} do?`)
    return vendor
  }

  /** The variables and secrets of the repository that the documentation says how to store. */
  const settings: Settings = {
    'github.actor': 'octocat',
    'github.token': 'token-of-the-job',
    'secrets.KUBECONFIG': kube.kubeconfig(),
    'vars.REGISTRY_USER': 'token',
    'secrets.REGISTRY_TOKEN': token,
    'secrets.IBMCLOUD_API_KEY': ibm.login.apiKey,
    'vars.IBMCLOUD_ACCOUNT': ibm.serviceId.account,
    'secrets.DEDICATED_API_KEY': ibm.login.apiKey,
  }
  const owned = resources.move()
  return {
    ibm,
    kube,
    token,
    run,
    async secret(name: string, namespace = namespaces[0] ?? '') {
      const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`)
      return body
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Acts as the kubelet: the fake node cannot resolve the name of the registry. */
async function startPod(kube: KubernetesServer, inputs: Settings): Promise<void> {
  const { namespaces = '', 'pod-name': name, 'secret-name': secret } = inputs
  const path = `/api/v1/namespaces/${namespaces}/pods/${name}`
  const pod = await vi.waitFor(
    async () => {
      const { status, body } = await kube.request('GET', path)
      expect(status).toBe(200)
      return body
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(pod.spec.imagePullSecrets).toEqual([{ name: secret }])
  const status = podStatus(pod, 'Running', isRunning)
  const headers = { 'content-type': 'application/merge-patch+json' }
  expect(await kube.request('PATCH', `${path}/status`, { status }, headers)).toMatchObject({ status: 200 })
}
