// One run of the action, as a person sees it on GitHub and in the cluster. Its servers are the real ones where they are found, else fakes.
import { parseArgs } from 'node:util'
import { dump } from 'js-yaml'
import { findBinary, missingBinaries } from '../__tests__/support/binaries.ts'
import { type FakeIbm, startFakeIbm } from '../__tests__/support/ibm/environment.ts'
import { startDockerRegistry } from '../__tests__/support/registry/docker-registry.ts'
import { applyMasks } from '../__tests__/support/runner/log.ts'
import { runStep, type StepOptions, type StepResult } from '../__tests__/support/runner/runner.ts'
import { type DemoCluster, startDemoCluster } from './demo/cluster.ts'
import { asYaml, describePod, get, isReady, loginOf, pullSecretsOf } from './demo/objects.ts'
import { connectOwnCluster } from './demo/own-cluster.ts'
import { bad, faint, good, pairs, print, quote, say, section, strong } from './demo/terminal.ts'

const SECRET = 'team-registry'
const POD = 'web'

// The first Ctrl-C also reaches the running step, which ends; then the servers are stopped. A second one ends the demo at once.
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

try {
  const { values } = parseArgs({ options: { kubeconfig: { type: 'string' } } })
  process.exitCode = (await demo(values.kubeconfig)) ? 0 : 1
} catch (error) {
  say()
  say(bad(`The demo ended early: ${(error as Error).message}`))
  process.exitCode = 1
}

/** @returns whether all went well */
async function demo(kubeconfig: string | undefined): Promise<boolean> {
  const start = Date.now()
  say(strong('Registry Pull Secret, a demo'))
  say()
  say(
    'One step of a workflow mints a permanent registry token in a Bluemix Dedicated environment, verifies it, stores it in an imagePullSecret and starts a Pod with it.',
  )
  say()
  say(faint('Starting the servers.'))
  say()
  const registry = findBinary('docker-registry')
  await using ibm = await startFakeIbm(registry === undefined ? {} : { startRegistry: startDockerRegistry })
  await using cluster = await (kubeconfig === undefined ? startDemoCluster() : connectOwnCluster(kubeconfig))
  print(
    pairs([
      ['Dedicated environment', 'emulated in this process: login, Cloud Foundry API, token API'],
      [
        'Registry',
        registry === undefined
          ? `a fake in this process (${missingBinaries(['docker-registry'])})`
          : 'docker-registry, the real one, behind the token API',
      ],
      ['Kubernetes', cluster.description],
      ['Node', cluster.node],
    ]),
  )

  const step = describeStep(ibm, cluster)
  section('The step in the workflow')
  quote(dump([{ uses: 'registry-pull-secret/registry-pull-secret@v0', with: step.shown }], { lineWidth: -1 }))
  say()
  say(faint('A real environment needs `dedicated-domain` only, instead of the two endpoints.'))

  section('Its log, live')
  const first = await run({ inputs: step.inputs, env: cluster.environment })
  if (first.code !== 0) return false

  section('Its outputs')
  quote(
    pairs(Object.entries(first.outputs).map(([name, value]) => [name, applyMasks(value, first.masks) || '(empty)'])),
  )

  section('Its job summary')
  quote(applyMasks(first.summary, first.masks))

  section('In the cluster')
  const secret = await get(cluster, `secrets/${SECRET}`)
  quote(`$ kubectl get secret ${SECRET} --namespace ${cluster.namespace} --output yaml`)
  quote(applyMasks(asYaml(secret), first.masks))
  say()
  say(faint('The value is masked here; kubectl shows it in base64.'))
  say()
  const pod = await get(cluster, `pods/${POD}`)
  quote(pairs(await describePod(cluster, pod)))

  section('The same step again')
  const second = await run({ inputs: step.inputs, env: cluster.environment })
  say()
  quote(pairs(['minted', 'token-id', 'changed'].map((name) => [name, second.outputs[name] ?? ''])))

  section('After the job: the post step of the first run')
  const post = await run({ inputs: step.inputs, env: cluster.environment, state: first.state, entry: 'post' })

  section('What was shown')
  const { username, password } = loginOf(secret, ibm.registryHost)
  const image = `${ibm.image.repository}:${ibm.image.tag}`
  const facts: readonly (readonly [fact: string, holds: boolean])[] = [
    ['Two runs, one mint: one live token', first.outputs.minted === 'true' && ibm.liveTokens().length === 1],
    [`The registry lets the credential in the secret pull ${image}`, (await ibm.pullsWith(username, password)) === 200],
    ['It refuses a wrong password', (await ibm.pullsWith(username, 'wrong')) !== 200],
    cluster.canPull
      ? ['The Pod is ready', isReady(pod)]
      : ['The Pod exists and names the secret', pullSecretsOf(pod) === SECRET],
    [
      'The second run reused the token and changed nothing',
      second.code === 0 && second.outputs.minted === 'false' && second.outputs.changed === 'false',
    ],
    ['The post step did not revoke the token, which is in use', post.code === 0 && ibm.liveTokens().length === 1],
    ['The token is in no log and in no summary', [first, second, post].every((result) => !shows(result, password))],
  ]
  for (const [fact, holds] of facts) say(`${holds ? good('✓') : bad('✗')} ${fact}`)
  say()
  say(faint(`${((Date.now() - start) / 1000).toFixed(1)} s, servers included.`))
  return facts.every(([, holds]) => holds)
}

/** The inputs, and how a workflow has them: secrets are named there, not written. */
function describeStep(ibm: FakeIbm, { kubeconfig, namespace, canPull }: DemoCluster) {
  const image = `${ibm.image.repository}:${ibm.image.tag}`
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD },
    spec: { containers: [{ name: POD, image: `${ibm.registryHost}/${image}` }] },
  }
  const inputs = {
    'api-endpoint': ibm.api,
    'registry-endpoint': ibm.registry,
    'api-key': ibm.login.apiKey,
    organization: ibm.organization.name,
    'secret-name': SECRET,
    namespaces: namespace,
    kubeconfig,
    'verify-image': image,
    manifest: dump(pod),
    ...(!canPull && { 'wait-timeout': '0' }),
  }
  const shown = {
    ...inputs,
    'api-key': secretExpression('DEDICATED_API_KEY'),
    kubeconfig: secretExpression('KUBECONFIG'),
  }
  return { inputs, shown }
}

function secretExpression(name: string): string {
  return `\${{ secrets.${name} }}`
}

async function run(options: StepOptions): Promise<StepResult> {
  interrupted.signal.throwIfAborted()
  const result = await runStep({ ...options, onLine: quote })
  interrupted.signal.throwIfAborted()
  if (result.code !== 0) say(bad(`The step failed with exit code ${result.code}.`))
  return result
}

/** Whether the token can be read in the output of a step. The runner hides the commands that mask it. */
function shows({ stdout, stderr, summary }: StepResult, token: string): boolean {
  const lines = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  return [...lines, stderr, summary].some((text) => text.includes(token))
}
