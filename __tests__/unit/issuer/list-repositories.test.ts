import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { createDedicatedProvider } from '../../../src/issuer/dedicated/provider.ts'
import { createIbmcloudProvider } from '../../../src/issuer/ibmcloud/provider.ts'
import { listRepositories } from '../../../src/issuer/list-repositories.ts'
import { json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'

const { signal } = new AbortController()
const send = createSend(getGlobalDispatcher(), signal)

const dedicated = ({ api, registry, login, organization }: FakeIbm) =>
  createDedicatedProvider({
    provider: 'dedicated',
    apiEndpoint: api,
    registryEndpoint: registry,
    login: { method: 'oauth-token', token: login.uaaToken },
    organization,
    account: undefined,
    permanent: true,
    write: false,
  }).open(send, signal)

const ibmcloud = ({ iam, login, serviceId }: FakeIbm) =>
  createIbmcloudProvider({
    provider: 'ibmcloud',
    iamEndpoint: iam,
    apiKey: login.apiKey,
    account: serviceId.account,
    serviceId: { iamId: serviceId.iamId },
    expiresInMs: undefined,
  }).open(send, signal)

describe('the repositories of a registry', () => {
  it('are listed with the login of the environment, at its own registry alone', async () => {
    await using environment = await startFakeIbm()
    await using other = await startWebServer(() => json(200, []))
    const session = await dedicated(environment)
    const password = environment.mintToken().value
    expect(await session.listRepositories?.(send, { origin: environment.registry, password })).toEqual(['team/app'])
    expect(await session.listRepositories?.(send, { origin: other.url, password })).toBeUndefined()
    expect(other.journal).toEqual([])
  })

  it('are listed as the service ID, whose API key the registry has, and not as who manages it', async () => {
    await using environment = await startFakeIbm()
    const session = await ibmcloud(environment)
    environment.journal.length = 0
    const password = environment.mintKey().value
    expect(await session.listRepositories?.(send, { origin: environment.registry, password })).toEqual(['team/app'])
    expect(environment.journal.map(({ server, path }) => `${server} ${path}`)).toEqual([
      'iam /identity/token',
      'images /api/v1/images',
    ])
    expect(environment.journal[0]?.body).toContain(password)
    const asManager = { origin: environment.registry, password: environment.login.apiKey }
    await expect(session.listRepositories?.(send, asManager)).rejects.toMatchObject({ status: 401 })
  })

  it.each<[unknown, string[]]>([
    [
      [{ RepoTags: ['us.icr.io/team/app:1', 'us.icr.io/team/app:2', 'private.us.icr.io/team/app@sha256:1'] }],
      ['team/app'],
    ],
    [[{ RepoTags: ['app:1', '', 7, null, 'host/', '/x'] }, null, 'x', { RepoTags: 'us.icr.io/a/b' }, {}], []],
    [{}, []],
    [null, []],
  ])('are those in the tags of %j', async (body, expected) => {
    await using server = await startWebServer(() => json(200, body))
    expect(await listRepositories(send, { registry: server.url, credentials: {} })).toEqual(expected)
  })

  it('are not those of a page, which no error quotes', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: '<secret>' }))
    const error = await listRepositories(send, { registry: server.url, credentials: {} }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'registry-unexpected-response' })
    expect(error.message).not.toContain('secret')
  })
})
