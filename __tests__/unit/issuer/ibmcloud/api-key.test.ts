import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { UnexpectedAnswer } from '../../../../src/http/errors.ts'
import { serviceIdKeys } from '../../../../src/issuer/ibmcloud/api-key.ts'
import { createLogin } from '../../../../src/issuer/ibmcloud/iam-token.ts'
import type { Issuer } from '../../../../src/issuer/issuer.ts'
import { mintOnce } from '../../../../src/issuer/mint-once.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../../support/ibm/environment.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
const OURS = 'registry-pull-secret'

function issuer({ iam, serviceId, login }: PracticeEnvironment, changes: { readonly account?: string } = {}): Issuer {
  const accessToken = createLogin({ iamEndpoint: iam, apiKey: login.apiKey })
  const request = { iamEndpoint: iam, account: serviceId.account, serviceId: serviceId.iamId, ...changes }
  return serviceIdKeys(send, request, () => accessToken(send))
}

/** The keys of some web server. */
const issuerAt = (iamEndpoint: string) =>
  serviceIdKeys(send, { iamEndpoint, account: 'a', serviceId: 'iam-ServiceId-1' }, async () => 'a.b.c')

/** What the API of keys was asked for. */
const asked = ({ journal }: PracticeEnvironment) =>
  journal.filter(({ path }) => path.startsWith('/v1/')).map(({ method, path }) => `${method} ${path}`)

describe('a mint', () => {
  it('creates a key of the service ID whose value IAM does not keep', async () => {
    await using environment = await startPracticeEnvironment()
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

  it('knows when a key ends that an account gives an end', async () => {
    await using server = await startWebServer(() =>
      json(201, { id: 'ApiKey-1', apikey: 'v', expires_at: '2027-01-31T12:30+0000' }),
    )
    expect(await issuerAt(server.url).mint('ci')).toMatchObject({ expiresAt: new Date('2027-01-31T12:30:00Z') })
  })

  it.each([{}, { id: 'ApiKey-1' }, { apikey: 'value-without-id' }, { id: 7, apikey: 'v' }])(
    'takes %j for no key',
    async (body) => {
      await using server = await startWebServer(() => json(201, body))
      const minted = issuerAt(server.url).mint('ci')
      await expect(minted).rejects.toBeInstanceOf(UnexpectedAnswer)
      await expect(minted).rejects.not.toThrow(/value-without-id/)
    },
  )

  it('beyond the limit of the service ID says what to delete', async () => {
    await using environment = await startPracticeEnvironment({ switches: { keyLimit: 1 } })
    environment.mintKey()
    await expect(issuer(environment).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('The maximum number of API keys for this identity is reached'),
      cure: expect.stringContaining('Delete API keys of the service ID that nobody uses'),
    })
  })

  it('for an account of others names the inputs', async () => {
    await using environment = await startPracticeEnvironment()
    await expect(issuer(environment, { account: 'other' }).mint('ci')).rejects.toMatchObject({
      message: expect.stringContaining('answered 400 BXNIM0106E'),
      cure: expect.stringContaining('Check `service-id` and `account`'),
    })
  })
})

describe('a key whose answer is lost', () => {
  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'truncate' }, { kind: 'truncated-json' }])(
    'is deleted, since nobody can know its value, and minted anew: %o',
    async (fault) => {
      await using environment = await startPracticeEnvironment()
      environment.faults.add({ when: { method: 'POST', path: '/v1/apikeys' }, fault })
      const { id, value } = await mintOnce(issuer(environment), 'ci', never)
      const [lost] = environment.keys()
      expect(environment.liveKeys()).toMatchObject([{ id, value }])
      expect(asked(environment)).toEqual([
        'POST /v1/apikeys',
        'GET /v1/apikeys',
        `DELETE /v1/apikeys/${lost?.id}`,
        'POST /v1/apikeys',
      ])
    },
  )
})

describe('the list', () => {
  it('has the keys of the service ID on all pages, with their descriptions', async () => {
    await using environment = await startPracticeEnvironment({ switches: { pageSize: 2 } })
    const minted = ['a', 'b', 'c', 'd', 'e'].map((description) => environment.mintKey({ description }))
    environment.mintKey({ iamId: 'iam-ServiceId-other' })
    environment.revokeKey(minted[3]?.id ?? '')
    const live = minted.filter((_, index) => index !== 3)
    expect(await issuer(environment).list()).toEqual(live.map(({ id, description }) => ({ id, description })))
    expect(asked(environment)).toHaveLength(2)
  })

  it('is asked for at our endpoint alone, wherever the next page is said to be', async () => {
    await using stranger = await startWebServer(() => json(200, {}))
    await using server = await startWebServer(({ query }) => {
      const page = query.get('pagetoken')
      const next = page === null ? { next: `${stranger.url}/v1/apikeys?pagetoken=two&account_id=other` } : {}
      return json(200, { apikeys: [{ id: page ?? 'one' }, { id: '' }, null], ...next })
    })
    expect(await issuerAt(server.url).list()).toEqual([
      { id: 'one', description: '' },
      { id: 'two', description: '' },
    ])
    expect(stranger.journal).toEqual([])
    expect(server.journal.map(({ query }) => query.get('account_id'))).toEqual(['a', 'a'])
  })

  it('of a server that never ends it ends', async () => {
    await using server = await startWebServer(() => json(200, { next: '/v1/apikeys?pagetoken=again' }))
    expect(await issuerAt(server.url).list()).toEqual([])
    expect(server.journal.length).toBeLessThan(1000)
  })
})

describe('a stored key', () => {
  it('is ours when IAM knows its value by that id, our name and our service ID', async () => {
    await using environment = await startPracticeEnvironment()
    const [key, other] = [environment.mintKey({ name: OURS }), environment.mintKey({ name: OURS })]
    expect(await issuer(environment).isOurs(key.id, key.value)).toBe(true)
    expect(await issuer(environment).isOurs(other.id, key.value)).toBe(false)
    const [, entry] = environment.journal
    expect(entry).toMatchObject({ path: '/v1/apikeys/details', headers: { 'iam-apikey': key.value } })
    expect(String(entry?.query)).toBe('')
  })

  it.each([
    ['another name', { name: 'by hand' }],
    ['another service ID', { name: OURS, iamId: 'iam-ServiceId-other' }],
  ])('is not ours under %s', async (_, key) => {
    await using environment = await startPracticeEnvironment()
    const { id, value } = environment.mintKey(key)
    expect(await issuer(environment).isOurs(id, value)).toBe(false)
  })

  it.each(['', '..', 'a/lock', '?x'])('is not ours under what is no id, and nobody is asked: "%s"', async (id) => {
    await using environment = await startPracticeEnvironment()
    expect(await issuer(environment).isOurs(id, 'some value')).toBe(false)
    expect(environment.journal).toEqual([])
  })

  it('is nobody’s when it is gone, and not ours when only its value is wrong', async () => {
    await using environment = await startPracticeEnvironment()
    const { id, value } = environment.mintKey({ name: OURS })
    expect(await issuer(environment).isOurs(id, 'no key')).toBe(false)
    environment.revokeKey(id)
    expect(await issuer(environment).isOurs(id, value)).toBe(true)
  })

  it('is unknown while IAM is in trouble', async () => {
    await using environment = await startPracticeEnvironment()
    const fault: Fault = { kind: 'status', status: 500, headers: { 'retry-after': '0' } }
    environment.faults.add({ when: { path: '/v1/apikeys/details' }, fault, times: 9 })
    await expect(issuer(environment).isOurs('ApiKey-1', 'key')).rejects.toThrow('answered 500')
  })
})

describe('a deletion', () => {
  it('takes one key, and is done when it is gone already', async () => {
    await using environment = await startPracticeEnvironment()
    const [one, other] = [environment.mintKey(), environment.mintKey()]
    await issuer(environment).revoke(one.id)
    await issuer(environment).revoke(one.id)
    expect(environment.liveKeys()).toEqual([other])
  })

  it('of a locked key says that it is locked, and how to unlock it', async () => {
    await using environment = await startPracticeEnvironment()
    const { id } = environment.mintKey()
    environment.lockKey(id)
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({
      message: expect.stringContaining('the key is locked'),
      cure: expect.stringContaining(`service-api-key-unlock ${id}`),
    })
    expect(environment.liveKeys()).toHaveLength(1)
  })

  it('that is refused for another reason says that one', async () => {
    await using environment = await startPracticeEnvironment()
    const { id } = environment.mintKey()
    environment.faults.add({ when: { method: 'DELETE' }, fault: { kind: 'status', status: 403, body: 'no' } })
    await expect(issuer(environment).revoke(id)).rejects.toMatchObject({
      cure: expect.stringContaining('role Operator'),
    })
  })

  it.each(['', '.', '..', '../x', 'a/lock', '?x', '%2e%2e', ' '])(
    'of what is no id is never sent: "%s"',
    async (id) => {
      await using environment = await startPracticeEnvironment()
      await expect(issuer(environment).revoke(id)).rejects.toThrow('this is no id')
      expect(environment.journal).toEqual([])
    },
  )
})
