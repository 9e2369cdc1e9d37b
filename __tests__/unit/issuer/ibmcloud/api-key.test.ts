import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { UnexpectedResponse } from '../../../../src/http/errors.ts'
import { createApiKeyIssuer } from '../../../../src/issuer/ibmcloud/api-key.ts'
import { createLogin } from '../../../../src/issuer/ibmcloud/iam-token.ts'
import type { Issuer } from '../../../../src/issuer/issuer.ts'
import { mintOnce } from '../../../../src/issuer/mint-once.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type FakeIbm, startFakeIbm } from '../../../support/ibm/environment.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'
import { NOT_IDS } from '../not-ids.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
const OURS = 'registry-pull-secret'

function issuer(
  { iam, serviceId, login }: FakeIbm,
  changes: { readonly account?: string; readonly expiresInMs?: number } = {},
): Issuer {
  const accessToken = createLogin({ iamEndpoint: iam, apiKey: login.apiKey })
  const request = { iamEndpoint: iam, account: serviceId.account, serviceId: serviceId.iamId, ...changes }
  return createApiKeyIssuer(send, { ...request, accessToken: () => accessToken(send) })
}

/** The API at a URL. */
const issuerAt = (iamEndpoint: string, expiresInMs?: number) =>
  createApiKeyIssuer(send, {
    iamEndpoint,
    account: 'a',
    serviceId: 'iam-ServiceId-1',
    expiresInMs,
    accessToken: async () => 'a.b.c',
  })

/** The requests to the API. */
const requests = ({ journal }: FakeIbm) =>
  journal.filter(({ path }) => path.startsWith('/v1/')).map(({ method, path }) => `${method} ${path}`)

describe('a mint', () => {
  it('creates a key of the service ID, whose value IAM does not store', async () => {
    await using environment = await startFakeIbm()
    using captured = captureLog()
    const { id, value, expiresAt } = await issuer(environment).mint('ci [c n/pull] 1')
    const { iamId, account } = environment.serviceId
    expect(environment.liveKeys()).toMatchObject([
      { id, value, name: OURS, description: 'ci [c n/pull] 1', iamId, account },
    ])
    expect(JSON.parse(environment.journal.at(-1)?.body ?? '')).toMatchObject({ store_value: false })
    expect(expiresAt).toBeUndefined()
    expect(captured.log.masks).toContain(value)
  })

  it('with an expiry asks IAM for it in its own format, rounded up to a minute, and returns it', async () => {
    await using environment = await startFakeIbm()
    const before = Date.now()
    const { id, expiresAt } = await issuer(environment, { expiresInMs: 3_600_000 }).mint('ci')
    const [lower, upper] = [before + 3_600_000, Date.now() + 3_660_000]
    expect(expiresAt?.getTime()).toBeGreaterThanOrEqual(lower)
    expect(expiresAt?.getTime()).toBeLessThan(upper)
    expect(environment.liveKeys()).toMatchObject([{ id, expiresAt }])
  })

  it('with an expiry that IAM does not repeat returns the requested one', async () => {
    await using server = await startWebServer(() => json(201, { id: 'ApiKey-1', apikey: 'v' }))
    const minted = await issuerAt(server.url, 3_600_000).mint('ci')
    expect(JSON.parse(server.journal[0]?.body ?? '').expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d\+0000$/)
    expect(minted.expiresAt).toEqual(new Date(JSON.parse(server.journal[0]?.body ?? '').expires_at))
  })

  it('returns the expiry that an account enforces', async () => {
    await using server = await startWebServer(() =>
      json(201, { id: 'ApiKey-1', apikey: 'v', expires_at: '2027-01-31T12:30+0000' }),
    )
    expect(await issuerAt(server.url).mint('ci')).toMatchObject({ expiresAt: new Date('2027-01-31T12:30:00Z') })
  })

  it.each([{}, { id: 'ApiKey-1' }, { apikey: 'value-without-id' }, { id: 7, apikey: 'v' }, { id: 'a/b', apikey: 'v' }])(
    'rejects the response %j',
    async (body) => {
      await using server = await startWebServer(() => json(201, body))
      const minted = issuerAt(server.url).mint('ci')
      await expect(minted).rejects.toBeInstanceOf(UnexpectedResponse)
      await expect(minted).rejects.not.toThrow(/value-without-id/)
    },
  )

  it('beyond the limit of the service ID has a hint to delete keys', async () => {
    await using environment = await startFakeIbm({ switches: { keyLimit: 1 } })
    environment.mintKey()
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('The maximum number of API keys for this identity is reached'),
      hint: expect.stringContaining('Delete unused API keys of the service ID'),
    })
  })

  it('for a foreign account has a hint with the inputs', async () => {
    await using environment = await startFakeIbm()
    await expect(issuer(environment, { account: 'other' }).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('returned 400 BXNIM0106E'),
      hint: expect.stringContaining('Check `service-id` and `account`'),
    })
  })
})

describe('a key whose response is lost', () => {
  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'truncate' }, { kind: 'truncated-json' }])(
    'is deleted, because its value is lost, and another one is minted: %o',
    async (fault) => {
      await using environment = await startFakeIbm()
      environment.faults.add({ when: { method: 'POST', path: '/v1/apikeys' }, fault })
      const { id, value } = await mintOnce(issuer(environment), 'ci', never)
      const [lost] = environment.keys()
      expect(environment.liveKeys()).toMatchObject([{ id, value }])
      expect(requests(environment)).toEqual([
        'POST /v1/apikeys',
        'GET /v1/apikeys',
        `DELETE /v1/apikeys/${lost?.id}`,
        'POST /v1/apikeys',
      ])
    },
  )
})

describe('the list', () => {
  it('contains the keys of the service ID from all pages with their descriptions', async () => {
    await using environment = await startFakeIbm({ switches: { pageSize: 2 } })
    const minted = ['a', 'b', 'c', 'd', 'e'].map((description) => environment.mintKey({ description }))
    environment.mintKey({ iamId: 'iam-ServiceId-other' })
    environment.revokeKey(minted[3]?.id ?? '')
    const live = minted.filter((_, index) => index !== 3)
    expect(await issuer(environment).list()).toEqual(live.map(({ id, description }) => ({ id, description })))
    expect(requests(environment)).toHaveLength(2)
  })

  it('is requested from our endpoint only, whatever the link to the next page says', async () => {
    await using other = await startWebServer(() => json(200, {}))
    await using server = await startWebServer(({ query }) => {
      const page = query.get('pagetoken')
      const next = page === null ? { next: `${other.url}/v1/apikeys?pagetoken=two&account_id=other` } : {}
      return json(200, { apikeys: [{ id: page ?? 'one' }, ...NOT_IDS.map((id) => ({ id })), null], ...next })
    })
    expect(await issuerAt(server.url).list()).toEqual([
      { id: 'one', description: '' },
      { id: 'two', description: '' },
    ])
    expect(other.journal).toEqual([])
    expect(server.journal.map(({ query }) => query.get('account_id'))).toEqual(['a', 'a'])
  })

  it('stops at a server that always returns a next page', async () => {
    await using server = await startWebServer(() => json(200, { next: '/v1/apikeys?pagetoken=again' }))
    expect(await issuerAt(server.url).list()).toEqual([])
    expect(server.journal.length).toBeLessThan(1000)
  })
})

describe('a stored key', () => {
  it('matches when IAM returns the recorded id, our name and our service ID for its value', async () => {
    await using environment = await startFakeIbm()
    const [key, other] = [environment.mintKey({ name: OURS }), environment.mintKey({ name: OURS })]
    expect(await issuer(environment).confirm(key)).toBe('match')
    expect(await issuer(environment).confirm({ id: other.id, value: key.value })).toBe('mismatch')
    const [, entry] = environment.journal
    expect(entry).toMatchObject({ path: '/v1/apikeys/details', headers: { 'iam-apikey': key.value } })
    expect(String(entry?.query)).toBe('')
  })

  it.each([
    ['another name', { name: 'by hand' }],
    ['another service ID', { name: OURS, iamId: 'iam-ServiceId-other' }],
  ])('is a mismatch with %s', async (_, key) => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintKey(key)
    expect(await issuer(environment).confirm({ id, value })).toBe('mismatch')
  })

  it.each(NOT_IDS)('is a mismatch with the id %j, without a request', async (id) => {
    await using environment = await startFakeIbm()
    expect(await issuer(environment).confirm({ id, value: 'some-value' })).toBe('mismatch')
    expect(environment.journal).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['two words', 'two words'],
    ['two lines', 'two\nlines'],
    ['a NUL', 'nul\0'],
    ['a letter that is not ASCII', 'käse'],
    ['more than 512 characters', 'x'.repeat(513)],
  ])('is a mismatch with %s for its value, without a request', async (_, value) => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintKey({ name: OURS })
    expect(await issuer(environment).confirm({ id, value })).toBe('mismatch')
    expect(environment.journal).toEqual([])
  })

  it.each([400, 403])('is a mismatch when IAM returns %i for its value and its id', async (status) => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintKey({ name: OURS })
    environment.faults.add({ when: { method: 'GET' }, times: 2, fault: { kind: 'status', status } })
    expect(await issuer(environment).confirm({ id, value })).toBe('mismatch')
  })

  it('is gone when IAM knows neither value nor id, and a mismatch when only the value is wrong', async () => {
    await using environment = await startFakeIbm()
    const { id, value } = environment.mintKey({ name: OURS })
    expect(await issuer(environment).confirm({ id, value: 'no-key' })).toBe('mismatch')
    environment.revokeKey(id)
    expect(await issuer(environment).confirm({ id, value })).toBe('gone')
  })

  it('is not confirmed while IAM returns errors', async () => {
    await using environment = await startFakeIbm()
    const fault: Fault = { kind: 'status', status: 500, headers: { 'retry-after': '0' } }
    environment.faults.add({ when: { path: '/v1/apikeys/details' }, fault, times: 9 })
    await expect(issuer(environment).confirm({ id: 'ApiKey-1', value: 'key' })).rejects.toThrow('returned 500')
  })
})

describe('a deletion', () => {
  it('deletes one key only, and succeeds for a deleted one', async () => {
    await using environment = await startFakeIbm()
    const [one, other] = [environment.mintKey(), environment.mintKey()]
    await issuer(environment).revoke(one.id)
    await issuer(environment).revoke(one.id)
    expect(environment.liveKeys()).toEqual([other])
  })

  it('of a locked key fails, with a hint how to unlock it', async () => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintKey()
    environment.lockKey(id)
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({
      message: expect.stringContaining('the key is locked'),
      hint: expect.stringContaining(`service-api-key-unlock ${id}`),
    })
    expect(environment.liveKeys()).toHaveLength(1)
  })

  it('that is not allowed has a hint with the required role', async () => {
    await using environment = await startFakeIbm()
    const { id } = environment.mintKey()
    environment.faults.add({ when: { method: 'DELETE' }, fault: { kind: 'status', status: 403, body: 'no' } })
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({
      hint: expect.stringContaining('role Operator'),
    })
  })

  it.each(NOT_IDS)('of %j is never sent', async (id) => {
    await using environment = await startFakeIbm()
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({ code: 'invalid-token-id' })
    expect(environment.journal).toEqual([])
  })
})
