// Objects that `kubectl apply` made before.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { withoutClientSide } from '../../../src/workload/client-side-apply.ts'
import { applyTo } from '../../support/apply-to.ts'
import { requireBinary } from '../../support/binaries.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeReal } from '../../support/describe-real.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import { serverAt } from '../../support/kubernetes/administrator.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import type { KubernetesServer } from '../../support/kubernetes/server.ts'
import { sharedServer } from '../../support/shared-servers/shared.ts'

const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}) => {
  return {
    manager,
    operation,
    apiVersion: 'apps/v1',
    time: '2026-11-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...more,
  }
}
const OURS = 'registry-pull-secret'

describe('the owners of fields', () => {
  it.each(['kubectl-client-side-apply', 'kubectl', 'before-first-apply'])('are without %s', (manager) => {
    const other = entry('controller', 'Update', { 'f:status': {} }, { subresource: 'status' })
    const fields = { 'f:spec': { 'f:replicas': {} } }
    expect(withoutClientSide([entry(manager, 'Update', fields), other])).toEqual([entry(OURS, 'Apply', fields), other])
  })

  it('are without kubectl apply --server-side', () => {
    const fields = { 'f:spec': { 'f:replicas': {} } }
    expect(withoutClientSide([entry('kubectl', 'Apply', fields)])).toEqual([entry(OURS, 'Apply', fields)])
  })

  it('are united with those of this action', () => {
    const own = entry(OURS, 'Apply', { 'f:a': {}, 'f:b': { 'f:x': {} }, 'f:c': {} })
    const kubectl = entry('kubectl-client-side-apply', 'Update', {
      'f:b': { 'f:y': {} },
      'f:c': { 'f:z': {} },
      'f:d': {},
    })
    expect(withoutClientSide([kubectl, own])).toEqual([
      entry(OURS, 'Apply', { 'f:a': {}, 'f:b': { 'f:x': {}, 'f:y': {} }, 'f:c': { '.': {}, 'f:z': {} }, 'f:d': {} }),
    ])
  })

  it('are those of the API version of the latest one', () => {
    const older = entry(
      'kubectl',
      'Update',
      { 'f:a': {} },
      { apiVersion: 'apps/v1beta1', time: '2020-01-01T00:00:00Z' },
    )
    const newer = entry('kubectl-client-side-apply', 'Update', { 'f:b': {} })
    expect(withoutClientSide([older, newer])).toEqual([entry(OURS, 'Apply', { 'f:b': {} })])
  })

  it.each([
    ['none', []],
    ['this action', [entry(OURS, 'Apply', {})]],
    ['another server-side apply', [entry('flux', 'Apply', {})]],
    ['kubectl scale', [entry('kubectl', 'Update', {}, { subresource: 'scale' })]],
    ['kubectl edit', [entry('kubectl-edit', 'Update', {})]],
  ])('stay when they are %s', (_, entries) => {
    expect(withoutClientSide(entries)).toBeUndefined()
  })
})

const configMap = (data: object): KubernetesObject => {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { ...data } }
}

describeServers((server) => {
  let count = 0
  async function setUp() {
    const namespace = `client-side-${++count}`
    await server().createNamespace(namespace)
    server().journal.length = 0
    const path = `/api/v1/namespaces/${namespace}/configmaps`
    const requests = () =>
      server()
        .journal.filter((one) => one.path.startsWith(path))
        .map(({ method }) => method)
    return { namespace, path, requests, cluster: connectTo(server()) }
  }

  it('a new object takes one request', async () => {
    const { namespace, cluster, requests } = await setUp()
    await applyTo(cluster, namespace, configMap({ a: '1' }))
    expect(requests()).toEqual(['PATCH'])
  })

  it('an object that kubectl applied loses what the manifest no longer has', async () => {
    const { namespace, path, cluster, requests } = await setUp()
    await server().request('POST', `${path}?fieldManager=kubectl-client-side-apply`, configMap({ a: '1', b: '1' }))
    await server().request(
      'PATCH',
      `${path}/web?fieldManager=someone`,
      { data: { c: '1' } },
      {
        'content-type': 'application/merge-patch+json',
      },
    )
    server().journal.length = 0

    await applyTo(cluster, namespace, configMap({ a: '2' }))

    expect(requests()).toEqual(['PATCH', 'GET', 'PATCH', 'PATCH'])
    expect((await server().request('GET', `${path}/web`)).body.data).toEqual({ a: '2', c: '1' })
    server().journal.length = 0
    await applyTo(cluster, namespace, configMap({ a: '2' }))
    expect(requests()).toEqual(['PATCH', 'GET', 'PATCH'])
  })

  it('an object that changes meanwhile is read again', async () => {
    const { namespace, path, cluster } = await setUp()
    await server().request('POST', `${path}?fieldManager=kubectl-client-side-apply`, configMap({ a: '1', b: '1' }))
    const when = ({ headers }: Pick<RecordedRequest, 'headers'>) =>
      headers['content-type'] === 'application/json-patch+json'
    server().faults.add({ when, fault: { kind: 'status', status: 409 }, times: 1 })
    await applyTo(cluster, namespace, configMap({ a: '2' }))
    expect((await server().request('GET', `${path}/web`)).body.data).toEqual({ a: '2' })
  })

  it('a dry run changes no owner', async () => {
    const { namespace, path, cluster } = await setUp()
    await server().request('POST', `${path}?fieldManager=kubectl-client-side-apply`, configMap({ a: '1', b: '1' }))
    server().journal.length = 0
    const before = (await server().request('GET', `${path}/web`)).body
    await applyTo(cluster, namespace, configMap({ a: '2' }), { dryRun: true })
    expect((await server().request('GET', `${path}/web`)).body).toEqual(before)
  })
})

const container = (more: object, name = 'web') => ({ name, image: 'team/web:1', ...more })
const deployment = (containers: readonly object[], metadata: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
  },
})
const service = (ports: readonly object[]): KubernetesObject => {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports } }
}
const [one, two] = [
  { name: 'A', value: '1' },
  { name: 'B', value: '2' },
]
const metadata = { labels: { a: '1', b: '2' }, annotations: { x: '1', y: '2' } }
const port = (number: number) => ({ port: number, protocol: 'TCP' })

// The fake API server knows no names of ports that must differ.
describeReal(['etcd', 'kube-apiserver'], 'a port of another program', () => {
  describeServers((server) => {
    const changed = deployment([container({ ports: [{ containerPort: 81, name: 'http' }] })])
    async function create(namespace: string, manager: string) {
      await server().createNamespace(namespace)
      const first = deployment([container({ ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }] })])
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`
      await server().request('POST', `${path}?fieldManager=${manager}`, first)
      return connectTo(server())
    }

    it('an entry that another program set is named with the program', async () => {
      const cluster = await create('client-side-created', 'kubectl-create')
      await expect(applyTo(cluster, 'client-side-created', changed)).rejects.toMatchObject({
        code: 'cluster-rejected',
        message: expect.stringContaining('Duplicate value: "http"'),
        hint: expect.stringContaining('another program set: kubectl-create.'),
      })
    })

    it('a dry run does not refuse what a run would take over first', async () => {
      const cluster = await create('client-side-dry', 'kubectl-client-side-apply')
      const planned = await applyTo(cluster, 'client-side-dry', changed, { dryRun: true })
      expect(planned.note).toContain('would be taken over first')
    })
  })
})

describeReal(['etcd', 'kube-apiserver', 'kubectl'], 'the result equals that of', () => {
  let server: KubernetesServer
  const folder = mkdtempSync(join(tmpdir(), 'client-side-'))
  beforeAll(async () => {
    server = serverAt(await sharedServer('apiserver'))
    writeFileSync(join(folder, 'config'), server.kubeconfig())
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const kubectl = (command: string, namespace: string, object: KubernetesObject) => {
    const args = [`--kubeconfig=${join(folder, 'config')}`, `--namespace=${namespace}`, ...command.split(' ')]
    execFileSync(requireBinary('kubectl'), [...args, '--filename=-'], { input: JSON.stringify(object), stdio: 'pipe' })
  }

  const cases: readonly [string, KubernetesObject, KubernetesObject][] = [
    ['a removed variable', deployment([container({ env: [one, two] })]), deployment([container({ env: [two] })])],
    ['no variables any more', deployment([container({ env: [one] })]), deployment([container({})])],
    [
      'a changed port of a container',
      deployment([container({ ports: [{ containerPort: 80 }] })]),
      deployment([container({ ports: [{ containerPort: 81 }] })]),
    ],
    ['a changed port of a Service', service([port(80)]), service([port(81)])],
    [
      'a removed container',
      deployment([container({}), container({}, 'sidecar')]),
      deployment([container({ image: 'team/web:2' })]),
    ],
    [
      'removed labels and annotations',
      deployment([container({})], metadata),
      deployment([container({})], { labels: { a: '1' } }),
    ],
    [
      'removed replicas',
      { ...deployment([container({})]), spec: { ...Object(deployment([container({})]).spec), replicas: 3 } },
      deployment([container({})]),
    ],
    [
      'removed arguments',
      deployment([container({ args: ['a'], tty: true })]),
      deployment([container({ args: ['b'] })]),
    ],
  ]
  const commands = ['apply', 'apply --server-side']
  it.each(commands.flatMap((command) => cases.map((one) => [command, ...one] as const)))(
    'kubectl %s after %s',
    async (command, title, first, second) => {
      const suffix = `${command} ${title}`.replace(/\W+/g, '-').toLowerCase()
      const [plain, ours] = ['plain', 'ours'].map((kind) => `${kind}-${suffix}`)
      if (plain === undefined || ours === undefined) return expect.fail()
      for (const namespace of [plain, ours]) {
        await server.createNamespace(namespace)
        kubectl(command, namespace, first)
      }
      kubectl(command, plain, second)
      const { path } = await applyTo(connectTo(server), ours, second)
      const read = async (namespace: string) => {
        const { spec, metadata: found } = (await server.request('GET', path.replace(ours, namespace))).body
        const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...annotations } = found.annotations ?? {}
        const { clusterIP: _ip, clusterIPs: _ips, ...rest } = spec
        return { spec: rest, labels: found.labels, annotations }
      }
      const expected = await read(plain)
      expect(await read(ours)).toEqual(expected)
      // The second one has nothing left to do.
      const before = (await server.request('GET', path)).body.metadata.resourceVersion
      await applyTo(connectTo(server), ours, second)
      expect((await server.request('GET', path)).body.metadata.resourceVersion).toBe(before)
    },
  )
})
