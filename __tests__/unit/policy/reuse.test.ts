import { describe, expect, it } from 'vitest'
import { passwordOf } from '../../../src/policy/credential.ts'
import { holdsCredential } from '../../../src/policy/held.ts'
import {
  type Candidate,
  candidateOf,
  mintSkipReason,
  newerThan,
  type ReuseRequest,
  selectCandidates,
} from '../../../src/policy/reuse.ts'
import { hostsText } from '../../../src/policy/token-description.ts'
import type { Stored, StoredSecret } from '../../../src/pull-secret/read.ts'
import {
  absent,
  bothHosts,
  daysAgo,
  daysAhead,
  holding,
  login,
  loginRequest,
  loginsOf,
  now,
  otherStep,
  owner,
  recordOf,
  tokenOf,
  unmanaged,
} from './stored-secret.ts'

const request: ReuseRequest = {
  ...loginRequest,
  clusters: ['c'],
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
  provided: undefined,
}

const INCOMPLETE = 'other hosts or another user'

describe('a stored credential', () => {
  it.each<[string, StoredSecret]>([
    ['of yesterday', holding({ mintedAt: daysAgo(1) })],
    ['just within `max-age`', holding({ mintedAt: new Date(daysAgo(30).getTime() + 1) })],
    ['of a clock that is ahead', holding({ mintedAt: daysAhead(0.001) })],
    ['with a fifth of its life left', holding({ mintedAt: daysAgo(4), expiresAt: daysAhead(1) })],
    [
      'next to entries of other hosts',
      holding({}, { entries: { ...holding({}).entries, 'c.example.com': login('other'), 'd.example.com': null } }),
    ],
    ['next to a record of another step', holding({}, { records: [otherStep, recordOf()] })],
    ['of a step that listed one more host', holding({ hosts: [...owner.hosts, 'c.example.com'] })],
    ['with an e-mail address', holding({}, { entries: bothHosts({ ...login(tokenOf('one')), email: 'a@b.c' }) })],
    ['with 50 scopes', holding({ scopes: scopesOf(50) })],
  ])('%s can be reused', (_, secret) => {
    const record = secret.records.find(({ tokenId }) => tokenId === 'one')
    expect(selectCandidates([secret], request, now)).toEqual({
      candidates: [
        {
          tokenId: 'one',
          mintedAt: record?.mintedAt,
          expiresAt: record?.expiresAt,
          logins: loginsOf(tokenOf('one')),
          isEverywhere: true,
        },
      ],
      skipReasons: [],
    })
  })

  it.each<[string, StoredSecret, string]>([
    ['of a month ago', holding({ mintedAt: daysAgo(30) }), 'older than `max-age`'],
    ['without a recorded time', holding({ mintedAt: undefined }), 'older than `max-age`'],
    [
      'with less than a fifth of its life left',
      holding({ mintedAt: daysAgo(4.1), expiresAt: daysAhead(1) }),
      'expires soon',
    ],
    ['that has expired', holding({ mintedAt: daysAgo(2), expiresAt: daysAgo(1) }), 'expires soon'],
    ['of another user', holding({}, { entries: bothHosts(login('x', 'iamapikey')) }), INCOMPLETE],
    ['without a user', holding({}, { entries: bothHosts({ password: 'x' }) }), INCOMPLETE],
    ['without a password', holding({}, { entries: bothHosts({ username: 'token' }) }), INCOMPLETE],
    ['with an empty password', holding({}, { entries: bothHosts(login('')) }), INCOMPLETE],
    ['for one of two hosts', holding({}, { entries: { 'a.example.com': login('x') } }), INCOMPLETE],
    [
      'with two passwords',
      holding({}, { entries: { 'a.example.com': login('x'), 'b.example.com': login('y') } }),
      INCOMPLETE,
    ],
    ['that cannot be read', holding({}, { entries: {} }), INCOMPLETE],
    ['in a list', holding({}, { entries: bothHosts(['token']) }), INCOMPLETE],
    ['with two records', holding({}, { records: [recordOf(), recordOf({ tokenId: 'two' })] }), INCOMPLETE],
    ['with a line break', holding({}, { entries: bothHosts(login('x\r\nhost: evil')) }), INCOMPLETE],
    ['with a character that no header can have', holding({}, { entries: bothHosts(login('pässword')) }), INCOMPLETE],
    ['that is too long for a header', holding({}, { entries: bothHosts(login('x'.repeat(8193))) }), INCOMPLETE],
    ['that is too short to be a secret', holding({}, { entries: bothHosts(login('x'.repeat(7))) }), INCOMPLETE],
    ['that is its id', holding({ tokenId: 'token-id' }, { entries: bothHosts(login('token-id')) }), INCOMPLETE],
    ['that is a host', holding({}, { entries: bothHosts(login('a.example.com')) }), INCOMPLETE],
    ['of other clusters', holding({ scopes: ['d n/pull', 'e,f n/pull'] }), 'not minted for all clusters of this run'],
    ['without a scope', holding({ scopes: [] }), 'not minted for all clusters of this run'],
    ['with too many scopes', holding({ scopes: scopesOf(51) }), 'the record of the stored credential is too long'],
    [
      'with scopes that are too long together',
      holding({ scopes: scopesOf(5, 'n'.repeat(4000)) }),
      'the record of the stored credential is too long',
    ],
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
    ['where only another step keeps hosts', [holding({}, { records: [otherStep] })]],
    ['of another repository', [holding({ repository: 'acme/other' })]],
    ['of another provider', [holding({ provider: 'static' })]],
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
  const provided = { ...request, maxAgeMs: 0, provided: loginsOf(tokenOf('one')) }

  it.each<[string, StoredSecret]>([
    ['whatever its age', holding({ mintedAt: daysAgo(400) })],
    ['however soon it expires', holding({ mintedAt: daysAgo(4), expiresAt: daysAhead(0.01) })],
    ['whatever its scopes', holding({ scopes: scopesOf(99) })],
    ['in clusters that its record does not name', holding({ scopes: ['d n/pull'] })],
  ])('the same one is reused, %s', (_, secret) => {
    expect(selectCandidates([secret], provided, now).candidates).toMatchObject([{ tokenId: 'one' }])
  })

  it.each(['e', 'e\na\no', '{\n}\n', 'x'.repeat(9000), 'one'])(
    'the same one is reused, whatever its form: %j',
    (password) => {
      const secret = holding({}, { entries: bothHosts(login(password)) })
      const one = { ...provided, provided: loginsOf(password) }
      const expected = { tokenId: 'one', logins: loginsOf(password) }
      expect(selectCandidates([secret], one, now).candidates).toMatchObject([expected])
      expect(candidateOf(secret, one)).toMatchObject(expected)
      expect(selectCandidates([secret], provided, now).skipReasons).toEqual(['a target holds another one'])
    },
  )

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
    expect(candidates.map(passwordOf)).toEqual(['new', 'middle', 'old'].map(tokenOf))
    expect(skipReasons).toEqual([])
  })

  it('with one id are one candidate for each value', () => {
    const forged = holding({ mintedAt: now }, { entries: bothHosts(login('forged-token')) })
    const { candidates } = selectCandidates([holding({}), forged, holding({})], request, now)
    expect(candidates).toMatchObject([
      { tokenId: 'one', logins: loginsOf('forged-token'), isEverywhere: false },
      { tokenId: 'one', logins: loginsOf(tokenOf('one')), isEverywhere: false },
    ])
  })

  it('with one value are one candidate for each id', () => {
    const forged = holding({ tokenId: 'forged', mintedAt: now }, { entries: holding({}).entries })
    const { candidates } = selectCandidates([holding({}), forged], request, now)
    expect(candidates).toMatchObject([
      { tokenId: 'forged', logins: loginsOf(tokenOf('one')), isEverywhere: false },
      { tokenId: 'one', logins: loginsOf(tokenOf('one')), isEverywhere: false },
    ])
  })

  it('can be reused from one target when another target holds a damaged copy', () => {
    const stored = [holding({}, { entries: {} }), holding({})]
    expect(selectCandidates(stored, request, now)).toMatchObject({
      candidates: [{ tokenId: 'one', isEverywhere: false }],
      skipReasons: [expect.stringContaining(INCOMPLETE)],
    })
  })

  it('are skipped for each reason once', () => {
    const stored = [daysAgo(40), daysAgo(50)].map((mintedAt, index) => holding({ tokenId: `id-${index}`, mintedAt }))
    const { skipReasons } = selectCandidates([...stored, holding({}, { entries: {} })], request, now)
    expect(skipReasons).toEqual([
      'a stored credential is for other hosts or another user',
      'the stored credential is older than `max-age`',
    ])
  })
})

describe('a credential in several targets', () => {
  it.each<[string, Stored[], boolean]>([
    ['when all targets hold it', [holding({}), holding({})], true],
    ['unless a target has no secret', [holding({}), absent], false],
    ['unless this action did not write the secret of a target', [holding({}), unmanaged], false],
    ['unless a target holds another one', [holding({}), holding({ tokenId: 'two', mintedAt: daysAgo(3) })], false],
    ['unless a target does not record it', [holding({}), holding({}, { records: [otherStep] })], false],
  ])('is everywhere %s', (_, stored, isEverywhere) => {
    const { candidates } = selectCandidates(stored, request, now)
    expect(candidates[0]).toMatchObject({ tokenId: 'one', isEverywhere })
  })

  it.each<[string, Stored[], string]>([
    [
      'was minted when the oldest record says so',
      [holding({ mintedAt: now }), holding({ mintedAt: daysAgo(31) })],
      'older than `max-age`',
    ],
    [
      'was minted when a record says so at all',
      [holding({ mintedAt: undefined }), holding({ mintedAt: daysAgo(31) })],
      'older than `max-age`',
    ],
    [
      'expires when the first record says so',
      [holding({ expiresAt: daysAhead(0.1) }), holding({ expiresAt: daysAhead(300) }), holding({})],
      'expires soon',
    ],
    [
      'has the scopes of all its records',
      [holding({ scopes: scopesOf(26, 'a') }), holding({ scopes: scopesOf(26, 'b') })],
      'the record of the stored credential is too long',
    ],
  ])('%s', (_, stored, reason) => {
    const skipReasons = [expect.stringContaining(reason)]
    for (const order of [stored, stored.toReversed()]) {
      expect(selectCandidates(order, request, now)).toEqual({ candidates: [], skipReasons })
    }
  })

  it('has the oldest time and the first expiry of all its records', () => {
    const stored = [
      holding({ mintedAt: daysAgo(1), expiresAt: daysAhead(20) }),
      holding({ mintedAt: daysAgo(2), expiresAt: daysAhead(40) }),
      holding({ mintedAt: undefined, expiresAt: undefined }),
    ]
    for (const order of [stored, stored.toReversed()]) {
      expect(selectCandidates(order, request, now).candidates).toMatchObject([
        { mintedAt: daysAgo(2), expiresAt: daysAhead(20), isEverywhere: true },
      ])
    }
  })
})

describe('what the issuer says of the mint of a candidate', () => {
  const candidate: Candidate = {
    tokenId: 'one',
    logins: loginsOf('x'),
    mintedAt: daysAgo(1),
    expiresAt: undefined,
    isEverywhere: false,
  }
  const mint = { scope: 'c n/pull', hosts: hostsText(owner.hosts), mintedAt: daysAgo(1) }

  it.each([
    ['the age that its secrets record', {}, {}, undefined],
    ['a greater age', {}, { mintedAt: daysAgo(31) }, 'older than `max-age`'],
    ['a smaller age', { mintedAt: daysAgo(31) }, {}, undefined],
    ['a mint for other clusters', {}, { scope: 'd n/pull' }, 'not minted for all clusters of this run'],
    ['a mint for more clusters', {}, { scope: 'b,c,d 3 pull sha256:ab' }, undefined],
    ['a mint for hosts of another step', {}, { hosts: 'b.example.com' }, 'minted for other hosts'],
    ['the start of a life that ends soon', { expiresAt: daysAhead(1) }, { mintedAt: daysAgo(5) }, 'expires soon'],
  ])('counts more than its secrets: %s', (_, changes, mintChanges, reason) => {
    const skipReason = mintSkipReason({ ...candidate, ...changes }, { ...mint, ...mintChanges }, { request, now })
    expect(skipReason).toEqual(reason && expect.stringContaining(reason))
  })
})

it('reads no credential from a secret that this action did not write', () => {
  expect(candidateOf(unmanaged, request)).toBeUndefined()
  expect(candidateOf(holding({}), { ...request, owner: { ...owner, hosts: [] } })).toBeUndefined()
  expect(candidateOf(holding({}), request)).toEqual({
    tokenId: 'one',
    logins: loginsOf(tokenOf('one')),
    mintedAt: daysAgo(1),
    expiresAt: undefined,
    isEverywhere: false,
  })
})

it.each<[string, StoredSecret, boolean]>([
  ['of its hosts', holding({}), true],
  ['whatever is recorded', holding({}, { ours: false, records: [] }), true],
  ['of one host only', holding({}, { entries: { 'a.example.com': login(tokenOf('one')) } }), false],
  ['of another user', holding({}, { entries: bothHosts(login(tokenOf('one'), 'jo')) }), false],
  ['with another value', holding({}, { entries: bothHosts(login('x')) }), false],
])('sees whether a secret holds the very credential: %s', (_, secret, expected) => {
  expect(holdsCredential(secret, { logins: loginsOf(tokenOf('one')) }, request)).toBe(expected)
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
    ['of an unknown time', [holding({ mintedAt: undefined })]],
    ['for other hosts', [holding({ mintedAt: now }, { entries: {} })]],
    ['of another step', [holding({ mintedAt: now, provider: 'static' })]],
    ['in a secret that this action did not write', [unmanaged]],
  ])('is none %s', (_, stored) => {
    expect(newerThan(own, stored, request)).toBeUndefined()
  })
})

/** So many scopes, all of the cluster of the run. */
function scopesOf(count: number, prefix = 'n'): string[] {
  return Array.from({ length: count }, (_, index) => `c ${prefix}-${index}/pull`)
}
