// Workflows of the recipes and the examples, run against the fake services as they are written: only images, user names and the
// service ID are those of the fake services.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { jobOf } from '../support/documented-workflow.ts'
import { codeBlocksOf } from '../support/markdown-page.ts'
import { openReader, type Place } from './documented-run.ts'
import { isOurs } from './harness.ts'

/** Of a workload that the action does not wait for. */
const manifestAt = (host: string) =>
  JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'web' },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: `${host}/team/app:0` }] } },
        },
      },
    },
  })

const ghcr: Place = { hosts: ['ghcr.io'], domain: 'ghcr.io', namespaces: ['shop'] }
const ecr: Place = {
  hosts: ['123456789012.dkr.ecr.eu-central-1.amazonaws.com'],
  domain: 'dkr.ecr.eu-central-1.amazonaws.com',
  namespaces: ['shop'],
}
const icr: Place = { hosts: ['us.icr.io', 'de.icr.io'], domain: 'icr.io', namespaces: ['shop', 'billing'] }
const dedicated: Place = {
  hosts: ['registry.cfsdedicated1.us-south.bluemix.net'],
  domain: 'cfsdedicated1.us-south.bluemix.net',
  namespaces: ['shop', 'billing'],
}

describe.concurrent('a workflow of the documentation', () => {
  it.each<[string, Place, string?]>([
    ['examples/ghcr.yml', ghcr],
    ['examples/any-registry.yml', { hosts: ['registry.example.com'], domain: 'example.com', namespaces: ['shop'] }],
    ['examples/ecr.yml', ecr],
    ['examples/acr.yml', { hosts: ['acme.azurecr.io'], domain: 'azurecr.io', namespaces: ['shop'] }],
    ['examples/artifact-registry.yml', { hosts: ['europe-docker.pkg.dev'], domain: 'pkg.dev', namespaces: ['shop'] }],
    ['examples/docker-hub.yml', { hosts: ['registry-1.docker.io'], domain: 'docker.io', namespaces: ['shop'] }],
    ['examples/ibmcloud.yml', icr],
    ['examples/rotate.yml', dedicated],
    ['examples/deploy.yml', { ...dedicated, files: { 'deploy/mypod.yaml': manifestAt(dedicated.hosts[0]) } }],
    ['docs/recipes/rotation.md', dedicated, 'name: Send a message'],
    ['docs/recipes/rotation.md', dedicated, 'description: Replace the token now'],
    [
      'docs/recipes/deploying.md',
      { ...ghcr, files: { 'deploy/web.json': manifestAt('ghcr.io') } },
      'wait-timeout: 10m',
    ],
    ['docs/recipes/deploying.md', { ...ghcr, files: { 'rendered.yaml': manifestAt('ghcr.io') } }, 'kubectl kustomize'],
  ])('creates the secret, and finds nothing to do the next time: %s', async (path, place, part = '') => {
    await using reader = await openReader(place)
    const job = jobOf(blockOf(path, part))
    const { token } = reader
    const settings = {
      'vars.GHCR_USER': 'token',
      'secrets.GHCR_TOKEN': token,
      'vars.DOCKERHUB_USERNAME': 'token',
      'secrets.DOCKERHUB_TOKEN': token,
      'secrets.REGISTRY_PASSWORD': token,
    }

    const [first] = await reader.run(job, { ...settings, ...ROTATE_NOW })
    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(resultsOf(first)).toEqual(expect.arrayContaining(['created']))

    const [second] = await reader.run(job, { ...settings, ...LATER })
    expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
  })

  it('mints a token without a cluster, which ends by itself', async () => {
    await using reader = await openReader(dedicated)
    const [result] = await reader.run(jobOf(blockOf('docs/recipes/deploying.md', 'helm registry login')))
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(reader.ibm.liveTokens().map(({ value }) => value)).toContain(result?.outputs.token)
    expect(result?.outputs['token-expires-at']).not.toBe('')
    expect(reader.kube.journal.filter(isOurs)).toEqual([])
  })

  it('writes to the namespaces that match the glob and the selector', async () => {
    const namespaces = ['team-a', 'team-b', 'team-sandbox', 'other', 'team-test']
    await using reader = await openReader({ ...ghcr, namespaces })
    const merge = { 'content-type': 'application/merge-patch+json' }
    for (const name of namespaces) {
      const labels = { environment: name === 'team-test' ? 'test' : 'production' }
      await reader.kube.request('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels } }, merge)
    }
    const [result] = await reader.run(jobOf(blockOf('docs/recipes/targets.md', '!team-sandbox')))
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result?.outputs.targets ?? '')).toMatchObject([{ namespace: 'team-a' }, { namespace: 'team-b' }])
  })
})

describe.concurrent('a workflow in the place of a script', () => {
  it.each<[string, Place, string]>([
    ['service-id: registry-pull', { ...icr, hosts: ['us.icr.io'] }, 'team-registry'],
    ['secret-name: ghcr', { ...ghcr, files: { 'deploy/web.json': manifestAt('ghcr.io') } }, 'ghcr'],
    ['secret-name: ecr', ecr, 'ecr'],
  ])('takes over the secret of kubectl, and then needs no `adopt`: %s', async (part, place, name) => {
    await using reader = await openReader(place)
    const { kube } = reader
    const [host] = place.hosts
    const config = btoa(JSON.stringify({ auths: { [host]: { auth: btoa('script:old-password') } } }))
    for (const namespace of place.namespaces) {
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"old-password"}' }
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, annotations },
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': config },
      }
      expect(await kube.request('POST', `/api/v1/namespaces/${namespace}/secrets`, secret)).toMatchObject({
        status: 201,
      })
    }
    const block = blockOf('docs/recipes/moving-over.md', part)
    const withoutAdopt = jobOf(block.replace(/^ *adopt: true # remove it after the first run\n/m, ''))

    const [refused] = await reader.run(withoutAdopt)
    expect(refused?.annotations).toMatchObject([{ properties: { title: 'Secret not managed' } }])
    const [first] = await reader.run(jobOf(block))
    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(resultsOf(first)).toEqual(place.namespaces.map(() => 'updated'))
    expect(first?.summary).toContain('This action did not mint the credential that it replaced: revoke it')
    for (const namespace of place.namespaces) {
      const secret = await reader.secret(name, namespace)
      expect(loginFor(secret, host)?.password).toBe(first?.outputs.token)
      expect(JSON.stringify(secret.metadata.annotations)).not.toContain('old-password')
    }
    const [second] = await reader.run(withoutAdopt)
    expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
  })
})

/** Of the recipe whose `max-age` depends on an input of the workflow. */
const MAX_AGE = "inputs.rotate && '0' || '27d'"
const ROTATE_NOW = { [MAX_AGE]: '0' }
const LATER = { [MAX_AGE]: '27d' }

/** The only workflow of a page with this part, for the images and users of the fake services. */
function blockOf(path: string, part: string): string {
  const text = readFileSync(path, 'utf8')
  const blocks = path.endsWith('.md') ? codeBlocksOf(text, 'yaml') : [text]
  const [block = '', ...more] = blocks.filter(
    (one) => one.includes('uses: registry-pull-secret/') && one.includes(part),
  )
  expect(more).toEqual([])
  return block
    .replaceAll(/acme\/app|project\/repository\/app/g, 'team/app')
    .replaceAll(/\$\{\{ github.sha \}\}/g, '1')
    .replace("docker-username: 'puller'", 'docker-username: token')
    .replace(/service-id: ServiceId-\S+/, 'service-id: registry-pull')
}

function resultsOf(result: { readonly outputs: Readonly<Record<string, string>> } | undefined): string[] {
  return JSON.parse(result?.outputs.targets ?? '[]').map(({ result: one }: { result: string }) => one)
}
