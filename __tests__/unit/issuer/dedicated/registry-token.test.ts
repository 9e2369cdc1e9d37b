import { describe, expect, it } from 'vitest'
import { UnexpectedResponse } from '../../../../src/http/errors.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startFakeIbm } from '../../../support/ibm/environment.ts'
import { foreignOrganization, otherOrganization } from '../../../support/ibm/organizations.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'
import { NOT_IDS } from '../not-ids.ts'
import { issuer, issuerAt, tokenOf } from './fixture.ts'

describe('a mint', () => {
  it.each([
    { permanent: true, write: false },
    { permanent: true, write: true },
    { permanent: false, write: false },
    { permanent: false, write: true },
  ])('requests exactly %o', async (options) => {
    await using environment = await startFakeIbm()
    const description = 'ci: team/app & "co", 100 % \u{1F511}'
    const { id, value, expiresAt } = await issuer(environment, options).mint(description)
    expect(environment.tokens()).toMatchObject([
      { id, value, description, organization: environment.organization.guid, ...options },
    ])
    expect(expiresAt).toEqual(environment.tokens()[0]?.expiresAt)
    expect(expiresAt === undefined).toBe(options.permanent)
    expect(environment.journal).toMatchObject([{ method: 'POST', path: '/api/v1/tokens', body: '' }])
    expect(Object.fromEntries(environment.journal[0]?.query ?? [])).toEqual({
      description,
      permanent: String(options.permanent),
      write: String(options.write),
    })
  })

  it.each([undefined, 'account-1'])('sends the login, the organization and account %s', async (account) => {
    await using environment = await startFakeIbm()
    await issuer(environment, { account }).mint('ci')
    const [entry] = environment.journal
    expect(entry?.headers).toMatchObject({
      authorization: `Bearer ${environment.login.uaaToken}`,
      organization: environment.organization.guid,
    })
    expect(entry?.headers.account).toBe(account)
  })

  it('masks the token', async () => {
    await using environment = await startFakeIbm()
    using captured = captureLog()
    const { value } = await issuer(environment).mint('ci')
    expect(captured.log.masks).toContain(value)
  })

  it('reads base64url-encoded claims', async () => {
    const token = tokenOf({ jti: 'some-id', exp: 1540423054, iss: '~~~???' })
    expect(token).toMatch(/[-_]/)
    await using server = await startWebServer(() => json(201, { token }))
    expect(await issuerAt(server.url).mint('ci')).toEqual({
      id: 'some-id',
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
    { token: tokenOf({ jti: '..' }) },
    { token: tokenOf({ jti: 'a/b' }) },
    { token: tokenOf({ jti: 7 }) },
  ])('rejects the response %j', async (body) => {
    await using server = await startWebServer(() => json(200, body))
    const minted = issuerAt(server.url).mint('ci')
    await expect(minted).rejects.toBeInstanceOf(UnexpectedResponse)
    await expect(minted).rejects.not.toThrow(/no-jwt|e30/)
  })

  it('at a registry that mints no more tokens names the alternative', async () => {
    await using environment = await startFakeIbm({ switches: { discontinued: true } })
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('returned 410 CRT0002E: The creation of registry tokens is discontinued.'),
      hint: expect.stringContaining('`provider: ibmcloud`'),
    })
    expect(environment.journal).toHaveLength(1)
  })

  it.each([
    ['an expired login', { accessToken: 'a.b.c' }, '401 CRG0014E'],
    ['a foreign organization', { organizationGuid: foreignOrganization.guid }, '401 CRG0009E'],
  ])('is refused for %s', async (_, changes, message) => {
    await using environment = await startFakeIbm()
    await expect(issuer(environment, changes).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining('check the login, `organization` and `account`'),
    })
  })

  it.each([
    [403, 'ask the organization manager'],
    [404, '`registry-endpoint`'],
    [500, 'later'],
  ])('with status %i has a hint', async (status, hint) => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: { server: 'tokens' }, fault: { kind: 'status', status, body: 'Internal Error' } })
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({ hint: expect.stringContaining(hint) })
  })
})

describe('the list', () => {
  it('contains the live tokens of the organization with their descriptions', async () => {
    await using environment = await startFakeIbm()
    const [mine, plain, gone] = ['mine', undefined, 'gone'].map((description) => environment.mintToken({ description }))
    environment.mintToken({ organization: otherOrganization.guid, description: 'mine' })
    environment.revokeToken(gone?.id ?? '')
    expect(await issuer(environment).list()).toEqual([
      { id: mine?.id, description: 'mine' },
      { id: plain?.id, description: '' },
    ])
  })

  it('omits revoked tokens and tokens without a valid id', async () => {
    const tokens = [
      { _id: 'a', revoked: true },
      ...NOT_IDS.map((_id) => ({ _id, secondary_owner: 'x' })),
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

it('recovers a token by its id', async () => {
  await using environment = await startFakeIbm()
  const minted = await issuer(environment, { permanent: false }).mint('ci')
  expect(await issuer(environment).recover(minted.id)).toEqual(minted)
})

it.each([
  ['another id', { token: tokenOf({ jti: 'another' }) }],
  ['no token', {}],
])('recovers no token from a response with %s', async (_, body) => {
  await using server = await startWebServer(() => json(200, body))
  await expect(issuerAt(server.url).recover('some-id')).rejects.toBeInstanceOf(UnexpectedResponse)
})

it.each(NOT_IDS)('recovers nothing by the text %j, which is not an id', async (id) => {
  await using environment = await startFakeIbm()
  await expect(issuer(environment).recover(id)).rejects.toMatchObject({ code: 'invalid-token-id' })
  expect(environment.journal).toEqual([])
})

describe('a revocation', () => {
  it('revokes one token only', async () => {
    await using environment = await startFakeIbm()
    const [one, other] = [environment.mintToken({ description: 'ci' }), environment.mintToken({ description: 'ci' })]
    await issuer(environment).revoke(one.id)
    expect(environment.liveTokens()).toEqual([other])
    expect(environment.journal).toMatchObject([{ method: 'DELETE', path: `/api/v1/tokens/${one.id}` }])
    expect(String(environment.journal[0]?.query)).toBe('')
  })

  it('of a revoked token succeeds', async () => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintToken()
    await issuer(environment).revoke(id)
    await issuer(environment).revoke(id)
    expect(environment.journal.map(({ status }) => status)).toEqual([200, 404])
  })

  it('is retried when its response is lost', async () => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintToken()
    environment.faults.add({ when: { method: 'DELETE' }, fault: { kind: 'reset-after' } })
    await issuer(environment).revoke(id)
    expect(environment.liveTokens()).toEqual([])
  })

  it.each(NOT_IDS)('of %j is never sent', async (id) => {
    await using environment = await startFakeIbm()
    environment.mintToken()
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({ code: 'invalid-token-id' })
    expect(environment.journal).toEqual([])
    expect(environment.liveTokens()).toHaveLength(1)
  })
})
