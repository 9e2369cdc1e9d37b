// Reads what the workflow builder embeds: the examples, the manifests of the cluster access, and a command of the README.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load, loadAll } from 'js-yaml'
import { ROLLOUTS } from '../../src/workload/rollout.ts'
import type { BuilderData, Example, Kind, KubernetesManifest, Registry } from './data.ts'

const ROOT = join(import.meta.dirname, '../..')
const ACTION = 'registry-pull-secret/registry-pull-secret@'

/** What `examples/rbac/deploy.yaml` has as well. */
const KINDS: readonly Omit<Kind, 'isFollowed'>[] = [
  { kind: 'Deployment', group: 'apps', plural: 'deployments' },
  { kind: 'StatefulSet', group: 'apps', plural: 'statefulsets' },
  { kind: 'DaemonSet', group: 'apps', plural: 'daemonsets' },
  { kind: 'Job', group: 'batch', plural: 'jobs' },
  { kind: 'CronJob', group: 'batch', plural: 'cronjobs' },
  { kind: 'Pod', group: '', plural: 'pods' },
  { kind: 'Service', group: '', plural: 'services' },
  { kind: 'ConfigMap', group: '', plural: 'configmaps' },
]

/** @throws Error when a file does not have what the builder takes from it */
export function readData(): BuilderData {
  const access = loadAll(read('examples/rbac/many-namespaces.yaml')) as KubernetesManifest[]
  const account = access.filter(({ kind }) => ['Namespace', 'ServiceAccount', 'Secret'].includes(kind))
  if (account.length !== 3) throw new Error('examples/rbac/many-namespaces.yaml has no account')
  const [storeKubeconfig] = /^kubectl .*secret registry-pull-secret-token[\s\S]*?gh secret set KUBECONFIG$/m.exec(
    read('README.md'),
  ) ?? [undefined]
  if (storeKubeconfig === undefined) throw new Error('README.md has no command that stores the kubeconfig')
  const [checkout] = /^ {6}- uses: actions\/checkout@.*\n(?: {8,}.*\n)*/m.exec(read('examples/deploy.yml')) ?? [
    undefined,
  ]
  if (checkout === undefined) throw new Error('examples/deploy.yml checks out nothing')
  const kinds = KINDS.map((one) => ({ ...one, isFollowed: `${one.group || 'v1'} ${one.kind}` in ROLLOUTS }))
  return { registries: readRegistries(), kinds, account, storeKubeconfig, checkout: checkout.trimEnd() }
}

/** The rows of the table of registries in docs/registries.md, and the pull secret of the cluster, which has no example. */
function readRegistries(): Registry[] {
  const rows = [
    ...read('docs/registries.md').matchAll(/^\| (.+) \| .+ \| (.+) \| (\[.+\]\(\.\.\/examples\/.+\)) \|$/gm),
  ]
  const registries = rows.map(([, title = '', lifetime = '', links = '']) => {
    // The last link is the workflow with a schedule.
    const file = links.slice(links.lastIndexOf('examples/'), -1)
    return { id: file.replace(/^.*\/|\.yml$/g, ''), title, lifetime, example: readExample(file) }
  })
  const single = registries.filter(({ id }) => id !== 'two-registries')
  const other = single.find(({ id }) => id === 'any-registry')
  if (other === undefined) throw new Error('docs/registries.md has no row for any registry')
  const inputs = {
    provider: 'docker-config',
    'docker-config-secret': 'default/all-icr-io',
    // No input says which hosts the secret has.
    image: 'us.icr.io/team/app:1',
    kubeconfig: other.example.inputs.kubeconfig ?? '',
    namespaces: other.example.inputs.namespaces ?? '',
    'secret-name': other.example.inputs['secret-name'] ?? '',
  }
  const scheduleComment = 'Follows the secret that is copied, and repairs copies that were edited manually.'
  const copied = { ...other.example, name: 'copy pull secret', inputs, scheduleComment }
  return [
    ...single,
    { id: 'pull-secret', title: 'A pull secret that the cluster has', lifetime: 'that of the secret', example: copied },
  ]
}

interface Workflow {
  readonly name: string
  readonly on: { readonly schedule: readonly { readonly cron: string }[] }
  readonly jobs: Readonly<Record<string, Job>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}

function readExample(file: string): Example {
  const text = read(file)
  const { name, on, jobs } = load(text) as Workflow
  const [job] = Object.values(jobs)
  const step = job?.steps.find(({ uses }) => uses?.startsWith(ACTION))
  const [cron] = on.schedule
  const [, steps] = /^ {4}steps:\n([\s\S]*?) {6}# Pin this action/m.exec(text) ?? []
  if (job === undefined || step?.uses === undefined || cron === undefined || steps === undefined)
    throw new Error(`${file} is not an example of a scheduled step`)
  const [, scheduleComment = ''] = /^ {2}schedule:\n((?: {4}#.*\n)*)/m.exec(text) ?? []
  return {
    file,
    name,
    scheduleComment: scheduleComment
      .replace(/^ {4}# /gm, '')
      .trim()
      .replaceAll('\n', ' '),
    cron: cron.cron,
    permissions: job.permissions ?? {},
    steps: steps.trimEnd(),
    action: step.uses,
    inputs: Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, String(value)])),
  }
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
