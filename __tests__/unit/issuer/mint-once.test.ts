import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../../src/core/errors.ts'
import { createSend } from '../../../src/http/client.ts'
import { registryTokens } from '../../../src/issuer/dedicated/registry-token.ts'
import { mintOnce } from '../../../src/issuer/mint-once.ts'
import type { PracticeRequest } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../support/ibm/environment.ts'

const description = 'registry-pull-secret o/r pull [c: n/pull] 1 ab12'
const never = new AbortController().signal

function mint({ registry, login, organization }: PracticeEnvironment, signal = never) {
  const issuer = registryTokens(createSend(getGlobalDispatcher(), signal), {
    registryEndpoint: registry,
    accessToken: login.uaaToken,
    organizationGuid: organization.guid,
    account: undefined,
    permanent: true,
    write: false,
  })
  return mintOnce(issuer, description, signal)
}

const at = (status: number, body = '', after = '0'): Fault => ({
  kind: 'status',
  status,
  headers: { 'retry-after': after },
  body,
})

const mints = { method: 'POST', path: '/api/v1/tokens' } as const
const lists = { method: 'GET', path: '/api/v1/tokens' } as const

/** What the token API was asked for. */
const methods = ({ journal }: PracticeEnvironment) => journal.map(({ method }) => method)

/** Meets the mint after the server has acted, as a proxy that loses answers does. */
function afterMinting(environment: PracticeEnvironment) {
  return ({ method, query }: PracticeRequest) => {
    if (method !== 'POST') return false
    environment.mintToken({ description: query.get('description') ?? undefined })
    return true
  }
}

it('sends one request when all goes well', async () => {
  await using environment = await startPracticeEnvironment()
  const minted = await mint(environment)
  expect(environment.liveTokens()).toMatchObject([{ id: minted.id, value: minted.value, description }])
  expect(methods(environment)).toEqual(['POST'])
})

describe('a token whose answer is lost', () => {
  it.each<Fault>([{ kind: 'reset-after' }, { kind: 'truncate' }, { kind: 'truncated-json' }])(
    'is found by its description: %o',
    async (fault) => {
      await using environment = await startPracticeEnvironment()
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
  ])('is found by its description, behind %o', async (fault) => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: afterMinting(environment), fault })
    const minted = await mint(environment)
    expect(environment.liveTokens()).toMatchObject([{ id: minted.id, value: minted.value, description }])
    expect(methods(environment)).toEqual(['POST', 'GET', 'GET'])
  })

  it('is found even when looking it up takes more than one try', async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, fault: { kind: 'reset-after' } })
    environment.faults.add({ when: lists, times: 2, fault: at(503) })
    const { id } = await mint(environment)
    expect(environment.liveTokens()).toMatchObject([{ id }])
  })

  it('is not minted again when it cannot be looked up', async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, fault: { kind: 'reset-after' } })
    environment.faults.add({ when: lists, fault: at(403) })
    await expect(mint(environment)).rejects.toMatchObject({
      message: expect.stringMatching(/answered 403, after an unclear answer to the mint: .*ECONNRESET/),
      cure: expect.stringContaining(`"${description}" may be alive`),
    })
    expect(methods(environment)).toEqual(['POST', 'GET'])
  })
})

describe('a token that was not minted', () => {
  it.each<Fault>([{ kind: 'reset-before' }, at(500), at(503), at(200, '{}')])(
    'is minted again, once, after %o',
    async (fault) => {
      await using environment = await startPracticeEnvironment()
      environment.faults.add({ when: mints, fault })
      const { id } = await mint(environment)
      expect(environment.tokens()).toMatchObject([{ id, description, revoked: false }])
      expect(methods(environment)).toEqual(['POST', 'GET', 'POST'])
    },
  )

  it('is given up at the third time', { timeout: 20_000 }, async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, times: 9, fault: at(503) })
    await expect(mint(environment)).rejects.toMatchObject({ status: 503 })
    expect(methods(environment)).toEqual(['POST', 'GET', 'POST', 'GET', 'POST', 'GET'])
    expect(environment.tokens()).toEqual([])
  })

  it.each([400, 401, 403, 404, 409])('stays so after %i', async (status) => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, fault: at(status) })
    await expect(mint(environment)).rejects.toMatchObject({ status })
    expect(methods(environment)).toEqual(['POST'])
  })

  it('stays so where minting is discontinued', async () => {
    await using environment = await startPracticeEnvironment({ switches: { discontinued: true } })
    await expect(mint(environment)).rejects.toMatchObject({ cure: expect.stringContaining('`provider: ibmcloud`') })
    expect(methods(environment)).toEqual(['POST'])
  })
})

describe('"too many requests"', () => {
  it('is waited for, and needs no looking up', async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, times: 2, fault: at(429) })
    const { id } = await mint(environment)
    expect(environment.tokens()).toMatchObject([{ id }])
    expect(methods(environment)).toEqual(['POST', 'POST', 'POST'])
  })

  it('is not waited for longer than a minute', async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, fault: at(429, '', '61') })
    await expect(mint(environment)).rejects.toMatchObject({ cure: expect.stringContaining('in 61 s') })
    expect(methods(environment)).toEqual(['POST'])
  })

  it('is not waited for beyond the end of the run', { timeout: 20_000 }, async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: mints, fault: at(429, '', '60') })
    const controller = new AbortController()
    const reason = new Failure('The job was cancelled')
    const failed = expect(mint(environment, controller.signal)).rejects.toThrow('The job was cancelled')
    await vi.waitFor(() => expect(environment.journal.map(({ status }) => status)).toEqual([429]))
    controller.abort(reason)
    await failed
    expect(methods(environment)).toEqual(['POST'])
  })
})
