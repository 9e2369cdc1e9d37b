// A run with a credential of an earlier step of the workflow: nothing is minted, and nothing revoked.
import { expect, it, vi } from 'vitest'
import { firstRunAfter } from '../../src/report/dates.ts'
import { describeReal } from '../support/describe-real.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { recordsOf } from '../support/records.ts'
import { passwordLogin, startDockerRegistry } from '../support/registry/docker-registry.ts'
import { pushImage } from '../support/registry/image.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

describeScenarios('with provider: static', (openScenario) => {
  it('the provided credential is verified and written, under a random id', async () => {
    await using scenario = await openScenario()
    const { value } = scenario.ibm.mintToken()

    const first = await scenario.run(provided(scenario, value))

    expect(first).toMatchObject({ code: 0, annotations: [] })
    const unknown = { 'token-expires-at': '', 'next-rotation': '' }
    expect(first.outputs).toMatchObject({ minted: 'false', changed: 'true', revoked: '[]', ...unknown })
    expect(first.outputs['token-id']).toMatch(/^provided-[0-9a-f-]{36}$/)
    expect(await heldBy(scenario)).toEqual({ username: 'token', password: value })
    expect(scenario.requests(/^(uaa|iam|cf|tokens)/)).toEqual([])
    expect(first.summary).toContain('provided by the workflow')
  })

  it('the same credential is reused under its id at any age, and copied to a new namespace', async () => {
    await using scenario = await openScenario()
    const inputs = provided(scenario, scenario.ibm.mintToken().value)
    const first = await scenario.run(inputs)
    const other = await scenario.createNamespace()

    const second = await scenario.run({ ...inputs, 'max-age': '0', namespaces: `${scenario.namespace},${other}` })

    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'true', unrevoked: '[]' } })
    expect(second.outputs['token-id']).toBe(first.outputs['token-id'])
    expect(await heldBy(scenario, other)).toEqual(await heldBy(scenario))
  })

  it('another credential replaces it, and the old one is not revoked', async () => {
    await using scenario = await openScenario()
    const [one, other] = [scenario.ibm.mintToken(), scenario.ibm.mintToken()]
    const first = await scenario.run(provided(scenario, one.value))

    const second = await scenario.run(provided(scenario, other.value))

    expect(second).toMatchObject({ code: 0, outputs: { changed: 'true', revoked: '[]', unrevoked: '[]' } })
    expect(second.outputs['token-id']).not.toBe(first.outputs['token-id'])
    expect(await heldBy(scenario)).toMatchObject({ password: other.value })
    expect(scenario.ibm.liveTokens()).toHaveLength(2)
  })

  it('the same credential is presented once when the registry refuses it', async () => {
    await using scenario = await openScenario()
    const { id, value } = scenario.ibm.mintToken()
    await scenario.run(provided(scenario, value))
    scenario.ibm.revokeToken(id)
    scenario.forget()

    const result = await scenario.run(provided(scenario, value))

    expect(result).toMatchObject({ code: 1, annotations: [{ properties: { title: 'Registry login failed' } }] })
    const logins = scenario.ibm.journal.filter(({ server, status }) => server === 'realm' && status === 401)
    expect(logins).toHaveLength(1)
  })

  it('the expiry of a JWT is recorded, and an expired one changes nothing', async () => {
    await using scenario = await openScenario()
    const ending = scenario.ibm.mintToken({ permanent: false })
    const first = await scenario.run(provided(scenario, ending.value))
    expect(first.outputs['token-expires-at']).toBe(ending.expiresAt?.toISOString().replace('.000Z', 'Z'))
    const before = await scenario.secret()
    expect(recordsOf(before)).toMatchObject([{ 'expires-at': first.outputs['token-expires-at'] }])
    scenario.ibm.switches.registryTokenLifetime = -60

    const ended = await scenario.run(provided(scenario, scenario.ibm.mintToken({ permanent: false }).value))

    expect(ended.code).toBe(1)
    expect(ended.annotations).toMatchObject([
      {
        message: expect.stringMatching(/^The credential in `docker-password` expired at 20.+Let the step that logs in/),
      },
    ])
    expect((await scenario.secret()).metadata.resourceVersion).toBe(before.metadata.resourceVersion)
  })

  it('refuses a token that ends with this job or within two hours, before any request', async () => {
    await using scenario = await openScenario()
    scenario.ibm.switches.registryTokenLifetime = 3600
    const { value: jwt } = scenario.ibm.mintToken({ permanent: false })
    scenario.forget()

    for (const [password, message] of [
      [GITHUB_TOKEN, /`docker-password` is the `GITHUB_TOKEN` of this job .* ends with this job .*`read:packages`/],
      [`ya29.${'b'.repeat(40)}`, /`docker-password` is an access token of Google Cloud, .*`_json_key`/],
      [jwt, /`docker-password` is a JWT, which expires in less than two hours, at 20/],
    ] as const) {
      const result = await scenario.run(provided(scenario, password))
      expect(result.code).toBe(1)
      expect(result.annotations).toMatchObject([{ message: expect.stringMatching(message) }])
      expect(result.annotations[0]?.message).toContain('set `allow-short-lived: true`')
    }
    expect(scenario.requests()).toEqual([])
  })

  it('writes such a token with `allow-short-lived`, and outputs when it ends', async () => {
    await using scenario = await openScenario()
    scenario.ibm.switches.registryTokenLifetime = 3600
    const allowed = { 'allow-short-lived': 'true' }
    const { value, expiresAt } = scenario.ibm.mintToken({ permanent: false })

    const verified = await scenario.run({ ...provided(scenario, value), ...allowed })

    const end = expiresAt?.toISOString().replace('.000Z', 'Z')
    expect(verified).toMatchObject({ code: 0, annotations: [] })
    expect(verified.outputs).toMatchObject({ 'token-expires-at': end, 'next-rotation': end })
    expect(verified.summary).toContain(`| **Next rotation** | I${firstRunAfter(end ?? '').slice(1)} |`)

    const inputs = { ...provided(scenario, GITHUB_TOKEN), ...allowed, verify: 'false', 'verify-image': '' }
    const before = Date.now()
    const unverified = await scenario.run(inputs)

    expect(unverified).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    const leftMs = Date.parse(unverified.outputs['token-expires-at'] ?? '') - before
    expect(leftMs).toBeGreaterThanOrEqual(HOUR_MS - 1000)
    expect(leftMs).toBeLessThan(HOUR_MS * 2)
    expect(await heldBy(scenario)).toMatchObject({ password: GITHUB_TOKEN })
  })

  it('keeps the minted token that it replaces, and logs why', async () => {
    await using scenario = await openScenario()
    const minted = await scenario.run()

    const second = await scenario.run({ ...provided(scenario, scenario.ibm.mintToken().value), adopt: 'true' })

    const id = minted.outputs['token-id']
    expect(second).toMatchObject({ code: 0, outputs: { revoked: '[]', unrevoked: `["${id}"]` } })
    expect(second.log).toContain(`Kept old token ${id}: another step minted it.`)
    expect(scenario.ibm.liveTokens()).toHaveLength(2)
  })

  it('a minted token replaces it, and it is not revoked', async () => {
    await using scenario = await openScenario()
    const { id, value } = scenario.ibm.mintToken()
    await scenario.run(provided(scenario, value))

    const second = await scenario.run({ 'max-age': '0', adopt: 'true' })

    expect(second).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]', unrevoked: '[]' } })
    expect(scenario.ibm.liveTokens().map((token) => token.id)).toContain(id)
  })

  it('is verified and not written in a dry run', async () => {
    await using scenario = await openScenario()
    const planned = await scenario.run({ ...provided(scenario, scenario.ibm.mintToken().value), 'dry-run': 'true' })
    expect(planned).toMatchObject({ code: 0, annotations: [] })
    expect(planned.log).toContain('lets this credential pull team/app:1 and refuses anonymous access')
    expect(await scenario.secret()).toBeUndefined()
    expect(await scenario.run({ ...provided(scenario, 'wrong password'), 'dry-run': 'true' })).toMatchObject({
      code: 1,
    })
  })

  it('the next run finishes a run that was killed while it wrote; its post step does not log in', async () => {
    await using scenario = await openScenario()
    const inputs = provided(scenario, scenario.ibm.mintToken().value)
    const planned = scenario.plan('kubernetes PATCH apply', { kind: 'hang' }, 1)
    const step = scenario.start(inputs)
    await vi.waitFor(() => expect(planned.met).toBe(1), 60_000)
    step.kill('SIGKILL')
    const main = await step.result

    expect(await scenario.post(main, inputs)).toMatchObject({ code: 0, annotations: [] })
    expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    expect(scenario.ibm.liveTokens()).toHaveLength(1)
  })

  describeReal(['docker-registry'], 'and a docker-registry with a password', () => {
    it('a wrong password fails after one attempt, before any write', async () => {
      await using scenario = await openScenario()
      await using registry = await startDockerRegistry('htpasswd')
      const wrong = { ...basic(scenario, registry.url), 'docker-password': 'wrong horse' }

      const result = await scenario.run(wrong)

      expect(result.code).toBe(1)
      expect(result.annotations).toMatchObject([
        { message: expect.stringMatching(/log in to registry \S+: .* returned 401 /) },
      ])
      expect(result.log).not.toMatch(/trying again|retrying/)
      expect(scenario.requests(/^kubernetes (PATCH|PUT|POST \S+secrets)/)).toEqual([])
      expect(await scenario.secret()).toBeUndefined()
    })

    it('a secret that was edited by hand is repaired by the next run', async () => {
      await using scenario = await openScenario()
      await using registry = await startDockerRegistry('htpasswd')
      await pushImage(registry.url, { repository: 'team/app', tag: '1', ...passwordLogin })
      const inputs = { ...basic(scenario, registry.url), 'verify-image': 'team/app:1' }
      const first = await scenario.run(inputs)
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.log).toContain('lets this credential pull team/app:1 and refuses anonymous access')
      const written = await scenario.secret()
      const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
      const byHand = btoa(
        JSON.stringify({ auths: { [new URL(registry.url).host]: { username: 'jo', password: 'x' } } }),
      )
      await scenario.kube.request(
        'PATCH',
        path,
        { data: { '.dockerconfigjson': byHand } },
        {
          'content-type': 'application/merge-patch+json',
        },
      )

      const second = await scenario.run(inputs)

      expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true' } })
      expect((await scenario.secret()).data).toEqual(written.data)
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'false' } })
    })
  })
})

const HOUR_MS = 3_600_000

/** In the form of GitHub's, and of no use anywhere. */
const GITHUB_TOKEN = `ghs_${'a'.repeat(36)}`

function provided({ ibm }: Scenario, password: string): Record<string, string> {
  return { ...staticInputs(ibm, password), 'docker-email': '' }
}

function basic(scenario: Scenario, url: string): Record<string, string> {
  return {
    ...provided(scenario, passwordLogin.password),
    'docker-server': new URL(url).host,
    'docker-username': passwordLogin.username,
    'verify-image': '',
  }
}

async function heldBy(scenario: Scenario, namespace = scenario.namespace): Promise<object> {
  const { data } = await scenario.secret(namespace)
  const { auths } = JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString())
  const { auth: _, ...login } = auths[scenario.ibm.registryHost]
  return login
}
