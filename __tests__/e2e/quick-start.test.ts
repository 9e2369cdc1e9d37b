// The workflows of the README, run with nothing changed but the lines that are marked `# your`. Their servers have the names that
// the workflows say: only a proxy resolves them.
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { createDockerHome } from '../support/docker-home.ts'
import { inputsOf, jobOf, markedNames, type Step, settingsOf, withEdits } from '../support/documented-workflow.ts'
import { isRunning, podStatus } from '../support/fake-node/pod-status.ts'
import { startConnectProxy } from '../support/http/connect-proxy.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { codeBlocksOf } from '../support/markdown-page.ts'
import { runStep, type StepResult } from '../support/runner/runner.ts'

const MAX_EDITS = 4
const NAMESPACE = 'team-a'
const SECRET = 'team-registry'
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const IAM = 'iam.cloud.ibm.com'

const readme = readFileSync('README.md', 'utf8')
const workflows = codeBlocksOf(readme, 'yaml').filter((block) => block.includes('uses: registry-pull-secret/'))

interface Reader {
  /** What is in the workflow of this reader, and in no other one. */
  readonly workflow: string
  /** The registry that the images of this reader are in. */
  readonly host: string
  /** Of the fake services, whose registry is also at `host`. */
  readonly domain: string
  readonly edits: Readonly<Record<string, string>>
  readonly settings: (ibm: FakeIbm, token: string) => Readonly<Record<string, string>>
}

const image = { 'verify-image': 'team/app:1', namespaces: NAMESPACE }
const password = (_: FakeIbm, token: string) => ({ 'vars.REGISTRY_USER': 'token', 'secrets.REGISTRY_TOKEN': token })

const readers: Readonly<Record<string, Reader>> = {
  GHCR: { workflow: 'provider: static', host: 'ghcr.io', domain: 'ghcr.io', edits: image, settings: password },
  'any registry with a user name and a password': {
    workflow: 'provider: static',
    host: 'registry.example.com',
    domain: 'example.com',
    edits: { ...image, 'docker-server': 'registry.example.com' },
    settings: password,
  },
  'IBM Cloud': {
    workflow: 'provider: ibmcloud',
    host: 'de.icr.io',
    domain: 'icr.io',
    edits: { ...image, 'docker-server': 'de.icr.io' },
    settings: ({ login, serviceId }) => ({
      'secrets.IBMCLOUD_API_KEY': login.apiKey,
      'vars.IBMCLOUD_ACCOUNT': serviceId.account,
    }),
  },
  'Amazon ECR': {
    workflow: 'provider: docker-config',
    host: ECR,
    domain: 'dkr.ecr.eu-west-1.amazonaws.com',
    edits: { ...image, 'aws-region': 'eu-west-1', 'role-to-assume': 'arn:aws:iam::123456789012:role/team' },
    settings: () => ({}),
  },
  'Bluemix Dedicated': {
    workflow: 'dedicated-domain:',
    host: 'registry.team.eu-gb.bluemix.net',
    domain: 'team.eu-gb.bluemix.net',
    edits: {
      ...image,
      'dedicated-domain': 'team.eu-gb.bluemix.net',
      organization: 'Platform Team',
      image: 'team/app:1',
    },
    settings: ({ login }) => ({ 'secrets.DEDICATED_API_KEY': login.apiKey }),
  },
}

describe('a reader of the README', () => {
  it('finds each workflow here', () => {
    const found = Object.values(readers).map(({ workflow }) => workflowOf(workflow))
    expect(new Set(found)).toEqual(new Set(workflows))
  })

  it.each(Object.entries(readers).filter(([title]) => title !== 'Bluemix Dedicated'))(
    'changes at most four values for %s',
    (_, { workflow, edits }) => {
      expect(markedNames(workflowOf(workflow)).length).toBeLessThanOrEqual(MAX_EDITS)
      expect(Object.keys(edits).length).toBeLessThanOrEqual(MAX_EDITS)
    },
  )

  it.each(Object.values(readers))('reads how to store each setting: $workflow', ({ workflow }) => {
    const commands = settingsOf(workflowOf(workflow)).map((name) =>
      name.replace('vars.', 'gh variable set ').replace('secrets.', 'gh secret set '),
    )
    expect(commands.filter((command) => !readme.includes(command))).toEqual([])
  })

  it.each(Object.entries(readers))('has a secret that pulls from %s, at the first attempt', async (_, reader) => {
    await using world = await openWorld(reader)
    const { ibm } = world

    const first = await world.run()

    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(first.outputs.targets ?? '')).toMatchObject([{ namespace: NAMESPACE, result: 'created' }])
    expect(first.log).toContain(`registry ${reader.host} lets this credential pull team/app:1`)
    const stored = loginFor(await world.secret(), reader.host)
    expect([...ibm.liveTokens(), ...ibm.liveKeys()].map(({ value }) => value)).toContain(stored?.password)

    const second = await world.run()
    expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
  })
})

function workflowOf(part: string): string {
  const [workflow = '', ...more] = workflows.filter((block) => block.includes(part))
  expect(more).toEqual([])
  return workflow
}

async function openWorld(reader: Reader) {
  await using resources = new AsyncDisposableStack()
  const { host, domain, edits } = reader
  const ibm = resources.use(await startFakeIbm({ tls: true, domain, aliases: [host, IAM] }))
  // As the commands of the README create it.
  ibm.serviceIds.splice(0, 1, { ...ibm.serviceId, name: 'registry-pull' })
  const kube = resources.use(await startFakeApiServer())
  await kube.createNamespace(NAMESPACE)
  const { addresses } = ibm
  const at = (name: string) => addresses[`${name}.${domain}`] ?? ''
  const proxy = resources.use(await startConnectProxy({ ...addresses, [host]: at('registry'), [IAM]: at('iam') }))
  const docker = resources.use(createDockerHome())
  const folder = resources.use(mkdtempDisposableSync(join(tmpdir(), 'quick-start-')))
  const certificates = join(folder.path, 'ca.pem')
  writeFileSync(certificates, ibm.certificateAuthority ?? '')
  const env = { ...docker.environment, HTTPS_PROXY: proxy.address, NODE_EXTRA_CA_CERTS: certificates }

  const token = ibm.mintToken().value
  const settings = { ...reader.settings(ibm, token), 'secrets.KUBECONFIG': kube.kubeconfig() }
  const job = jobOf(withEdits(workflowOf(reader.workflow), edits))
  /** What the actions of vendors do, as far as a later step sees it. */
  const vendors: Readonly<Record<string, (inputs: Readonly<Record<string, string>>) => Record<string, string>>> = {
    'aws-actions/configure-aws-credentials': (inputs) => {
      expect(job.permissions).toMatchObject({ 'id-token': 'write' })
      const { 'aws-region': region, 'role-to-assume': role } = edits
      expect(inputs).toEqual({ 'aws-region': region, 'role-to-assume': role })
      return {}
    },
    'aws-actions/amazon-ecr-login': () => {
      docker.logIn({ [host]: { username: 'token', password: token } })
      return { registry: host }
    },
  }

  async function run(): Promise<StepResult> {
    let context: Readonly<Record<string, string>> = settings
    let last: StepResult | undefined
    for (const step of job.steps ?? []) {
      const inputs = inputsOf(step, context)
      last = isAction(step) ? await runAction(inputs) : undefined
      const outputs = last?.outputs ?? vendorOf(step)(inputs)
      const named = Object.entries(outputs).map(([name, value]) => [`steps.${step.id}.outputs.${name}`, value])
      context = { ...context, ...Object.fromEntries(named) }
    }
    if (last === undefined) throw new Error('The last step is not this action')
    return last
  }

  async function runAction(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
    const [result] = await Promise.all([
      runStep({ inputs, env }),
      inputs['pod-name'] === undefined ? undefined : startPod(kube, inputs['pod-name']),
    ])
    return result
  }

  const vendorOf = ({ uses = '' }: Step) => {
    const vendor = vendors[uses.replace(/@.*/, '')]
    if (vendor === undefined) throw new Error(`What does ${uses} do?`)
    return vendor
  }

  const owned = resources.move()
  return {
    ibm,
    run,
    async secret() {
      const { body } = await kube.request('GET', `/api/v1/namespaces/${NAMESPACE}/secrets/${SECRET}`)
      return body
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function isAction({ uses = '' }: Step): boolean {
  return uses.startsWith('registry-pull-secret/registry-pull-secret@')
}

/** Acts as the kubelet: the fake node cannot resolve the name of the registry. */
async function startPod(kube: KubernetesServer, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${name}`
  const pod = await vi.waitFor(
    async () => {
      const { status, body } = await kube.request('GET', path)
      expect(status).toBe(200)
      return body
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(pod.spec.imagePullSecrets).toEqual([{ name: SECRET }])
  const status = podStatus(pod, 'Running', isRunning)
  const headers = { 'content-type': 'application/merge-patch+json' }
  expect(await kube.request('PATCH', `${path}/status`, { status }, headers)).toMatchObject({ status: 200 })
}
