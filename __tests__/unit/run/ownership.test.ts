import { describe, expect, it } from 'vitest'
import type { Confirmation, Issuer, ListedCredential, StoredCredential } from '../../../src/issuer/issuer.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { OwnershipCheck } from '../../../src/run/ownership.ts'

const purpose = { description: 'registry-pull-secret acme/shop pull', secretName: 'pull' }
const targetsIn = (...clusters: string[]): Target[] =>
  clusters.map((identity) => ({ cluster: { identity } as Cluster, namespace: 'n' }))
const targets = targetsIn('c')
const MINTED_AT = '2025-11-23T10:00:00.000Z'
const describedAs = (place: string) => `${purpose.description} [${place}] us.icr.io 17.1 ${MINTED_AT} ab12`
const listed = (id: string, description = describedAs('c n/pull')): ListedCredential => ({ id, description })
const stored = (id: string, value: string) => ({ id, value })

type Responses<T> = readonly (T | Error)[]

/** An issuer that returns these in turn, the last one again and again; an error is thrown. */
function issuerOf(confirmations: Responses<Confirmation>, ...lists: Responses<readonly ListedCredential[]>) {
  const asked: StoredCredential[] = []
  const calls = { confirm: 0, list: 0, login: 0 }
  const next = <T>(responses: Responses<T>, index: number, otherwise: T) => {
    const response = responses[Math.min(index, responses.length - 1)] ?? otherwise
    if (response instanceof Error) throw response
    return response
  }
  const issuer = {
    confirm: async (reference: StoredCredential) => {
      asked.push(reference)
      return next(confirmations, calls.confirm++, 'mismatch')
    },
    list: async () => next(lists, calls.list++, []),
  } as Pick<Issuer, 'confirm' | 'list'> as Issuer
  const check = new OwnershipCheck(async () => {
    calls.login++
    return issuer
  }, purpose)
  return { asked, calls, check }
}

describe('whose a stored credential is', () => {
  it.each<[string, Confirmation, ListedCredential[], string]>([
    ['confirms its value, and minted it for this scope', 'match', [listed('a')], 'ours'],
    [
      'confirms its value, and minted it for another secret',
      'match',
      [listed('a', describedAs('c n/other'))],
      'foreign',
    ],
    [
      'confirms its value, and minted it for another cluster',
      'match',
      [listed('a', describedAs('d n/pull'))],
      'foreign',
    ],
    ['confirms its value, without a description', 'match', [listed('a', '')], 'foreign'],
    ['confirms its value, and minted another one for this scope', 'match', [listed('b')], 'foreign'],
    ['has another value for its id', 'mismatch', [listed('a')], 'foreign'],
    ['does not have it', 'gone', [], 'gone'],
  ])('is decided by what its issuer says: it %s', async (_, confirmation, list, expected) => {
    const { check } = issuerOf([confirmation], list)
    expect(await check.of([stored('a', 'some value')], targets)).toEqual(new Map([['a', expected]]))
  })

  it('is asked once for each stored value', async () => {
    const { asked, calls, check } = issuerOf(['match', 'gone'], [listed('a')])
    const references = [stored('a', 'first value'), stored('b', 'second value')]
    const expected = new Map([
      ['a', 'ours'],
      ['b', 'gone'],
    ])
    expect(await check.of(references, targets)).toEqual(expected)
    expect(await check.of(references, targets)).toEqual(expected)
    expect(asked).toEqual(references)
    expect(calls.list).toBe(1)
  })

  it('is `ours` when the issuer confirms one of its values', async () => {
    const { check } = issuerOf(['mismatch', 'match', 'mismatch'], [listed('a')])
    const references = ['first value', 'second value', 'third value'].map((value) => stored('a', value))
    expect(await check.of(references, targets)).toEqual(new Map([['a', 'ours']]))
  })

  it('is asked again after a request that failed', async () => {
    const { asked, check } = issuerOf([new Error('down'), 'match'], [listed('a')])
    await expect(check.of([stored('a', 'some value')], targets)).rejects.toThrow('down')
    expect(await check.of([stored('a', 'some value')], targets)).toEqual(new Map([['a', 'ours']]))
    expect(asked).toHaveLength(2)
  })

  it('is looked up again when a concurrent run may have minted it since the list', async () => {
    const { calls, check } = issuerOf(['match'], [], [listed('a')])
    expect(await check.live(targets)).toEqual(new Map())
    expect(await check.of([stored('a', 'some value')], targets)).toEqual(new Map([['a', 'ours']]))
    expect(calls.list).toBe(2)
  })

  it('is not asked, without a login, when nothing was superseded', async () => {
    const { calls, check } = issuerOf([])
    expect(await check.of([], targets)).toEqual(new Map())
    expect(calls).toEqual({ confirm: 0, list: 0, login: 0 })
  })
})

describe('the tokens that are alive', () => {
  it('are those that this action minted for this secret in clusters of this run', async () => {
    const tokens = [
      listed('here'),
      listed('elsewhere', describedAs('c 3 pull sha256:ab')),
      listed('other cluster', describedAs('d n/pull')),
      listed('other secret', describedAs('c n/other')),
      listed('by hand', 'mine'),
      listed('nothing', ''),
    ]
    const { check } = issuerOf([], tokens)
    const mint = { hosts: 'us.icr.io', mintedAt: new Date(MINTED_AT) }
    expect(await check.live(targets)).toEqual(
      new Map([
        ['here', { ...mint, scope: 'c n/pull', description: describedAs('c n/pull') }],
        ['elsewhere', { ...mint, scope: 'c 3 pull sha256:ab', description: describedAs('c 3 pull sha256:ab') }],
      ]),
    )
  })

  it('are listed once, until a token is minted', async () => {
    const { calls, check } = issuerOf([], [listed('a')], [listed('a'), listed('b')])
    expect([...(await check.live(targets)).keys()]).toEqual(['a'])
    expect([...(await check.live(targetsIn())).keys()]).toEqual([])
    expect(calls.list).toBe(1)
    check.refresh()
    expect([...(await check.live(targets)).keys()]).toEqual(['a', 'b'])
    expect(calls.list).toBe(2)
  })

  it('are listed again after a list that failed', async () => {
    const { check } = issuerOf([], new Error('down'), [listed('a')])
    await expect(check.live(targets)).rejects.toThrow('down')
    expect([...(await check.live(targets)).keys()]).toEqual(['a'])
  })
})

describe('the mint of a stored token', () => {
  it.each<[string, Confirmation, ListedCredential[], object | undefined]>([
    ['known for one that is ours', 'match', [listed('a')], { scope: 'c n/pull', mintedAt: new Date(MINTED_AT) }],
    ['unknown for one with another value', 'mismatch', [listed('a')], undefined],
    ['unknown for one of another secret', 'match', [listed('a', describedAs('c n/other'))], undefined],
    ['unknown for one that is gone', 'gone', [listed('a')], undefined],
  ])('is %s', async (_, confirmation, list, expected) => {
    const { check } = issuerOf([confirmation], list)
    const mint = await check.mintOf(stored('a', 'some value'), targets)
    if (expected === undefined) return expect(mint).toBeUndefined()
    expect(mint).toMatchObject(expected)
  })
})
