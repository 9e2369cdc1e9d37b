// The step of the documentation: a new token, its secret and a Pod; the same step again; the post step.
import { dump } from 'js-yaml'
import type { FakeIbm } from '../../__tests__/support/ibm/environment.ts'
import { applyMasks } from '../../__tests__/support/runner/log.ts'
import type { StepResult } from '../../__tests__/support/runner/runner.ts'
import type { DemoCluster } from './cluster.ts'
import { dedicatedStep, type Fact, type Mode, SECRET, type Session } from './mode.ts'
import { asYaml, describePod, get, isReady, loginOf, pullSecretsOf } from './objects.ts'
import { faint, pairs, quote, say, section } from './terminal.ts'

const POD = 'web'

export const deploy = {
  description: 'mint a token, store it, start a Pod with it; run the step again; the post step (the default)',
  introduction:
    'One step of a workflow mints a permanent registry token in a Bluemix Dedicated environment, verifies it, stores it in an imagePullSecret and starts a Pod with it.',
  namespaces: ['shop'],
  show,
} satisfies Mode

async function show(session: Session<DemoCluster>): Promise<readonly Fact[]> {
  const { ibm, cluster } = session
  const { inputs, shown } = describeStep(session)
  section('The step in the workflow')
  quote(dump([{ uses: 'registry-pull-secret/registry-pull-secret@v0', with: shown }], { lineWidth: -1 }))
  say()
  say(faint('A real environment needs `dedicated-domain` only, instead of the two endpoints.'))

  section('Its log, live')
  const step = { inputs, env: cluster.environment }
  const first = await session.run('The first run', step)
  if (first.code !== 0) return [['The first run succeeded', false]]

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
  const second = await session.run('The same step again', step)
  say()
  quote(pairs(['minted', 'token-id', 'changed'].map((name) => [name, second.outputs[name] ?? ''])))

  section('After the job: the post step of the first run')
  const post = await session.run('The post step', { ...step, state: first.state, entry: 'post' })

  const { username, password } = loginOf(secret, ibm.registryHost)
  return [
    ['Two runs, one mint: one live token', first.outputs.minted === 'true' && ibm.liveTokens().length === 1],
    [
      `The registry lets the credential in the secret pull ${imageOf(ibm)}`,
      (await ibm.pullsWith(username, password)) === 200,
    ],
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
}

/** The inputs, and how a workflow has them: secrets are named there, not written. */
function describeStep(session: Session<DemoCluster>) {
  const { ibm, cluster } = session
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD },
    spec: { containers: [{ name: POD, image: `${ibm.registryHost}/${imageOf(ibm)}` }] },
  }
  const inputs = {
    ...dedicatedStep(session),
    namespaces: cluster.namespace,
    manifest: dump(pod),
    ...(!cluster.canPull && { 'wait-timeout': '0' }),
  }
  const shown = {
    ...inputs,
    'api-key': secretExpression('DEDICATED_API_KEY'),
    kubeconfig: secretExpression('KUBECONFIG'),
  }
  return { inputs, shown }
}

function imageOf({ image }: FakeIbm): string {
  return `${image.repository}:${image.tag}`
}

function secretExpression(name: string): string {
  return `\${{ secrets.${name} }}`
}

/** Whether the token can be read in the output of a step. The runner hides the commands that mask it. */
function shows({ stdout, stderr, summary }: StepResult, token: string): boolean {
  const lines = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  return [...lines, stderr, summary].some((text) => text.includes(token))
}
