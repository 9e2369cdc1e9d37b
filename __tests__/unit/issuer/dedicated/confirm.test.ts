// Whether a stored token is the one that the registry has: the value and its claims may be made up.
import { describe, expect, it } from 'vitest'
import { UnexpectedResponse } from '../../../../src/http/errors.ts'
import type { Confirmation } from '../../../../src/issuer/issuer.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startFakeIbm } from '../../../support/ibm/environment.ts'
import { otherOrganization } from '../../../support/ibm/organizations.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'
import { NOT_IDS } from '../not-ids.ts'
import { issuer, issuerAt, tokenOf } from './fixture.ts'

describe('a stored token', () => {
  it('matches when the registry returns this value for this id', async () => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintToken()
    expect(await issuer(environment).confirm({ id, value })).toBe('match')
    expect(environment.journal).toMatchObject([{ method: 'GET', path: `/api/v1/tokens/${id}` }])
  })

  it('does not match by the id that it claims to have', async () => {
    await using environment = await startFakeIbm()
    const [theirs, other] = [environment.mintToken(), environment.mintToken()]
    const forged = tokenOf({ jti: theirs.id, iss: environment.registryHost })
    for (const value of [forged, other.value, 'not-a-token', '', 'line\nbreak\0', `${theirs.value} `]) {
      expect(await issuer(environment).confirm({ id: theirs.id, value })).toBe('mismatch')
    }
    expect(environment.liveTokens()).toEqual([theirs, other])
  })

  it('is sent nowhere', async () => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintToken()
    const value = tokenOf({ jti: id, secret: 'planted' })
    for (const stored of [id, 'unknown']) await issuer(environment).confirm({ id: stored, value })
    expect(environment.journal).toHaveLength(2)
    for (const { path, query, headers, body } of environment.journal) {
      expect(JSON.stringify([path, String(query), headers, body])).not.toContain(value)
    }
  })

  it('is confirmed with a masked value of the registry', async () => {
    await using environment = await startFakeIbm()
    using captured = captureLog()
    const { id, value } = environment.mintToken()
    await issuer(environment).confirm({ id, value: 'some other value' })
    expect(captured.log.masks).toContain(value)
  })

  it.each<[string, (id: string) => string, Confirmation]>([
    ['gone when it contains the id', (id) => tokenOf({ jti: id }), 'gone'],
    ['gone when it is not a token', () => 'not-a-token', 'gone'],
    ['a mismatch when it contains another id', () => tokenOf({ jti: 'another' }), 'mismatch'],
  ])('that the registry does not know is %s', async (_, storedFor, confirmation) => {
    await using environment = await startFakeIbm()
    const revoked = environment.mintToken()
    environment.revokeToken(revoked.id)
    for (const id of [revoked.id, 'unknown']) {
      expect(await issuer(environment).confirm({ id, value: storedFor(id) })).toBe(confirmation)
    }
  })

  it('of another organization is gone for this one, which cannot revoke it', async () => {
    await using environment = await startFakeIbm()
    const theirs = environment.mintToken({ organization: otherOrganization.guid })
    expect(await issuer(environment).confirm(theirs)).toBe('gone')
    await issuer(environment).revoke(theirs.id)
    expect(environment.liveTokens()).toEqual([theirs])
  })

  it.each<[string, Confirmation]>([
    ['some-id', 'gone'],
    ['another', 'mismatch'],
  ])('that contains the id "%s" is not a match when the registry returns it as revoked', async (jti, confirmation) => {
    const value = tokenOf({ jti })
    await using server = await startWebServer(() => json(200, { token: value, revoked: true }))
    expect(await issuerAt(server.url).confirm({ id: 'some-id', value })).toBe(confirmation)
  })

  it.each<[number, string]>([
    [400, '{"code":"CRG0000E"}'],
    [401, '{"code":"CRG0009E","message":"You are not authorized to access the specified account."}'],
    [403, '{"code":"CRG0020E"}'],
    [403, '<html>'],
  ])('is a mismatch when the registry returns %i %s', async (status, body) => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintToken()
    environment.faults.add({ when: { method: 'GET' }, fault: { kind: 'status', status, body } })
    expect(await issuer(environment).confirm({ id, value })).toBe('mismatch')
  })

  it('is not confirmed without a valid login', async () => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintToken()
    await expect(issuer(environment, { accessToken: 'a.b.c' }).confirm({ id, value })).rejects.toMatchObject({
      message: expect.stringContaining('returned 401 CRG0014E'),
      hint: expect.stringContaining('check the login'),
    })
  })

  it.each([{}, { token: 7 }])('is not confirmed by the response %j', async (body) => {
    await using server = await startWebServer(() => json(200, body))
    const confirmed = issuerAt(server.url).confirm({ id: 'some-id', value: 'some value' })
    await expect(confirmed).rejects.toBeInstanceOf(UnexpectedResponse)
  })

  it.each(NOT_IDS)('is a mismatch with the id %j, without a request', async (id) => {
    await using environment = await startFakeIbm()
    expect(await issuer(environment).confirm({ id, value: tokenOf({ jti: id }) })).toBe('mismatch')
    expect(environment.journal).toEqual([])
  })
})
