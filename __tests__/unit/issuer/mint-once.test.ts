import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { createSend } from '../../../src/http/client.ts'
import { createRegistryTokenIssuer } from '../../../src/issuer/dedicated/registry-token.ts'
import { mintOnce, mintWithRetries } from '../../../src/issuer/mint-once.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const description = 'registry-pull-secret o/r pull [c: n/pull] 1 ab12'
const never = new AbortController().signal

/** Without real delays. */
function mint(environment: FakeIbm, signal = never) {
  return mintWithRetries(issuerAt(environment, signal), description, { signal, retryDelaysMs: [1, 1] })
}

function issuerAt({ registry, login, organization }: FakeIbm, signal: AbortSignal) {
  return createRegistryTokenIssuer(createSend(getGlobalDispatcher(), signal), {
    registryEndpoint: registry,
    accessToken: login.uaaToken,
    organizationGuid: organization.guid,
    account: undefined,
    permanent: true,
    write: false,
  })
}

const at = (status: number, body = '', after = '0'): Fault => ({
  kind: 'status',
  status,
  headers: { 'retry-after': after },
  body,
})

const mints = { method: 'POST', path: '/api/v1/tokens' } as const
const lists = { method: 'GET', path: '/api/v1/tokens' } as const

/** The requests to the token API. */
const methods = ({ journal }: FakeIbm) => journal.map(({ method }) => method)

/** Matches a mint after the server has minted, like a proxy that loses responses. */
function afterMinting(environment: FakeIbm) {
  return ({ method, query }: RecordedRequest) => {
    if (method !== 'POST') return false
    environment.mintToken({ description: query.get('description') ?? undefined })
    return true
  }
}

it('sends one request when it succeeds', async () => {
  await using environment = await startFakeIbm()
  const minted = await mint(environment)
  expect(environment.liveTokens()).toMatchObject([{ id: minted.id, value: minted.value, description }])
  expect(methods(environment)).toEqual(['POST'])
})

it('waits one second before the second request', async () => {
  await using environment = await startFakeIbm()
  using captured = captureLog()
  environment.faults.add({ when: mints, fault: at(500) })
  const start = performance.now()
  await mintOnce(issuerAt(environment, never), description, never)
  expect(performance.now() - start).toBeGreaterThan(990)
  expect(captured.log.text).toContain('No token was minted: retrying in 1.0 s')
  expect(methods(environment)).toEqual(['POST', 'GET', 'POST'])
})

describe('a token whose response is lost', () => {
  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'truncate' }, { kind: 'truncated-json' }])(
    'is found by its description: %o',
    async (fault) => {
      await using environment = await startFakeIbm()
      environment.mintToken({ description: `${description}0` })
      environment.mintToken({ description: undefined })
      const planned = environment.faults.add({ when: mints, fault })
      const minted = await mint(environment)
      expect(planned.met).toBe(1)
      expect(environment.liveTokens().filter((token) => token.description === description)).toMatchObject([
        { id: minted.id, value: minted.value },
      ])
      expect(methods(environment)).toEqual(['POST', 'GET', 'GET'])
    },
  )

  it.each<Fault>([
    ...[408, 500, 502, 503, 504].map((status) => at(status)),
    at(200, '<h1>Welcome</h1>'),
    at(200, '{}'),
    at(200, '{"token":"no-jwt"}'),
  ])('is found by its description, after %o', async (fault) => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: afterMinting(environment), fault })
    const minted = await mint(environment)
    expect(environment.liveTokens()).toMatchObject([{ id: minted.id, value: minted.value, description }])
    expect(methods(environment)).toEqual(['POST', 'GET', 'GET'])
  })

  it('is found when the lookup is retried', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, fault: { kind: 'reset-after' } })
    environment.faults.add({ when: lists, times: 2, fault: at(503) })
    const { id } = await mint(environment)
    expect(environment.liveTokens()).toMatchObject([{ id }])
  })

  it('is not minted again when the lookup fails', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, fault: { kind: 'reset-after' } })
    environment.faults.add({ when: lists, fault: at(403) })
    await expect(mint(environment)).rejects.toMatchObject({
      message: expect.stringMatching(/returned 403, after an unclear response to the mint: .*ECONNRESET/),
      hint: expect.stringContaining(`"${description}" may exist`),
    })
    expect(methods(environment)).toEqual(['POST', 'GET'])
  })
})

describe('a token that was not minted', () => {
  it.each<Fault>([{ kind: 'reset-before' }, at(500), at(503), at(200, '{}')])(
    'is minted with a second request, after %o',
    async (fault) => {
      await using environment = await startFakeIbm()
      environment.faults.add({ when: mints, fault })
      const { id } = await mint(environment)
      expect(environment.tokens()).toMatchObject([{ id, description, revoked: false }])
      expect(methods(environment)).toEqual(['POST', 'GET', 'POST'])
    },
  )

  it('fails after the third attempt', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, times: 9, fault: at(503) })
    await expect(mint(environment)).rejects.toMatchObject({ status: 503 })
    expect(methods(environment)).toEqual(['POST', 'GET', 'POST', 'GET', 'POST', 'GET'])
    expect(environment.tokens()).toEqual([])
  })

  it.each([400, 401, 403, 404, 409])('is not retried after %i', async (status) => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, fault: at(status) })
    await expect(mint(environment)).rejects.toMatchObject({ status })
    expect(methods(environment)).toEqual(['POST'])
  })

  it('is not retried when the registry mints no more tokens', async () => {
    await using environment = await startFakeIbm({ switches: { discontinued: true } })
    await expect(mint(environment)).rejects.toMatchObject({ hint: expect.stringContaining('`provider: ibmcloud`') })
    expect(methods(environment)).toEqual(['POST'])
  })
})

describe('429 Too Many Requests', () => {
  it('is retried without a lookup', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, times: 2, fault: at(429) })
    const { id } = await mint(environment)
    expect(environment.tokens()).toMatchObject([{ id }])
    expect(methods(environment)).toEqual(['POST', 'POST', 'POST'])
  })

  it('is an error when Retry-After is longer than a minute', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, fault: at(429, '', '61') })
    await expect(mint(environment)).rejects.toMatchObject({ hint: expect.stringContaining('in 61 s') })
    expect(methods(environment)).toEqual(['POST'])
  })

  it('is not retried after the run was cancelled', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: mints, fault: at(429, '', '60') })
    const controller = new AbortController()
    const reason = new ActionError('cancelled', 'The job was cancelled')
    const failed = expect(mint(environment, controller.signal)).rejects.toThrow('The job was cancelled')
    await vi.waitFor(() => expect(environment.journal.map(({ status }) => status)).toEqual([429]))
    controller.abort(reason)
    await failed
    expect(methods(environment)).toEqual(['POST'])
  })
})
