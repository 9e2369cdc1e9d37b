import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { createIbmcloudProvider } from '../../../../src/issuer/ibmcloud/provider.ts'
import { getServiceId, type ServiceId } from '../../../../src/issuer/ibmcloud/service-id.ts'
import { json } from '../../../support/http/exchange.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startFakeIbm } from '../../../support/ibm/environment.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)

/** Looks up at a server that lists these service IDs, one a page, whatever it is asked for. */
async function lookUp(serviceId: ServiceId, listed: readonly unknown[]) {
  await using other = await startWebServer(() => json(200, {}))
  await using server = await startWebServer(({ query }) => {
    const page = Number(query.get('pagetoken') ?? 0)
    const next = page + 1 < listed.length ? { next: `${other.url}/v1/serviceids?pagetoken=${page + 1}` } : {}
    return json(200, { serviceids: listed.slice(page, page + 1), ...next })
  })
  const request = { iamEndpoint: server.url, account: 'a1', serviceId, accessToken: 'a.b.c' }
  const result = await getServiceId(send, request).catch((error: unknown) => error)
  expect(other.journal).toEqual([])
  return { result, journal: server.journal }
}

const listed = (id: string, name: unknown) => ({ id: `ServiceId-${id}`, iam_id: `iam-ServiceId-${id}`, name })

describe('a service ID', () => {
  it('is used as it is when it is an ID', async () => {
    const { result, journal } = await lookUp({ iamId: 'iam-ServiceId-1' }, [])
    expect(result).toBe('iam-ServiceId-1')
    expect(journal).toEqual([])
  })

  it('is found by its exact name on any page, in the account', async () => {
    const { result, journal } = await lookUp({ name: 'ci & pull' }, [
      listed('1', 'CI & pull'),
      listed('2', 'ci & pull 2'),
      listed('3', 'ci & pull'),
      listed('3', 'ci & pull'),
    ])
    expect(result).toBe('iam-ServiceId-3')
    for (const { path, query, headers } of journal) {
      expect([path, query.get('account_id'), query.get('name')]).toEqual(['/v1/serviceids', 'a1', 'ci & pull'])
      expect(headers.authorization).toBe('Bearer a.b.c')
    }
  })

  it.each<[string, unknown[], string]>([
    ['ci', [], 'Service ID "ci" was not found in account a1 at '],
    ['ci-pul', [listed('1', 'other'), listed('2', 'ci-pull')], '(the nearest name is "ci-pull")'],
    ['4f-2', [listed('3a-1', 'a'), listed('4f-2', 'b')], '(its ID is ServiceId-4f-2)'],
    ['serviceid-4F-2', [listed('4f-2', 'b')], '(its ID is ServiceId-4f-2)'],
    ['CI-Pull', [listed('1', 'ci-pull')], '(the nearest name is "ci-pull")'],
    ['ci', [listed('1', 'ci'), listed('2', 'ci')], '2 service IDs have the name "ci": ServiceId-1, ServiceId-2'],
    ['ci', [listed('1/../..', 'ci'), { name: 'ci' }, null, listed('3', 7)], 'was not found'],
    ['a\u202eb', [], '"a\\u202eb" was not found'],
  ])('named %j is an error among %j', async (name, all, message) => {
    const { result } = await lookUp({ name }, all)
    expect(result).toMatchObject({ code: 'service-id-not-found', message: expect.stringContaining(message) })
  })

  it('names no other one that has little in common with it', async () => {
    const { result } = await lookUp({ name: 'ci' }, [listed('1', 'production'), listed('2', 'x'.repeat(100_000))])
    expect((result as Error).message).not.toContain('nearest')
  })

  it('is not searched for ever', async () => {
    await using server = await startWebServer(() => json(200, { next: '/v1/serviceids?pagetoken=again' }))
    const request = { iamEndpoint: server.url, account: 'a1', serviceId: { name: 'ci' }, accessToken: 'a.b.c' }
    await expect(getServiceId(send, request)).rejects.toMatchObject({ code: 'service-id-not-found' })
  })
})

describe('a refusal of IAM', () => {
  it.each<[string, string, string, RegExp, number?]>([
    ['POST', '/identity/token', 'Your IP address 192.0.2.7 is not allowed', /allows certain IP addresses only/],
    ['POST', '/identity/token', 'Your IP address 192.0.2.8 is not allowed', /certain IP addresses only/, 400],
    ['GET', '/v1/serviceids', 'Access is restricted by account settings', /account settings in IAM restrict this/],
    ['GET', '/v1/serviceids', 'You are not authorized', /role Viewer/],
    ['POST', '/v1/apikeys', 'API key creation is restricted in this account', /account settings in IAM restrict this/],
    ['POST', '/v1/apikeys', 'You are not authorized', /role Operator/],
  ])('of %s %s is quoted first: %s', async (method, path, message, hint, status = 403) => {
    await using environment = await startFakeIbm()
    const { iam, login, serviceId } = environment
    const body = JSON.stringify({ errors: [{ code: 'forbidden', message_code: 'BXNIM0001E', message }] })
    environment.faults.add({ when: { method, path }, fault: { kind: 'status', status, body } })
    const provider = createIbmcloudProvider({
      provider: 'ibmcloud',
      iamEndpoint: iam,
      apiKey: login.apiKey,
      account: serviceId.account,
      serviceId: { name: serviceId.name },
      expiresInMs: undefined,
    })
    const minted = provider.open(send, never).then((session) => session.issuer(send).mint('ci'))
    await expect(minted).rejects.toMatchObject({
      code: 'issuer-access-denied',
      message: expect.stringMatching(
        new RegExp(`^IAM refused: "${message}"\\. Could not .* returned ${status} BXNIM0001E$`),
      ),
      hint: expect.stringMatching(hint),
    })
  })
})
