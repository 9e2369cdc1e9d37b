// A run with the credentials of earlier `docker login` steps: each registry host has its own.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { findBinary } from '../support/binaries.ts'
import { type StoredLogin, writeHelper, writeProgram } from '../support/credential-helper.ts'
import { describeReal } from '../support/describe-real.ts'
import { configOf, entryOf, loginFor } from '../support/docker-config.ts'
import { createDockerHome } from '../support/docker-home.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { recordsOf } from '../support/records.ts'
import { passwordLogin, startDockerRegistry } from '../support/registry/docker-registry.ts'
import { pushImage } from '../support/registry/image.ts'
import { describeScenarios } from './harness.ts'

describeScenarios('with provider: docker-config', (openScenario) => {
  it('three hosts of an entry, a helper and the store are verified, and written as kubectl writes them', async () => {
    await using scenario = await openScenario()
    await using second = await startFakeIbm()
    await using third = await startFakeIbm()
    using docker = createDockerHome()
    const logins = { first: tokenOf(scenario.ibm), second: tokenOf(second), third: tokenOf(third) }
    writeHelper(docker.folder, 'second', { [second.registryHost]: logins.second })
    writeHelper(docker.folder, 'store', { [third.registryHost]: logins.third })
    docker.write({
      auths: { [scenario.ibm.registryHost]: { auth: authOf(logins.first) } },
      credHelpers: { [second.registryHost]: 'second' },
      credsStore: 'store',
    })
    // With a store, docker itself ignores the entry: the store has nothing for it, so the entry counts.

    const first = await scenario.run(DOCKER_CONFIG, docker.environment)

    expect(first).toMatchObject({
      code: 0,
      annotations: [],
      outputs: { minted: 'false', changed: 'true', revoked: '[]' },
    })
    const hosts = [scenario.ibm, second, third].map(({ registryHost }) => registryHost)
    expect(first.outputs['docker-server']?.split(',').sort()).toEqual(hosts.toSorted())
    expect(first.outputs).toMatchObject({ token: '', 'docker-username': '', 'next-rotation': '' })
    for (const host of hosts) expect(first.log).toContain(`registry ${host} accepts this credential`)
    const written = configOf(await scenario.secret())
    expect(first.outputs['docker-config-json']).toBe(written)
    expect(written).toBe(
      await asKubectlWrites([
        [scenario.ibm.registryHost, logins.first],
        [second.registryHost, logins.second],
        [third.registryHost, logins.third],
      ]),
    )
    expect(docker.callsOf('second')).toEqual(['get'])

    const again = await scenario.run(DOCKER_CONFIG, docker.environment)
    expect(again).toMatchObject({ code: 0, outputs: { changed: 'false' } })
    expect(again.outputs['token-id']).toBe(first.outputs['token-id'])
  })

  it('`docker-server` chooses hosts, in whatever form docker wrote them', async () => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    const login = tokenOf(scenario.ibm)
    const { registryHost: host } = scenario.ibm
    docker.write({
      auths: {
        [`http://${host}/v2/`]: { auth: authOf(login) },
        'ghcr.io': { auth: authOf({ Username: 'u', Secret: 'not-requested' }) },
      },
    })

    const result = await scenario.run({ ...DOCKER_CONFIG, 'docker-server': host }, docker.environment)

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.outputs).toMatchObject({ 'docker-server': host, 'docker-username': 'token', token: login.Secret })
    expect(Object.keys(JSON.parse(configOf(await scenario.secret())).auths)).toEqual([host])
  })

  it('a host that is no longer logged in to leaves the secret, and a host of another step stays', async () => {
    await using scenario = await openScenario()
    await using other = await startFakeIbm()
    await using foreign = await startFakeIbm()
    using docker = createDockerHome()
    const inputs = { ...DOCKER_CONFIG, adopt: 'true' }
    await scenario.run({
      ...WITHOUT_LOGIN,
      provider: 'static',
      'docker-server': foreign.registryHost,
      'docker-username': 'token',
      'docker-password': foreign.mintToken().value,
    })
    const entry = entryOf(await scenario.secret(), foreign.registryHost)
    const auths = Object.fromEntries(
      [scenario.ibm, other].map((ibm) => [ibm.registryHost, { auth: authOf(tokenOf(ibm)) }]),
    )
    docker.write({ auths })
    expect(await scenario.run(inputs, docker.environment)).toMatchObject({ code: 0 })
    expect(Object.keys(JSON.parse(configOf(await scenario.secret())).auths)).toHaveLength(3)
    delete auths[other.registryHost]
    docker.write({ auths })

    const second = await scenario.run(inputs, docker.environment)

    expect(second).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    const secret = await scenario.secret()
    expect(Object.keys(JSON.parse(configOf(secret)).auths).sort()).toEqual(
      [scenario.ibm.registryHost, foreign.registryHost].sort(),
    )
    expect(entryOf(secret, foreign.registryHost)).toBe(entry)
    expect(recordsOf(secret)).toHaveLength(2)
  })

  it('an identity token is an input error with the way out, before any request', async () => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    docker.write({ auths: { 'acme.azurecr.io': { auth: 'MDAwOg==', identitytoken: 'an-identity-token' } } })

    const result = await scenario.run(DOCKER_CONFIG, docker.environment)

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /`docker-config` has only an identity token for acme\.azurecr\.io, .*`az acr login --name <registry> --expose-token`/,
        ),
      },
    ])
    expect(scenario.requests()).toEqual([])
  })

  it('`GITHUB_TOKEN` of docker/login-action is refused, in an entry and from a helper', async () => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    writeHelper(docker.folder, 'store', { 'ghcr.io': { Username: 'octocat', Secret: GITHUB_TOKEN } })
    const entry = { auth: authOf({ Username: 'octocat', Secret: GITHUB_TOKEN }) }

    for (const config of [{ auths: { 'ghcr.io': entry } }, { auths: { 'ghcr.io': {} }, credsStore: 'store' }]) {
      docker.write(config)
      const result = await scenario.run(DOCKER_CONFIG, docker.environment)
      expect(result.code).toBe(1)
      const [annotation, ...more] = result.annotations
      expect(annotation?.message).toMatch(
        /its credential for ghcr\.io is the `GITHUB_TOKEN` .*`allow-short-lived: true`/,
      )
      expect(more).toEqual([])
    }
    expect(scenario.requests()).toEqual([])

    const allowed = { ...DOCKER_CONFIG, 'allow-short-lived': 'true', verify: 'false' }
    const result = await scenario.run(allowed, docker.environment)
    expect(result.code).toBe(0)
    expect(loginFor(await scenario.secret(), 'ghcr.io')).toMatchObject({ username: 'octocat', password: GITHUB_TOKEN })
    expect(result.outputs['next-rotation']).toBe(result.outputs['token-expires-at'])
    expect(result.outputs['next-rotation']).not.toBe('')
  })

  it.each<[string, readonly string[] | undefined, RegExp]>([
    ['missing', undefined, /is not on the PATH of this runner/],
    [
      'failing',
      ['echo "no secret service" ; exit 1'],
      /failed for acme\.example\.com with exit code 1: no secret service/,
    ],
    ['talking nonsense', ['echo {nonsense'], /printed no user name and secret for acme\.example\.com/],
    [
      'failing with a secret',
      [`echo '{"Username":"u","Secret":"secret-of-a-failure"}'; echo ask again >&2; exit 3`],
      /exit code 3: ask again/,
    ],
    ['endless', ['yes secret-of-a-flood-0123456789'], /could not be run: it printed more than 1 MiB/],
  ])('a helper that is %s is an error that names it', async (_, lines, message) => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    if (lines !== undefined) writeProgram(docker.folder, 'store', lines)
    docker.write({ auths: { 'acme.example.com': {} }, credsStore: 'store' })

    const inputs = { ...DOCKER_CONFIG, 'docker-server': 'acme.example.com' }
    const result = await scenario.run(inputs, docker.environment)

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([{ message: expect.stringMatching(message) }])
    expect(result.annotations[0]?.message).toContain('`docker-credential-store get`')
    expect(result.log + result.summary).not.toMatch(/secret-of-a/)
    expect(scenario.requests()).toEqual([])
  })

  it('an image at a host that the store does not know is an error, and not left unverified', async () => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    writeHelper(docker.folder, 'store', { [scenario.ibm.registryHost]: tokenOf(scenario.ibm) })
    docker.write({ credsStore: 'store' })

    const result = await scenario.run({ ...DOCKER_CONFIG, 'verify-image': 'ghcr.io/acme/app:1' }, docker.environment)

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /`verify-image` names "ghcr\.io\/acme\/app", for which nodes do not use the cred/,
        ),
      },
    ])
    expect(scenario.requests()).toEqual([])
  })

  it('a helper that hangs ends with the time limit of the run', async () => {
    await using scenario = await openScenario()
    using docker = createDockerHome()
    writeProgram(docker.folder, 'store', ['sleep 600'])
    docker.write({ auths: { 'acme.example.com': {} }, credsStore: 'store' })

    const result = await scenario.run({ ...DOCKER_CONFIG, timeout: '3s' }, docker.environment)

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([{ message: expect.stringMatching(/docker-credential-store.*3 s/) }])
  })

  it('copies a pull secret of the cluster, and what changes in it', async () => {
    await using scenario = await openScenario()
    const source = await scenario.createNamespace()
    const { registryHost: host } = scenario.ibm
    const write = (auths: object) =>
      scenario.kube.request(
        'PATCH',
        `/api/v1/namespaces/${source}/secrets/all-icr-io?fieldManager=ibm&force=true`,
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'all-icr-io' },
          type: 'kubernetes.io/dockerconfigjson',
          data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
        },
        { 'content-type': 'application/apply-patch+yaml' },
      )
    const inputs = { ...WITHOUT_LOGIN, 'docker-config-secret': `${source}/all-icr-io` }
    const missing = await scenario.run(inputs)
    expect(missing.code).toBe(1)
    expect(missing.annotations).toMatchObject([
      { message: expect.stringMatching(/Secret \S+\/all-icr-io in cluster \S+ does not exist/) },
    ])

    const one = tokenOf(scenario.ibm)
    await write({ [host]: { auth: authOf(one) } })
    const first = await scenario.run(inputs)
    expect(first).toMatchObject({ code: 0, annotations: [], outputs: { 'docker-server': host, changed: 'true' } })
    expect(loginFor(await scenario.secret(), host)).toMatchObject({ username: 'token', password: one.Secret })
    expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'false' } })

    const two = tokenOf(scenario.ibm)
    await write({ [host]: { auth: authOf(two) } })
    expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    expect(loginFor(await scenario.secret(), host)).toMatchObject({ password: two.Secret })
  })

  describeReal(['docker-registry'], 'and a docker-registry with a password', () => {
    it('the login of docker pulls, next to that of another registry', async () => {
      await using scenario = await openScenario()
      await using registry = await startDockerRegistry('htpasswd')
      using docker = createDockerHome()
      const { host } = new URL(registry.url)
      await pushImage(registry.url, { repository: 'team/app', tag: '1', ...passwordLogin })
      const { username: Username, password: Secret } = passwordLogin
      docker.write({
        auths: {
          [host]: { auth: authOf({ Username, Secret }) },
          [scenario.ibm.registryHost]: { auth: authOf(tokenOf(scenario.ibm)) },
        },
      })

      const inputs = { ...DOCKER_CONFIG, 'verify-image': `${host}/team/app:1` }
      const result = await scenario.run(inputs, docker.environment)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(result.log).toContain('lets this credential pull team/app:1 and refuses anonymous access')
      expect(loginFor(await scenario.secret(), host)).toMatchObject(passwordLogin)
    })
  })
})

/** In the form of GitHub's, and of no use anywhere. */
const GITHUB_TOKEN = `ghs_${'b'.repeat(36)}`

const WITHOUT_LOGIN = {
  ...Object.fromEntries(
    ['api-endpoint', 'registry-endpoint', 'username', 'password', 'organization'].map((name) => [name, '']),
  ),
  'docker-email': '',
  'verify-image': '',
}
const DOCKER_CONFIG = { ...WITHOUT_LOGIN, provider: 'docker-config' }

function tokenOf(ibm: FakeIbm): StoredLogin {
  return { Username: 'token', Secret: ibm.mintToken().value }
}

function authOf({ Username, Secret }: StoredLogin): string {
  return btoa(`${Username}:${Secret}`)
}

/** The docker configs that kubectl writes for single hosts, merged and sorted. */
async function asKubectlWrites(logins: readonly (readonly [host: string, StoredLogin])[]): Promise<string> {
  const kubectl = findBinary('kubectl')
  const configs = await Promise.all(
    logins.map(async ([host, { Username, Secret }]) => {
      if (kubectl === undefined) {
        const entry = { username: Username, password: Secret, auth: authOf({ Username, Secret }) }
        return JSON.stringify({ auths: { [host]: entry } })
      }
      const { stdout } = await promisify(execFile)(kubectl, [
        ...['create', 'secret', 'docker-registry', 'pull', '--dry-run=client', '-o=json'],
        ...[`--docker-server=${host}`, `--docker-username=${Username}`, `--docker-password=${Secret}`],
      ])
      return Buffer.from(JSON.parse(stdout).data['.dockerconfigjson'], 'base64').toString()
    }),
  )
  return `{"auths":{${configs
    .map((config) => config.replace(/^\{"auths":\{|\}\}$/g, ''))
    .sort()
    .join(',')}}}`
}
