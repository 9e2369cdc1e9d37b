// Service accounts that are both in the manifests and in `service-accounts`.
import { describe, expect, it } from 'vitest'
import { run } from '../../../src/run/main.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { type Harness, SECRET, startHarness } from './harness.ts'

const account = (more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'web' },
  ...more,
})
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }
const inputsOf = (object: object) => ({
  manifest: [object, configMap].map((one) => JSON.stringify(one)).join('\n---\n'),
  'service-accounts': 'web',
  'wait-timeout': '0',
})

const pathOf = (namespace = '') => `/api/v1/namespaces/${namespace}/serviceaccounts/web`

async function secretsOf({ kube, namespaces }: Harness, namespace = namespaces[0]) {
  const { status, body } = await kube.request('GET', pathOf(namespace))
  return status === 404 ? undefined : (body.imagePullSecrets ?? []).map(({ name }: { name: string }) => name)
}

describe('a service account that the manifests create', () => {
  it.each([
    ['web', account(), [SECRET]],
    ['web', account({ imagePullSecrets: [] }), [SECRET]],
    ['web', account({ imagePullSecrets: [{ name: 'other' }] }), ['other', SECRET]],
    ['*', account(), [SECRET]],
  ])('has the secret after the first run and after each later one: %s %j', async (names, object, secrets) => {
    await using harness = await startHarness()
    for (const _ of ['first', 'second']) {
      expect(await run(await harness.context({ ...inputsOf(object), 'service-accounts': names }))).toEqual([])
      expect(await secretsOf(harness)).toEqual(secrets)
    }
  })

  it('has it in a namespace that the run creates', async () => {
    await using harness = await startHarness()
    const inputs = { ...inputsOf(account()), namespaces: 'new', 'create-namespaces': 'true' }
    expect(await run(await harness.context({ ...inputs, 'dry-run': 'true' }))).toEqual([])
    expect(await run(await harness.context(inputs))).toEqual([])
    expect(await secretsOf(harness, 'new')).toEqual([SECRET])
  })

  it('has it only in the namespace that the manifest names', async () => {
    await using harness = await startHarness(2)
    const [first, second] = harness.namespaces
    const errors = await run(await harness.context(inputsOf(account({ metadata: { name: 'web', namespace: first } }))))
    expect(errors).toMatchObject([{ code: 'service-account-not-found', details: { namespace: second } }])
    expect(await secretsOf(harness, first)).toEqual([SECRET])
  }, 20_000)

  it.each(['web', '*'])('is planned in a dry run: %s', async (names) => {
    await using harness = await startHarness()
    const context = await harness.context({ ...inputsOf(account()), 'service-accounts': names, 'dry-run': 'true' })
    expect(await run(context)).toEqual([])
    expect(await secretsOf(harness)).toBeUndefined()
  })

  it('fails its target when the API server refuses it', async () => {
    await using harness = await startHarness()
    const when = ({ method, path }: { method: string; path: string }) => method === 'PATCH' && path.endsWith('/web')
    harness.kube.faults.add({ when, fault: { kind: 'status', status: 422, body: '{}' } })
    const errors = await run(await harness.context(inputsOf(account())))
    expect(errors).toMatchObject([{ code: 'cluster-rejected', details: { status: 422 } }])
  })
})

describe('a service account that exists', () => {
  it('keeps the secret, also while its manifest is applied', async () => {
    await using harness = await startHarness()
    await run(await harness.context(inputsOf(account({ imagePullSecrets: [{ name: 'other' }] }))))
    harness.kube.journal.length = 0
    await run(await harness.context(inputsOf(account({ imagePullSecrets: [{ name: 'other' }, { name: 'third' }] }))))
    expect(await secretsOf(harness)).toEqual(['other', 'third', SECRET])
    const sent = harness.kube.journal.filter(({ method, path }) => method === 'PATCH' && path.endsWith('/web'))
    expect(sent.length).toBeGreaterThan(0)
    for (const { body } of sent) expect(JSON.parse(String(body)).imagePullSecrets).toContainEqual({ name: SECRET })
  })

  it('keeps the list of its manifest when it is not in service-accounts', async () => {
    await using harness = await startHarness()
    const object = account({ imagePullSecrets: [{ name: 'other' }] })
    await run(await harness.context({ ...inputsOf(object), 'service-accounts': 'default' }))
    expect(await secretsOf(harness)).toEqual(['other'])
  })
})

it('applies nothing to a target that failed, also what names its namespace', async () => {
  await using harness = await startHarness(2)
  const [first = '', second = ''] = harness.namespaces
  const secrets = `/api/v1/namespaces/${second}/secrets`
  await harness.kube.request('POST', secrets, { metadata: { name: SECRET }, type: 'Opaque' })
  const pod = (namespace: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { containers: [{ name: 'main', image: 'docker.io/library/web' }] },
  })
  const manifest = [pod(second), pod(first)].map((one) => JSON.stringify(one)).join('\n---\n')
  using captured = captureLog()
  const errors = await run(await harness.context({ manifest, 'wait-timeout': '0' }))
  expect(errors).toMatchObject([{ code: 'secret-not-managed', details: { namespace: second } }])
  const statusIn = async (namespace: string) =>
    (await harness.kube.request('GET', `/api/v1/namespaces/${namespace}/pods/web`)).status
  expect([await statusIn(first), await statusIn(second)]).toEqual([200, 404])
  expect(captured.log.text).toMatch(new RegExp(`Did not apply Pod ${second}/web in cluster \\S+: its target failed`))
  expect(captured.log.text).not.toContain('does not get secret')
})
