import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { UnexpectedAnswer } from '../../../../src/http/errors.ts'
import { registryTokens, type TokenRequest } from '../../../../src/issuer/dedicated/registry-token.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../../support/ibm/environment.ts'
import { foreignOrganization, otherOrganization } from '../../../support/ibm/organizations.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

const usual = { account: undefined, permanent: true, write: false }

function issuer({ registry, login, organization }: PracticeEnvironment, changes: Partial<TokenRequest> = {}) {
  const environment = { registryEndpoint: registry, accessToken: login.uaaToken, organizationGuid: organization.guid }
  return registryTokens(send, { ...environment, ...usual, ...changes })
}

/** The token API of some web server. */
const issuerAt = (registryEndpoint: string) =>
  registryTokens(send, { registryEndpoint, accessToken: 'a.b.c', organizationGuid: 'some-guid', ...usual })

describe('a mint', () => {
  it.each([
    { permanent: true, write: false },
    { permanent: true, write: true },
    { permanent: false, write: false },
    { permanent: false, write: true },
  ])('asks for exactly %o', async (wanted) => {
    await using environment = await startPracticeEnvironment()
    const description = 'ci: team/app & "co", 100 % \u{1F511}'
    const { id, value, expiresAt } = await issuer(environment, wanted).mint(description)
    expect(environment.tokens()).toMatchObject([
      { id, value, description, organization: environment.organization.guid, ...wanted },
    ])
    expect(expiresAt).toEqual(environment.tokens()[0]?.expiresAt)
    expect(expiresAt === undefined).toBe(wanted.permanent)
    expect(environment.journal).toMatchObject([{ method: 'POST', path: '/api/v1/tokens', body: '' }])
    expect(Object.fromEntries(environment.journal[0]?.query ?? [])).toEqual({
      description,
      permanent: String(wanted.permanent),
      write: String(wanted.write),
    })
  })

  it.each([undefined, 'account-1'])('shows login, organization and the account %s', async (account) => {
    await using environment = await startPracticeEnvironment()
    await issuer(environment, { account }).mint('ci')
    const [entry] = environment.journal
    expect(entry?.headers).toMatchObject({
      authorization: `Bearer ${environment.login.uaaToken}`,
      organization: environment.organization.guid,
    })
    expect(entry?.headers.account).toBe(account)
  })

  it('masks the token', async () => {
    await using environment = await startPracticeEnvironment()
    using captured = captureLog()
    const { value } = await issuer(environment).mint('ci')
    expect(captured.log.masks).toContain(value)
  })

  it('reads an id in base64url', async () => {
    const token = `e30.${Buffer.from('{"jti":"~~~???","exp":1540423054}').toString('base64url')}.c2ln`
    await using server = await startWebServer(() => json(201, { token }))
    expect(await issuerAt(server.url).mint('ci')).toEqual({
      id: '~~~???',
      value: token,
      expiresAt: new Date('2018-10-24T23:17:34Z'),
    })
  })

  it.each([
    {},
    { token: '' },
    { token: 7 },
    { token: 'no-jwt' },
    { token: 'e30.e30.c2ln' },
    { token: 'e30.bnVsbA.c2ln' },
  ])('takes %j for no token', async (body) => {
    await using server = await startWebServer(() => json(200, body))
    const minted = issuerAt(server.url).mint('ci')
    await expect(minted).rejects.toBeInstanceOf(UnexpectedAnswer)
    await expect(minted).rejects.not.toThrow(/no-jwt|e30/)
  })

  it('that is discontinued names what came after', async () => {
    await using environment = await startPracticeEnvironment({ switches: { discontinued: true } })
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('answered 410 CRT0002E: The creation of registry tokens is discontinued.'),
      cure: expect.stringContaining('`provider: ibmcloud`'),
    })
    expect(environment.journal).toHaveLength(1)
  })

  it.each([
    ['a login that has ended', { accessToken: 'a.b.c' }, '401 CRG0014E'],
    ['an organization of others', { organizationGuid: foreignOrganization.guid }, '401 CRG0009E'],
  ])('is refused to %s', async (_, changes, message) => {
    await using environment = await startPracticeEnvironment()
    await expect(issuer(environment, changes).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining(message),
      cure: expect.stringContaining('check the login, `organization` and `account`'),
    })
  })

  it.each([
    [403, 'ask its manager'],
    [404, '`registry-endpoint`'],
    [500, 'in trouble'],
  ])('that is answered %i has a cure', async (status, cure) => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: { server: 'tokens' }, fault: { kind: 'status', status, body: 'Internal Error' } })
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({ cure: expect.stringContaining(cure) })
  })
})

describe('the list', () => {
  it('has the live tokens of the organization, with their descriptions', async () => {
    await using environment = await startPracticeEnvironment()
    const [mine, plain, gone] = ['mine', undefined, 'gone'].map((description) => environment.mintToken({ description }))
    environment.mintToken({ organization: otherOrganization.guid, description: 'mine' })
    environment.revokeToken(gone?.id ?? '')
    expect(await issuer(environment).list()).toEqual([
      { id: mine?.id, description: 'mine' },
      { id: plain?.id, description: '' },
    ])
  })

  it('leaves out what is revoked or has no id', async () => {
    const tokens = [
      { _id: 'a', revoked: true },
      { _id: '' },
      { secondary_owner: 'x' },
      null,
      { _id: 'b', revoked: false },
    ]
    await using server = await startWebServer(() => json(200, { tokens }))
    expect(await issuerAt(server.url).list()).toEqual([{ id: 'b', description: '' }])
  })

  it.each([{}, { tokens: null }])('can be empty: %j', async (body) => {
    await using server = await startWebServer(() => json(200, body))
    expect(await issuerAt(server.url).list()).toEqual([])
  })
})

it('gives a token back by its id', async () => {
  await using environment = await startPracticeEnvironment()
  const minted = await issuer(environment, { permanent: false }).mint('ci')
  expect(await issuer(environment).recover(minted.id)).toEqual(minted)
})

it('knows a token by the id inside it', async () => {
  await using environment = await startPracticeEnvironment()
  const { id, value } = environment.mintToken()
  expect(await issuer(environment).isOurs(id, value)).toBe(true)
  expect(await issuer(environment).isOurs('another', value)).toBe(false)
  expect(await issuer(environment).isOurs(id, 'no token')).toBe(false)
})

describe('a revocation', () => {
  it('takes one token, and no other', async () => {
    await using environment = await startPracticeEnvironment()
    const [one, other] = [environment.mintToken({ description: 'ci' }), environment.mintToken({ description: 'ci' })]
    await issuer(environment).revoke(one.id)
    expect(environment.liveTokens()).toEqual([other])
    expect(environment.journal).toMatchObject([{ method: 'DELETE', path: `/api/v1/tokens/${one.id}` }])
    expect(String(environment.journal[0]?.query)).toBe('')
  })

  it('of a token that is gone is done', async () => {
    await using environment = await startPracticeEnvironment()
    const { id } = environment.mintToken()
    await issuer(environment).revoke(id)
    await issuer(environment).revoke(id)
    expect(environment.journal.map(({ status }) => status)).toEqual([200, 404])
  })

  it('is asked for again when its answer is lost', async () => {
    await using environment = await startPracticeEnvironment()
    const { id } = environment.mintToken()
    environment.faults.add({ when: { method: 'DELETE' }, fault: { kind: 'reset-after' } })
    await issuer(environment).revoke(id)
    expect(environment.liveTokens()).toEqual([])
  })

  // The last two would be dropped from the end of a URL.
  it.each(['', '.', '..'])('without an id is never sent: "%s"', async (id) => {
    await using environment = await startPracticeEnvironment()
    environment.mintToken()
    await expect(issuer(environment).revoke(id)).rejects.toThrow(`"${id}" is no id`)
    expect(environment.journal).toEqual([])
    expect(environment.liveTokens()).toHaveLength(1)
  })

  it.each(['...', '../tokens', '?secondaryOwner=', '#', '/', '%2e%2e', ' '])(
    'of the id "%s" never reaches all tokens',
    async (id) => {
      await using environment = await startPracticeEnvironment()
      environment.mintToken()
      await issuer(environment)
        .revoke(id)
        .catch(() => {})
      expect(environment.liveTokens()).toHaveLength(1)
      for (const { path, query } of environment.journal) {
        expect(path).toMatch(/^\/api\/v1\/tokens\/./)
        expect(String(query)).toBe('')
      }
    },
  )
})
