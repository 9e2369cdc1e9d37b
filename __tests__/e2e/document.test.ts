// The document's seven steps, as one step of a workflow.
import { execFile } from 'node:child_process'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { requireBinary } from '../support/binaries.ts'
import { describeReal } from '../support/describe-real.ts'
import { installCli } from '../support/ibm/cli.ts'
import type { FakeIbm } from '../support/ibm/environment.ts'
import { recordsOf } from '../support/records.ts'
import { describeScenarios, type OpenScenario, type Scenario, SECRET } from './harness.ts'

type Login = FakeIbm['login']

const logins: Readonly<Record<string, (login: Login) => Record<string, string>>> = {
  'a UAA token': ({ uaaToken }) => ({ 'oauth-token': uaaToken }),
  'a UAA token with the prefix Bearer': ({ uaaToken }) => ({ 'oauth-token': `Bearer ${uaaToken}` }),
  'user name and password': ({ username, password }) => ({ username, password }),
  'an API key': ({ apiKey }) => ({ 'api-key': apiKey }),
  'a passcode': ({ passcode }) => ({ passcode }),
}
const noLogin = { username: '', password: '' }
const deployment = (scenario: Scenario) => ({ image: scenario.inputs['verify-image'] ?? '', 'pod-name': 'web' })

describeScenarios('the document', theDocument, { alsoOnFakes: true })

function theDocument(openScenario: OpenScenario): void {
  it.each(Object.entries(logins))('is done with %s', async (_, login) => {
    await using scenario = await openScenario()

    const result = await scenario.run({ ...noLogin, ...login(scenario.ibm.login), ...deployment(scenario) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.outputs).toEqual(await contract(scenario))
    expect(scenario.requests(/^tokens (POST|DELETE)/)).toEqual(['tokens POST /api/v1/tokens'])
  })

  it.each(['ibmcloud', 'bx'] as const)('is done with the session of %s, which gets no secret', async (name) => {
    await using scenario = await openScenario()
    await using folder = await mkdtempDisposable(join(tmpdir(), 'cli-'))
    const record = join(folder.path, 'arguments')
    const program = await installCli(join(folder.path, 'cli'), { name, uaaToken: scenario.ibm.login.uaaToken })
    const recorder = join(folder.path, name)
    await writeFile(recorder, `#!/bin/sh\necho "$0 $*" >> ${record}\nexec ${program} "$@"\n`, { mode: 0o755 })

    const result = await scenario.run({ ...noLogin, ...deployment(scenario) }, { PATH: `${folder.path}:/usr/bin:/bin` })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.outputs).toEqual(await contract(scenario))
    expect(scenario.requests(/^(tokens|uaa) (POST|DELETE)/)).toEqual(['tokens POST /api/v1/tokens'])
    expect(await readFile(record, 'utf8')).toBe(`${recorder} iam oauth-tokens\n`)
  })

  it('creates a secret that records its origin, and a Pod that runs with it', async () => {
    await using scenario = await openScenario()
    const { kube, namespace } = scenario

    const result = await scenario.run(deployment(scenario))

    const { type, metadata } = await scenario.secret()
    expect(type).toBe('kubernetes.io/dockerconfigjson')
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
    expect(metadata.annotations).toEqual({
      'registry-pull-secret/credentials': expect.any(String),
      'registry-pull-secret/run': 'https://github.com/acme/shop/actions/runs/4711',
    })
    expect(recordsOf({ metadata })).toEqual([
      {
        hosts: [scenario.ibm.registryHost],
        provider: 'dedicated',
        repository: 'acme/shop',
        id: result.outputs['token-id'],
        'minted-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        scope: [expect.stringContaining(`${namespace}/${SECRET}`)],
        cluster: expect.stringMatching(/^[0-9a-f]{16} 127\.0\.0\.1:\d+~[0-9a-f]{16}$/),
        run: 'https://github.com/acme/shop/actions/runs/4711',
      },
    ])
    expect(metadata.managedFields).toMatchObject([{ manager: 'registry-pull-secret', operation: 'Apply' }])

    const { body: pod } = await kube.request('GET', `/api/v1/namespaces/${namespace}/pods/web`)
    expect(pod.spec.imagePullSecrets).toEqual([{ name: SECRET }])
    expect(pod.spec.containers).toMatchObject([{ name: 'web', image: `${scenario.ibm.registryHost}/team/app:1` }])
    expect(pod.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }))
  })

  it('creates a credential that pulls the image until it is revoked, and no other image', async () => {
    await using scenario = await openScenario()
    const { ibm } = scenario

    await scenario.run()

    const { username, password } = await storedLogin(scenario)
    expect(await ibm.pullsWith(username, password)).toBe(200)
    expect(await ibm.pullsWith(username, password, ibm.otherImage)).toBe(403)
    ibm.revokeToken(ibm.tokens()[0]?.id ?? '')
    expect(await ibm.pullsWith(username, password)).toBe(401)
  })

  it('mints with `permanent`, `write` and `token-description` as they are set', async () => {
    await using scenario = await openScenario()

    const result = await scenario.run({ permanent: 'false', write: 'true', 'token-description': 'nightly' })

    const [token] = scenario.ibm.tokens()
    expect(token).toMatchObject({ permanent: false, write: true })
    expect(token?.description).toMatch(/^nightly /)
    expect(token?.description).toContain(`${scenario.namespace}/${SECRET}`)
    const ends = token?.expiresAt?.toISOString().replace('.000Z', 'Z')
    expect(result.outputs['token-expires-at']).toBe(ends)
    expect(recordsOf(await scenario.secret())).toMatchObject([{ 'expires-at': ends }])
  })

  it('lists the pull secrets of the namespace without their values', async () => {
    await using scenario = await openScenario()
    const { kube, namespace } = scenario
    const theirs = { username: 'bob', password: 'their-own-password' }
    const seed = async (name: string, type: string, key: string, value: string) => {
      const data = { [key]: btoa(value) }
      const secret = { metadata: { name }, type: `kubernetes.io/${type}`, data }
      const path = `/api/v1/namespaces/${namespace}/secrets?fieldManager=kubectl-create`
      expect((await kube.request('POST', path, secret)).status).toBe(201)
    }
    const legacy = JSON.stringify({ 'old.example.com': theirs })
    const several = JSON.stringify({ auths: { 'b.example.com': theirs, 'a.example.com': theirs } })
    await seed('legacy', 'dockercfg', '.dockercfg', legacy)
    await seed('several', 'dockerconfigjson', '.dockerconfigjson', several)
    await seed('unrelated', 'opaque', 'config', legacy)

    const { log } = await scenario.run()

    expect(log).toContain(
      [
        `Pull secrets in namespace ${namespace} of cluster ${kube.name}`,
        `  legacy: kubernetes.io/dockercfg, old.example.com, ${legacy.length} bytes, 0 days old, managed by kubectl-create`,
        `  several: kubernetes.io/dockerconfigjson, b.example.com a.example.com, ${several.length} bytes, 0 days old, managed by kubectl-create`,
      ].join('\n'),
    )
    for (const value of ['their-own-password', btoa('their-own-password').slice(0, -4), 'bob']) {
      expect(log).not.toContain(value)
    }
  })

  it('masks a secret before it sets it as an output', async () => {
    await using scenario = await openScenario()

    // Without GITHUB_OUTPUT the outputs go to the standard output, in order with the masks.
    const { stdout, outputs } = await scenario.run({}, { GITHUB_OUTPUT: '' })

    const lines = stdout.split('\n')
    for (const name of ['token', 'docker-config-json'] as const) {
      const masked = lines.indexOf(`::add-mask::${outputs[name]}`)
      const shown = lines.findIndex((line) => line.includes(outputs[name] ?? '') && !line.startsWith('::add-mask::'))
      expect(masked).toBeGreaterThan(-1)
      expect(lines[shown]).toBe(`::set-output name=${name}::${outputs[name]}`)
      expect(shown).toBeGreaterThan(masked)
    }
  })
}

describe('compared with kubectl', () => {
  describeReal(['kubectl'], 'bytes of kubectl create secret docker-registry', () => {
    describeScenarios('the secret', (openScenario) => {
      it.each(['a@b.c', '', 'a<b>&c@d.e'])('is equal in bytes with the email "%s"', async (email) => {
        await using scenario = await openScenario()

        await scenario.run({ 'docker-email': email })

        const { type, data } = await scenario.secret()
        const byKubectl = await createWithKubectl(scenario, email)
        expect({ type, data }).toEqual({ type: byKubectl.type, data: byKubectl.data })
      })
    })
  })
})

/** The outputs of the contract after the steps of the document. */
async function contract({ ibm, kube, namespace, secret }: Scenario): Promise<Record<string, unknown>> {
  const [token, ...more] = ibm.tokens()
  expect(more).toEqual([])
  const { data } = await secret()
  const target = { cluster: kube.name, namespace }
  return {
    token: token?.value,
    'token-id': token?.id,
    'token-expires-at': '',
    'next-rotation': expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    minted: 'true',
    'docker-server': ibm.registryHost,
    'docker-username': 'token',
    'docker-config-json': Buffer.from(data['.dockerconfigjson'], 'base64').toString(),
    'organization-guid': ibm.organization.guid,
    'secret-name': SECRET,
    changed: 'true',
    targets: JSON.stringify([{ ...target, secret: SECRET, result: 'created', serviceAccounts: [] }]),
    workloads: JSON.stringify([{ ...target, kind: 'Pod', name: 'web', result: 'ready' }]),
    revoked: '[]',
    unrevoked: '[]',
  }
}

async function storedLogin({ ibm, secret }: Scenario): Promise<{ username: string; password: string }> {
  const config = Buffer.from((await secret()).data['.dockerconfigjson'], 'base64').toString()
  return JSON.parse(config).auths[ibm.registryHost]
}

async function createWithKubectl({ ibm }: Scenario, email: string) {
  const { stdout } = await promisify(execFile)(requireBinary('kubectl'), [
    ...['create', 'secret', 'docker-registry', SECRET],
    `--docker-server=${ibm.registryHost}`,
    '--docker-username=token',
    `--docker-password=${ibm.tokens()[0]?.value}`,
    ...(email === '' ? [] : [`--docker-email=${email}`]),
    ...['--dry-run=client', '-o', 'json'],
  ])
  return JSON.parse(stdout)
}
