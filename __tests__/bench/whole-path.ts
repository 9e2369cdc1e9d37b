// The whole way of a credential to a Pod in one namespace, with each provider: this action against what a user would write.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireBinary } from '../support/binaries.ts'
import { startFakeHarbor } from '../support/harbor/environment.ts'
import type { Harness, Run } from './harness.ts'
import { createProviders, type Provider } from './providers.ts'
import { type Ratio, wallRatio } from './ratio.ts'
import { inRounds, type Measured } from './rounds.ts'
import { SHELLS } from './shells.ts'

const SECRET = 'whole-path'
const POD = 'whole-path'

const GOALS: Partial<Record<Provider['name'], string>> = { dedicated: '≤ 0.45' }

export async function measureWholePaths(harness: Harness, rounds: number): Promise<readonly Ratio[]> {
  await using harbor = await startFakeHarbor()
  const [namespace = ''] = await harness.namespaces(1)
  const providers = createProviders(harness, harbor)
  const runs = await inRounds(
    providers.flatMap((provider) => contestants(harness, provider, namespace)),
    rounds,
  )
  return providers.map(({ name }) =>
    wallRatio(runs, [ours(name), shell(name)], {
      what: `\`provider: ${name}\`, from the credential to the Pod ÷ its shell`,
      goal: GOALS[name],
    }),
  )
}

const ours = (name: string) => `${name}: this action`
const shell = (name: string) => `${name}: shell`

function contestants(harness: Harness, provider: Provider, namespace: string): Measured[] {
  const { name, registry } = provider
  const image = `${registry}/team/app:1`
  const secretPath = `/api/v1/namespaces/${namespace}/secrets/${SECRET}`
  const podPath = `/api/v1/namespaces/${namespace}/pods/${POD}`
  const measure = async (run: () => Promise<Run>) => {
    for (const path of [secretPath, podPath]) await harness.request('DELETE', path)
    const measured = await run()
    const [secret, pod] = [await harness.request('GET', secretPath), await harness.request('GET', podPath)]
    const isDone = secret.status === 200 && pod.body.spec?.imagePullSecrets?.[0]?.name === SECRET
    if (!isDone) throw new Error(`provider ${name}: no Pod with a pull secret was created`)
    return measured
  }
  return [
    {
      name: ours(name),
      run: () =>
        measure(async () => {
          const { inputs } = await provider.begin()
          // No node runs the Pod.
          const workload = { image, 'pod-name': POD, 'wait-timeout': '0' }
          const { run, result } = await harness.step({
            ...inputs,
            ...workload,
            'secret-name': SECRET,
            namespaces: namespace,
          })
          if (result.code !== 0) throw new Error(result.log)
          return run
        }),
    },
    {
      name: shell(name),
      run: () =>
        measure(async () => {
          const { variables } = await provider.begin()
          const pod = join(harness.folder, 'pod.json')
          await writeFile(pod, JSON.stringify(podWith(image)))
          const cluster = { KUBECTL: requireBinary('kubectl'), NAMESPACE: namespace, NAME: SECRET, SERVER: registry }
          return await harness.command(['bash', '-c', SHELLS[name]], { ...cluster, POD: pod, ...variables })
        }),
    },
  ]
}

function podWith(image: string): object {
  const spec = { containers: [{ name: POD, image }], imagePullSecrets: [{ name: SECRET }] }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: POD }, spec }
}
