import { describe, expect, it } from 'vitest'
import { candidateOf, newerThan, selectCandidates } from '../../../src/policy/reuse.ts'
import type { Stored, StoredSecret } from '../../../src/pull-secret/read.ts'
import { absent, bothHosts, daysAgo, daysAhead, holding, login, now, tokenOf, unmanaged } from './stored-secret.ts'

const request = {
  clusters: ['c'],
  servers: ['a.example.com', 'b.example.com'],
  username: 'token',
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
  provided: undefined,
}

describe('a stored credential', () => {
  it.each<[string, StoredSecret]>([
    ['of yesterday', holding({ mintedAt: daysAgo(1) })],
    ['just within `max-age`', holding({ mintedAt: new Date(daysAgo(30).getTime() + 1) })],
    ['of a clock that is ahead', holding({ mintedAt: daysAhead(1) })],
    ['with a fifth of its life left', holding({ mintedAt: daysAgo(4), expiresAt: daysAhead(1) })],
    [
      'next to entries of other hosts',
      holding({}, { entries: { ...holding({}).entries, 'c.example.com': login('other'), 'd.example.com': null } }),
    ],
    ['with an e-mail address', holding({}, { entries: bothHosts({ ...login(tokenOf('one')), email: 'a@b.c' }) })],
  ])('%s can be reused', (_, secret) => {
    expect(selectCandidates([secret], request, now)).toEqual({
      candidates: [
        {
          tokenId: 'one',
          mintedAt: secret.provenance?.mintedAt,
          expiresAt: secret.provenance?.expiresAt,
          password: tokenOf('one'),
        },
      ],
      skipReasons: [],
    })
  })

  it.each<[string, StoredSecret, string]>([
    ['of a month ago', holding({ mintedAt: daysAgo(30) }), 'older than `max-age`'],
    ['without a recorded time', holding({ mintedAt: new Date(0) }), 'older than `max-age`'],
    [
      'with less than a fifth of its life left',
      holding({ mintedAt: daysAgo(4.1), expiresAt: daysAhead(1) }),
      'expires soon',
    ],
    ['that has expired', holding({ mintedAt: daysAgo(2), expiresAt: daysAgo(1) }), 'expires soon'],
    ['of another user', holding({}, { entries: bothHosts(login('x', 'iamapikey')) }), 'other hosts or another user'],
    ['without a user', holding({}, { entries: bothHosts({ password: 'x' }) }), 'other hosts or another user'],
    ['without a password', holding({}, { entries: bothHosts({ username: 'token' }) }), 'other hosts or another user'],
    ['with an empty password', holding({}, { entries: bothHosts(login('')) }), 'other hosts or another user'],
    ['for one of two hosts', holding({}, { entries: { 'a.example.com': login('x') } }), 'other hosts or another user'],
    [
      'with two passwords',
      holding({}, { entries: { 'a.example.com': login('x'), 'b.example.com': login('y') } }),
      'other hosts or another user',
    ],
    ['that cannot be read', holding({}, { entries: {} }), 'other hosts or another user'],
    ['of other clusters', holding({ scopes: ['d n/pull', 'e,f n/pull'] }), 'not minted for all clusters of this run'],
    ['in a list', holding({}, { entries: bothHosts(['token']) }), 'other hosts or another user'],
  ])('%s cannot be reused', (_, secret, reason) => {
    expect(selectCandidates([secret], request, now)).toEqual({
      candidates: [],
      skipReasons: [expect.stringContaining(reason)],
    })
  })

  it.each<[string, Stored[]]>([
    ['without targets', []],
    ['in targets without a secret', [absent, absent]],
    ['in secrets that this action did not write', [unmanaged]],
  ])('is not found %s', (_, stored) => {
    const skipReasons = ['no target holds a credential of this action yet']
    expect(selectCandidates(stored, request, now)).toEqual({ candidates: [], skipReasons })
  })

  it('is never reused with a `max-age` of 0', () => {
    const stored = [holding({ mintedAt: now }), holding({ mintedAt: daysAhead(1) })]
    const always = { ...request, maxAgeMs: 0 }
    expect(selectCandidates(stored, always, now)).toEqual({ candidates: [], skipReasons: ['`max-age` is 0'] })
  })
})

describe('with a provided credential', () => {
  const provided = { ...request, maxAgeMs: 0, provided: tokenOf('one') }

  it.each<[string, StoredSecret]>([
    ['whatever its age', holding({ mintedAt: daysAgo(400) })],
    ['however soon it expires', holding({ mintedAt: daysAgo(4), expiresAt: daysAhead(0.01) })],
  ])('the same one is reused, %s', (_, secret) => {
    expect(selectCandidates([secret], provided, now).candidates).toMatchObject([{ tokenId: 'one' }])
  })

  it('no other one is reused', () => {
    expect(selectCandidates([holding({ tokenId: 'other' })], provided, now)).toEqual({
      candidates: [],
      skipReasons: ['a target holds another one'],
    })
  })
})

describe('several stored credentials', () => {
  it('are tried newest first, each once', () => {
    const stored = [
      holding({ tokenId: 'old', mintedAt: daysAgo(3) }),
      absent,
      holding({ tokenId: 'new', mintedAt: daysAgo(1) }),
      unmanaged,
      holding({ tokenId: 'middle', mintedAt: daysAgo(2) }),
      holding({ tokenId: 'new', mintedAt: daysAgo(1) }),
    ]
    const { candidates, skipReasons } = selectCandidates(stored, request, now)
    expect(candidates.map(({ tokenId }) => tokenId)).toEqual(['new', 'middle', 'old'])
    expect(candidates.map(({ password }) => password)).toEqual(['new', 'middle', 'old'].map(tokenOf))
    expect(skipReasons).toEqual([])
  })

  it('can be reused from one target when another target holds a damaged copy', () => {
    const stored = [holding({}, { entries: {} }), holding({})]
    expect(selectCandidates(stored, request, now).candidates).toHaveLength(1)
  })

  it('are skipped for each reason once', () => {
    const stored = [daysAgo(40), daysAgo(50)].map((mintedAt) => holding({ mintedAt }))
    const { skipReasons } = selectCandidates([...stored, holding({}, { entries: {} })], request, now)
    expect(skipReasons).toEqual([
      'the stored credential is older than `max-age`',
      'a stored credential is for other hosts or another user',
    ])
  })
})

it('reads no credential from a secret that this action did not write', () => {
  expect(candidateOf(unmanaged, request)).toBeUndefined()
  expect(candidateOf(holding({}), { ...request, servers: [] })).toBeUndefined()
})

describe('the credential of a concurrent run', () => {
  const own = { mintedAt: daysAgo(1) }

  it('is the newest of later mints', () => {
    const stored = [
      absent,
      holding({ tokenId: 'later', mintedAt: daysAgo(0.5) }),
      holding({ tokenId: 'latest', mintedAt: daysAgo(0.2) }),
      holding({ tokenId: 'earlier', mintedAt: daysAgo(2) }),
    ]
    expect(newerThan(own, stored, request)?.tokenId).toBe('latest')
  })

  it.each<[string, Stored[]]>([
    ['of an earlier mint', [holding({ mintedAt: daysAgo(2) })]],
    ['of the same moment', [holding({ mintedAt: daysAgo(1) })]],
    ['for other hosts', [holding({ mintedAt: now }, { entries: {} })]],
    ['in a secret that this action did not write', [unmanaged]],
  ])('is none %s', (_, stored) => {
    expect(newerThan(own, stored, request)).toBeUndefined()
  })
})
