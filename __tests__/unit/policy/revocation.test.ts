import { describe, expect, it } from 'vitest'
import { candidateOf, chooseCandidates } from '../../../src/policy/reuse.ts'
import {
  claimsIn,
  describeMint,
  givenId,
  isRemembered,
  leftoversAmong,
  mintPrefix,
  objectionTo,
  scopesOf,
  sparedBy,
  supersededBy,
} from '../../../src/policy/revocation.ts'
import type { Provenance } from '../../../src/pull-secret/provenance.ts'
import type { Stored, StoredSecret } from '../../../src/pull-secret/read.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'

const DAY = 24 * 60 * 60 * 1000
const now = new Date('2026-11-23T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * DAY)
const ahead = (days: number) => ago(-days)

const wanted = {
  clusters: ['c'],
  servers: ['a.example.com', 'b.example.com'],
  username: 'token',
  maxAge: 30 * DAY,
  given: undefined,
}
const absent: Stored = { kind: 'absent' }

const tokenOf = (id: string) => signHs256({ jti: id }, 'secret')
/** What the issuer says to be ours. */
const ours = new Set(['one', 'old', 'older'])
const login = (password: string, username = 'token') => ({ username, password })

/** A secret of this action that holds a credential for both hosts, but for what a test changes. */
function holding(provenance: Partial<Provenance>, changes: Partial<StoredSecret> = {}): StoredSecret {
  const { tokenId = 'one' } = provenance
  const entry = { ...login(tokenOf(tokenId)), auth: 'not looked at' }
  return {
    kind: 'present',
    where: 'c: n/pull',
    type: 'kubernetes.io/dockerconfigjson',
    immutable: false,
    ours: true,
    managers: [],
    controller: undefined,
    resourceVersion: '1',
    labels: {},
    annotations: {},
    provenance: {
      tokenId,
      mintedAt: ago(1),
      expiresAt: undefined,
      run: '',
      scopes: ['c n/pull'],
      spared: [],
      ...provenance,
    },
    data: '',
    config: {},
    entries: { 'a.example.com': entry, 'b.example.com': entry },
    ...changes,
  }
}

const foreign = holding({}, { ours: false, provenance: undefined })

describe('a stored credential', () => {
  it.each<[string, StoredSecret]>([
    ['of yesterday', holding({ mintedAt: ago(1) })],
    ['that is just not too old', holding({ mintedAt: new Date(ago(30).getTime() + 1) })],
    ['of a clock that is ahead', holding({ mintedAt: ahead(1) })],
    ['with a fifth of its life left', holding({ mintedAt: ago(4), expiresAt: ahead(1) })],
    [
      'beside entries of other hosts',
      holding({}, { entries: { ...holding({}).entries, 'c.example.com': login('other'), 'd.example.com': null } }),
    ],
    ['with an e-mail address', holding({}, { entries: bothHosts({ ...login(tokenOf('one')), email: 'a@b.c' }) })],
  ])('%s can be kept', (_, secret) => {
    const { candidates, reason } = chooseCandidates([secret], wanted, now)
    expect(candidates).toEqual([
      {
        tokenId: 'one',
        mintedAt: secret.provenance?.mintedAt,
        expiresAt: secret.provenance?.expiresAt,
        password: tokenOf('one'),
      },
    ])
    expect(reason).toBe('')
  })

  it.each<[string, StoredSecret, string]>([
    ['of a month ago', holding({ mintedAt: ago(30) }), 'older than `max-age`'],
    ['whose time nobody recorded', holding({ mintedAt: new Date(0) }), 'older than `max-age`'],
    ['with less than a fifth of its life left', holding({ mintedAt: ago(4.1), expiresAt: ahead(1) }), 'ends soon'],
    ['that has ended', holding({ mintedAt: ago(2), expiresAt: ago(1) }), 'ends soon'],
    ['of another user', holding({}, { entries: bothHosts(login('x', 'iamapikey')) }), 'other hosts or another user'],
    ['of nobody', holding({}, { entries: bothHosts({ password: 'x' }) }), 'other hosts or another user'],
    ['without a password', holding({}, { entries: bothHosts({ username: 'token' }) }), 'other hosts or another user'],
    ['with an empty one', holding({}, { entries: bothHosts(login('')) }), 'other hosts or another user'],
    ['for one of two hosts', holding({}, { entries: { 'a.example.com': login('x') } }), 'other hosts or another user'],
    [
      'with two passwords',
      holding({}, { entries: { 'a.example.com': login('x'), 'b.example.com': login('y') } }),
      'other hosts or another user',
    ],
    ['that cannot be read', holding({}, { entries: {} }), 'other hosts or another user'],
    ['of other clusters', holding({ scopes: ['d n/pull', 'e,f n/pull'] }), 'not minted for all clusters of this run'],
    ['in a list', holding({}, { entries: bothHosts(['token']) }), 'other hosts or another user'],
  ])('%s cannot be kept', (_, secret, reason) => {
    expect(chooseCandidates([secret], wanted, now)).toEqual({
      candidates: [],
      reason: expect.stringContaining(reason),
    })
  })

  it.each<[string, Stored[]]>([
    ['nowhere', []],
    ['in no target', [absent, absent]],
    ['in secrets of others only', [foreign]],
  ])('is %s', (_, stored) => {
    expect(chooseCandidates(stored, wanted, now)).toEqual({
      candidates: [],
      reason: 'no target holds a credential of this action yet',
    })
  })

  it('is never kept with a `max-age` of 0, however young', () => {
    const stored = [holding({ mintedAt: now }), holding({ mintedAt: ahead(1) })]
    expect(chooseCandidates(stored, { ...wanted, maxAge: 0 }, now)).toEqual({
      candidates: [],
      reason: '`max-age` is 0',
    })
  })
})

describe('beside a credential that the workflow gives', () => {
  const given = { ...wanted, maxAge: 0, given: tokenOf('one') }

  it.each<[string, StoredSecret]>([
    ['however old it is', holding({ mintedAt: ago(400) })],
    ['however soon it ends', holding({ mintedAt: ago(4), expiresAt: ahead(0.01) })],
  ])('the same one is kept, %s', (_, secret) => {
    expect(chooseCandidates([secret], given, now).candidates).toMatchObject([{ tokenId: 'one' }])
  })

  it('no other one is kept, however young', () => {
    expect(chooseCandidates([holding({ tokenId: 'other' })], given, now)).toEqual({
      candidates: [],
      reason: 'a target holds another one',
    })
  })
})

describe('several stored credentials', () => {
  it('are tried newest first, each once, past the targets that lack them', () => {
    const stored = [
      holding({ tokenId: 'old', mintedAt: ago(3) }),
      absent,
      holding({ tokenId: 'new', mintedAt: ago(1) }),
      foreign,
      holding({ tokenId: 'middle', mintedAt: ago(2) }),
      holding({ tokenId: 'new', mintedAt: ago(1) }),
    ]
    const { candidates, reason } = chooseCandidates(stored, wanted, now)
    expect(candidates.map(({ tokenId }) => tokenId)).toEqual(['new', 'middle', 'old'])
    expect(candidates.map(({ password }) => password)).toEqual(['new', 'middle', 'old'].map(tokenOf))
    expect(reason).toBe('')
  })

  it('may be kept from one target although another one holds it spoilt', () => {
    const stored = [holding({}, { entries: {} }), holding({})]
    expect(chooseCandidates(stored, wanted, now).candidates).toHaveLength(1)
  })

  it('tell each reason once', () => {
    const stored = [ago(40), ago(50)].map((mintedAt) => holding({ mintedAt }))
    const { reason } = chooseCandidates([...stored, holding({}, { entries: {} })], wanted, now)
    expect(reason).toBe(
      'the stored credential is older than `max-age`, a stored credential is for other hosts or another user',
    )
  })
})

it('reads no credential out of a secret of others', () => {
  expect(candidateOf(foreign, wanted)).toBeUndefined()
  expect(candidateOf(holding({}), { ...wanted, servers: [] })).toBeUndefined()
})

describe('a credential is superseded', () => {
  it('by the one that its target holds now, with all that it was written to', () => {
    const stored = [
      holding({ tokenId: 'new' }),
      holding({ tokenId: 'old', scopes: ['c n/pull'] }),
      holding({ tokenId: 'older', scopes: ['c n/pull'] }),
      holding({ tokenId: 'old', scopes: ['c,d 2 pull sha256:ab'] }),
      holding({ tokenId: 'old', scopes: ['c n/pull'] }),
    ]
    expect(supersededBy('new', stored, ours)).toEqual([
      { tokenId: 'old', scopes: new Set(['c n/pull', 'c,d 2 pull sha256:ab']), isProven: true },
      { tokenId: 'older', scopes: new Set(['c n/pull']), isProven: true },
    ])
  })

  it('and is proven when its issuer says that it is ours', () => {
    expect(supersededBy('new', [holding({})], ours)).toMatchObject([{ tokenId: 'one', isProven: true }])
    expect(supersededBy('new', [holding({})], new Set(['other']))).toMatchObject([{ tokenId: 'one', isProven: false }])
  })

  it.each<[string, Stored[]]>([
    ['when nothing was there', [absent]],
    ['when it is somebody else’s', [foreign]],
    ['by itself', [holding({ tokenId: 'new' })]],
    ['when the workflow gave it', [holding({ tokenId: givenId('7') })]],
  ])('never %s', (_, stored) => {
    expect(supersededBy('new', stored, ours)).toEqual([])
  })
})

it('is asked of its issuer once, by what its secrets recorded and held for its own user name', () => {
  const entries = {
    'a.example.com': login(tokenOf('old')),
    'b.example.com': login('of another team', 'jo'),
    'c.example.com': login(''),
    'd.example.com': null,
  }
  const old = holding({ tokenId: 'old' }, { entries })
  const lying = holding({ tokenId: 'lie' }, { entries })
  expect(claimsIn('new', [absent, foreign, holding({ tokenId: 'new' }), old, lying, old], 'token')).toEqual([
    { id: 'old', value: tokenOf('old') },
    { id: 'lie', value: tokenOf('old') },
  ])
})

describe('a superseded credential', () => {
  const census = (clusters: string[], holders: Record<string, string[]> = {}) => ({
    clusters: new Set(clusters),
    holders: new Map(Object.entries(holders)),
  })
  const here = 'c n/pull'
  const elsewhere = 'c,d 3 pull sha256:ab'
  const old = (...scopes: string[]) => ({ tokenId: 'old', scopes: new Set(scopes), isProven: true })

  it.each([
    ['that was written to this run’s targets alone', old(here), census([])],
    ['whose other targets are all seen without it', old(here, elsewhere), census(['c', 'd'], { new: ['c: n/pull'] })],
  ])('%s may be revoked', (_, one, seen) => {
    expect(objectionTo(one, here, seen)).toBeUndefined()
  })

  it.each([
    [
      'that another secret holds',
      old(elsewhere),
      census(['c', 'd'], { old: ['d: x/pull'] }),
      'the secret d: x/pull still',
    ],
    ['whose other targets are not all seen', old(here, elsewhere), census(['c']), 'cannot be seen in the cluster d'],
    ['whose other targets nobody asked for', old(elsewhere), census([]), 'cannot be seen in the cluster c'],
    ['whose targets nobody recorded', old(''), census(['c']), 'cannot be seen'],
    [
      'whose id nobody has proven',
      { ...old(here), isProven: false },
      census(['c']),
      'nothing shows that this provider minted it',
    ],
  ])('%s stays alive', (_, one, seen, objection) => {
    expect(objectionTo(one, here, seen)).toContain(objection)
  })
})

describe('what is recorded of a credential', () => {
  it('is all that it was ever written to, and never gets less', () => {
    const stored = [
      absent,
      foreign,
      holding({ scopes: ['b', 'c'] }),
      holding({ scopes: ['a'] }),
      holding({ tokenId: 'old', scopes: ['d'] }),
    ]
    expect(scopesOf('one', stored, 'b')).toEqual(['a', 'b', 'c'])
    expect(scopesOf('new', stored, 'b')).toEqual(['b'])
  })
})

describe('what a run spares', () => {
  const here = 'c n/pull'
  const elsewhere = 'c,d 3 pull sha256:ab'

  it('is what it replaces and was written to other targets too, and what the runs before it spared', () => {
    const stored = [
      absent,
      foreign,
      holding({ tokenId: 'far', scopes: [elsewhere] }),
      holding({ tokenId: 'near', scopes: [here], spared: ['older', 'oldest'] }),
      holding({ tokenId: 'far', scopes: [elsewhere], spared: ['older'] }),
    ]
    expect(sparedBy('new', stored, here)).toEqual(['far', 'older', 'oldest'])
  })

  it('is never the credential that the targets hold now, nor one that a workflow gave', () => {
    const stored = [
      holding({ tokenId: 'new', scopes: [elsewhere] }),
      holding({ tokenId: 'old', spared: ['new'] }),
      holding({ tokenId: givenId('7'), scopes: [elsewhere] }),
    ]
    expect(sparedBy('new', stored, here)).toEqual([])
  })

  it('is remembered by any target that this action wrote', () => {
    expect(isRemembered([absent, foreign, holding({})])).toBe(true)
    expect(isRemembered([absent, foreign])).toBe(false)
  })
})

describe('a live token that no target holds', () => {
  const prefix = mintPrefix('registry-pull-secret o/r pull', 'c n/pull')
  const minted = (days: number, unique = 'ab12') => ({
    id: String(days),
    description: describeMint(prefix, '17-1', ago(days), unique),
  })

  it('is described by whose it is, what for, which run, when, and what nobody else has', () => {
    expect(minted(1).description).toBe('registry-pull-secret o/r pull [c n/pull] 17-1 2026-11-22T12:00:00.000Z ab12')
    expect(describeMint(mintPrefix('mine', ''), '', now, 'ab12')).toBe('mine 2026-11-23T12:00:00.000Z ab12')
  })

  it('was left by a killed run when it was minted for the same scope, and earlier', () => {
    const tokens = [minted(3), minted(1), minted(-1)]
    expect(leftoversAmong(tokens, prefix, now)).toEqual(['3', '1'])
  })

  it('was left by this run itself when its mint was sent twice', () => {
    expect(leftoversAmong([minted(0)], prefix, now)).toEqual(['0'])
  })

  it.each([
    ['of another scope', describeMint(mintPrefix('registry-pull-secret o/r pull', 'c n/pull2'), '', ago(1), 'ab12')],
    [
      'of another beginning',
      describeMint(mintPrefix('registry-pull-secret o/r2 pull', 'c n/pull'), '', ago(1), 'ab12'),
    ],
    ['that somebody described by hand', `${prefix}by hand`],
    ['without a time', prefix],
    ['without a description', ''],
  ])('%s is not ours to sweep', (_, description) => {
    expect(leftoversAmong([{ id: 'x', description }], prefix, now)).toEqual([])
  })
})

function bothHosts(entry: unknown): Record<string, unknown> {
  return { 'a.example.com': entry, 'b.example.com': entry }
}
