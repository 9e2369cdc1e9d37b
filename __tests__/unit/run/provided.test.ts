// Runs with the credentials of docker configs and of pull secrets, against the fake servers.
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActionErrors } from '../../../src/core/errors.ts'
import { loadInputs } from '../../../src/inputs/inputs.ts'
import { Report } from '../../../src/report/report.ts'
import { createContext, type RunContext } from '../../../src/run/context.ts'
import { run } from '../../../src/run/main.ts'
import { readProvided } from '../../../src/run/provided.ts'
import { callsOf, writeHelper } from '../../support/credential-helper.ts'
import { loginFor } from '../../support/docker-config.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { FakeClock, SECRET } from './harness.ts'

const resources = new AsyncDisposableStack()
const helpers = mkdtempDisposableSync(join(tmpdir(), 'provided-'))
const PATH = `${helpers.path}${delimiter}${process.env.PATH}`
/** Two registries, and two clusters. */
let one: FakeIbm
let two: FakeIbm
let prod: ObservedKubernetesServer
let stage: ObservedKubernetesServer

beforeAll(async () => {
  one = resources.use(await startFakeIbm())
  two = resources.use(await startFakeIbm())
  prod = resources.use(await startFakeApiServer())
  stage = resources.use(await startFakeApiServer())
})
afterAll(async () => {
  await resources.disposeAsync()
  helpers.remove()
})
// @actions/exec finds programs by the PATH of this process.
beforeEach(() => vi.stubEnv('PATH', PATH))

/** The context of a run that writes to a namespace of this name in both clusters. */
async function contextOf(inputs: Readonly<Record<string, string>>, namespace = 'shop'): Promise<RunContext> {
  const all = {
    provider: 'docker-config',
    'secret-name': SECRET,
    namespaces: namespace,
    kubeconfig: kubeconfig([entryOf('prod', prod), entryOf('stage', stage)]),
    contexts: 'prod,stage',
    ...inputs,
  }
  const environment = Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const { signal } = new AbortController()
  return createContext(await loadInputs({ PATH, ...Object.fromEntries(environment) }), new Report(), {
    clock: new FakeClock(),
    signal,
  })
}

function entryOf(context: string, { url, certificateAuthority, adminToken }: ObservedKubernetesServer) {
  return { context, server: url, certificateAuthority, user: { token: adminToken } }
}

interface Auth {
  readonly username: string
  readonly password: string
}
type Auths = Readonly<Record<string, Auth>>

const loginOf = (ibm: FakeIbm): Auth => ({ username: 'token', password: ibm.mintToken().value })

let count = 0
/** A namespace in both clusters, with the pull secret `all-icr-io`; undefined: without it. */
async function createSources(ofProd: Auths | undefined, ofStage: Auths | undefined): Promise<string> {
  const namespace = `sources-${++count}`
  for (const [server, auths] of [[prod, ofProd] as const, [stage, ofStage] as const]) {
    await server.createNamespace(namespace)
    if (auths === undefined) continue
    const { status } = await server.request('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: 'all-icr-io' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
    })
    expect(status).toBe(201)
  }
  return namespace
}

async function secretIn(server: ObservedKubernetesServer, namespace: string) {
  const { status, body } = await server.request('GET', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`)
  return status === 404 ? undefined : body
}

async function sourceIn(server: ObservedKubernetesServer, namespace: string) {
  return (await server.request('GET', `/api/v1/namespaces/${namespace}/secrets/all-icr-io`)).body
}

/** A run that copies the sources of a namespace into it. */
async function runCopy(namespace: string, inputs: Readonly<Record<string, string>> = {}) {
  using captured = captureLog()
  const secret = { 'docker-config-secret': `${namespace}/all-icr-io` }
  const errors = await run(await contextOf({ ...secret, ...inputs }, namespace))
  return { errors, outputs: captured.log.outputs }
}

/** The errors of what must reject. */
async function errorsOf(result: Promise<unknown>): Promise<ActionErrors['errors']> {
  const error = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ActionErrors)) throw new Error('Expected ActionErrors.', { cause: error })
  return error.errors
}

describe('the pull secrets of two clusters', () => {
  it('are copied to each one, with its own credential, and the outputs have none', async () => {
    const [ofProd, ofStage] = [loginOf(one), loginOf(one)]
    const { registryHost: host } = one
    const namespace = await createSources({ [host]: ofProd }, { [host]: ofStage })

    const { errors, outputs } = await runCopy(namespace)

    expect(errors).toEqual([])
    expect(loginFor(await secretIn(prod, namespace), host)).toMatchObject(ofProd)
    expect(loginFor(await secretIn(stage, namespace), host)).toMatchObject(ofStage)
    expect(outputs).toMatchObject({ token: '', 'docker-config-json': '', 'docker-server': host, changed: 'true' })
    expect(outputs['next-rotation']).toBe('')

    expect((await runCopy(namespace)).outputs).toMatchObject({ changed: 'false', token: '' })
  })

  it('may have the same credential, which is in the outputs', async () => {
    const login = loginOf(one)
    const namespace = await createSources({ [one.registryHost]: login }, { [one.registryHost]: login })
    const { errors, outputs } = await runCopy(namespace)
    expect(errors).toEqual([])
    expect(outputs).toMatchObject({ token: login.password, 'docker-username': 'token' })
    expect(outputs['docker-config-json']).toContain(login.password)
  })

  it('are verified, each of them', async () => {
    const { registryHost: host } = one
    const namespace = await createSources(
      { [host]: loginOf(one) },
      { [host]: { username: 'token', password: 'not-a-token-of-it' } },
    )
    expect(await errorsOf(runCopy(namespace))).toMatchObject([{ code: 'registry-login-failed', details: { host } }])
    expect(await secretIn(prod, namespace)).toBeUndefined()
    expect(await secretIn(stage, namespace)).toBeUndefined()
  })

  it('only one of which exists: the targets of the other cluster fail', async () => {
    const login = loginOf(one)
    const namespace = await createSources({ [one.registryHost]: login }, undefined)

    const { errors, outputs } = await runCopy(namespace)

    expect(errors).toMatchObject([
      {
        code: 'source-secret-unusable',
        message: `Secret ${namespace}/all-icr-io in cluster stage does not exist`,
        details: { cluster: 'stage' },
      },
    ])
    expect(loginFor(await secretIn(prod, namespace), one.registryHost)).toMatchObject(login)
    expect(await secretIn(stage, namespace)).toBeUndefined()
    expect(JSON.parse(outputs.targets ?? '')).toMatchObject([
      { cluster: 'prod', result: 'created' },
      { cluster: 'stage', result: 'failed' },
    ])
  })

  it('one of which lacks a host of the other: its targets fail, and may be had without that host', async () => {
    const [ofOne, ofTwo] = [loginOf(one), loginOf(two)]
    const namespace = await createSources(
      { [one.registryHost]: ofOne },
      { [one.registryHost]: ofOne, [two.registryHost]: ofTwo },
    )

    const { errors, outputs } = await runCopy(namespace)

    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(
          `in cluster prod has no credential for ${two.registryHost}, as that of another`,
        ),
      },
    ])
    expect(await secretIn(prod, namespace)).toBeUndefined()
    expect(loginFor(await secretIn(stage, namespace), two.registryHost)).toMatchObject(ofTwo)
    expect(outputs['docker-server']?.split(',')).toEqual([one.registryHost, two.registryHost])

    // The login of the failed cluster is not verified: nothing needs it.
    const secret = { 'docker-config-secret': `${namespace}/all-icr-io` }
    const { provided } = await readProvided(await contextOf(secret, namespace))
    expect(provided?.logins.map(({ cluster }) => cluster)).toEqual(['stage', 'stage'])

    const limited = await runCopy(namespace, { 'docker-server': one.registryHost })
    expect(limited).toMatchObject({ errors: [], outputs: { token: ofOne.password } })
    expect(loginFor(await secretIn(prod, namespace), one.registryHost)).toMatchObject(ofOne)
  })

  it('are left out where they are targets, also with `adopt`', async () => {
    const login = loginOf(one)
    const sources = { [one.registryHost]: login }
    const namespace = await createSources(sources, sources)
    const other = await createSources(undefined, undefined)
    const [before, beforeInStage] = await Promise.all([sourceIn(prod, namespace), sourceIn(stage, namespace)])
    for (const adopt of ['false', 'true']) {
      using captured = captureLog()
      const inputs = { 'docker-config-secret': `${namespace}/all-icr-io`, 'secret-name': 'all-icr-io', adopt }
      expect(await run(await contextOf(inputs, `${namespace},${other}`))).toEqual([])

      expect(JSON.parse(captured.log.outputs.targets ?? '')).toMatchObject([
        { cluster: 'prod', namespace: other },
        { cluster: 'stage', namespace: other },
      ])
      for (const cluster of ['prod', 'stage'])
        expect(captured.log.text).toContain(`Left out Secret ${namespace}/all-icr-io in cluster ${cluster}: it is the`)
    }
    expect(await Promise.all([sourceIn(prod, namespace), sourceIn(stage, namespace)])).toEqual([before, beforeInStage])
    expect(loginFor(await sourceIn(prod, other), one.registryHost)).toMatchObject(login)
  })

  it('that are the only targets are an error', async () => {
    const sources = { [one.registryHost]: loginOf(one) }
    const namespace = await createSources(sources, sources)
    await expect(runCopy(namespace, { 'secret-name': 'all-icr-io', adopt: 'true' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining(
        `\`docker-config-secret\` is ${namespace}/all-icr-io, the only target of this run`,
      ),
    })
  })

  it('do not keep a Secret of the same name in another namespace from being a target', async () => {
    const sources = { [one.registryHost]: loginOf(one) }
    const namespace = await createSources(sources, sources)
    const other = await createSources({ 'r.example.com': loginOf(one) }, undefined)
    using _ = captureLog()
    const inputs = { 'docker-config-secret': `${namespace}/all-icr-io`, 'secret-name': 'all-icr-io' }
    expect(await run(await contextOf(inputs, other))).toMatchObject([
      { code: 'secret-not-managed', details: { cluster: 'prod', namespace: other } },
    ])
  })

  it('of which none exists end the run, with an error for each', async () => {
    const namespace = await createSources(undefined, undefined)
    const errors = await errorsOf(runCopy(namespace))
    expect(errors.map(({ details }) => details.cluster)).toEqual(['prod', 'stage'])
  })

  it('with a credential that expires soon end the run before anything is written, unless that is allowed', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600
    const short = { username: 'jo', password: signHs256({ exp }, 'secret') }
    const namespace = await createSources({ 'r.example.com': short }, { 'r.example.com': short })
    expect((await errorsOf(runCopy(namespace)))[0]?.message).toMatch(
      /^Input `docker-config-secret` cannot be used: its credential for r\.example\.com is a JWT, which expires in less/,
    )
    const context = { 'docker-config-secret': `${namespace}/all-icr-io`, 'allow-short-lived': 'true' }
    const { provided } = await readProvided(await contextOf(context, namespace))
    expect(provided?.expiresAt).toEqual(new Date(exp * 1000))
  })
})

describe('a docker config', () => {
  const auth = ({ username, password }: Auth) => ({ auth: btoa(`${username}:${password}`) })
  const readConfig = async (config: object, inputs: Readonly<Record<string, string>> = {}) =>
    await readProvided(await contextOf({ 'docker-config': JSON.stringify(config), ...inputs }))

  it('has a login for each host of its entries, helpers and store, for all clusters', async () => {
    const logins = { entry: 'entry-password', helper: 'helper-password', store: 'store-password' }
    writeHelper(helpers.path, 'one', { 'helper.io': { Username: 'jo', Secret: logins.helper } })
    writeHelper(helpers.path, 'store', {
      'https://index.docker.io/v1/': { Username: 'jo', Secret: logins.store },
      'https://index.docker.io/v1/access-token': { Username: 'jo', Secret: 'token-of-docker' },
      'registry-1.docker.io': { Username: 'jo', Secret: 'another-password' },
    })
    const config = {
      auths: { 'entry.io': auth({ username: 'jo', password: logins.entry }), 'empty.io': {} },
      credHelpers: { 'helper.io': 'one' },
      credsStore: 'store',
    }

    const { provided, inputs, login } = await readConfig(config)

    expect(provided).toMatchObject({ input: 'docker-config', expiresAt: undefined, failed: new Map() })
    expect(provided?.logins).toEqual([
      { servers: ['entry.io'], username: 'jo', password: logins.entry },
      { servers: ['helper.io'], username: 'jo', password: logins.helper },
      { servers: ['https://index.docker.io/v1/'], username: 'jo', password: logins.store },
    ])
    const hosts = ['entry.io', 'helper.io', 'https://index.docker.io/v1/']
    expect(inputs.registry.servers).toEqual(hosts)
    expect(inputs.secret?.owner.hosts).toEqual(hosts)
    expect(login).toMatchObject({ owner: { hosts }, provided: provided?.logins })
    expect(callsOf(helpers.path, 'store').filter((command) => command === 'list')).toHaveLength(1)
  })

  it('with a store is not listed when the workflow names the hosts', async () => {
    writeHelper(helpers.path, 'named', { 'a.io': { Username: 'jo', Secret: 'named-password' } })
    const { provided } = await readConfig({ credsStore: 'named' }, { 'docker-server': 'a.io' })
    expect(provided?.logins).toEqual([{ servers: ['a.io'], username: 'jo', password: 'named-password' }])
    expect(callsOf(helpers.path, 'named')).toEqual(['get'])
  })

  it('whose store is empty is an error with the way out', async () => {
    writeHelper(helpers.path, 'nothing', {})
    await expect(readConfig({ credsStore: 'nothing' })).rejects.toMatchObject({
      message: 'Input `docker-config` contains no credential of a registry',
      hint: expect.stringContaining('docker/login-action'),
    })
  })

  it('whose store has more than 100 hosts asks for none of them', async () => {
    const logins = Array.from(
      { length: 101 },
      (_, at) => [`r${at}.io`, { Username: 'jo', Secret: 'a-password' }] as const,
    )
    writeHelper(helpers.path, 'full', Object.fromEntries(logins))
    await expect(readConfig({ credsStore: 'full' })).rejects.toThrow('Input `docker-config` has 101 registry hosts')
    expect(callsOf(helpers.path, 'full')).toEqual(['list'])
  })

  it('whose helpers have nothing for the requested hosts names each of them', async () => {
    writeHelper(helpers.path, 'tokens', { 'b.io': { Username: '<token>', Secret: 'an-identity-token' } })
    const errors = await errorsOf(readConfig({ credsStore: 'tokens' }, { 'docker-server': 'a.io,b.io' }))
    expect(errors.map(({ message }) => message)).toEqual([
      'Input `docker-config` has no credential for a.io',
      'Input `docker-config` has only an identity token for b.io, which nodes cannot use',
    ])
  })

  it('has the earliest expiry of its credentials', async () => {
    const now = Math.floor(Date.now() / 1000)
    const [soon, later] = [now + 10_000, now + 20_000]
    const auths = Object.fromEntries(
      [later, soon].map((exp) => [`r${exp}.io`, auth({ username: 'jo', password: signHs256({ exp }, 'secret') })]),
    )
    const { provided } = await readConfig({
      auths: { ...auths, 'a.io': auth({ username: 'jo', password: 'for-ever' }) },
    })
    expect(provided?.expiresAt).toEqual(new Date(soon * 1000))
  })
})

it('a run that mints goes on as it is', async () => {
  const inputs = { 'dedicated-domain': 'd1.example.net', organization: 'acme', provider: 'dedicated' }
  const context = await contextOf(inputs)
  expect(await readProvided(context)).toBe(context)
})
