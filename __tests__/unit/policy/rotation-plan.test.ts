import { describe, expect, it } from 'vitest'
import { providedTokenId } from '../../../src/policy/credential.ts'
import { planRotation, type Rotation, refinePlan } from '../../../src/policy/rotation-plan.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import type { CredentialRecord } from '../../../src/pull-secret/record.ts'
import { absent, holding, login, loginRequest, otherStep, recordOf, tokenOf, unmanaged } from './stored-secret.ts'

const here = 'c n/pull'
const elsewhere = 'c,d 3 pull sha256:ab'
const rotation: Rotation = { tokenId: 'new', scope: here, login: loginRequest }
const plan = (...stored: Stored[]) => planRotation(rotation, stored)

/** Records of other steps, which keep other hosts, and of other owners, which keep a host of this step. */
const foreign: [string, Partial<CredentialRecord>][] = [
  ['another step', { ...otherStep, scopes: [elsewhere], retained: ['older'] }],
  ['another step of the same provider', { hosts: ['c.example.com'], scopes: [elsewhere], retained: ['older'] }],
  ['another repository', { repository: 'acme/other', scopes: [elsewhere], retained: ['older'] }],
  ['another provider', { provider: 'static', scopes: [elsewhere], retained: ['older'] }],
]

describe('a credential is superseded', () => {
  it('by the one that its target is to hold, with everything that it was written to', () => {
    const { superseded } = plan(
      holding({ tokenId: 'new' }),
      holding({ tokenId: 'old', scopes: [here] }),
      holding({ tokenId: 'older', scopes: [here] }),
      holding({ tokenId: 'old', scopes: [elsewhere] }),
      holding({ tokenId: 'old', scopes: [here] }),
    )
    expect(superseded).toMatchObject([
      { tokenId: 'old', scopes: [here, elsewhere] },
      { tokenId: 'older', scopes: [here] },
    ])
  })

  it.each<[string, Stored[]]>([
    ['when nothing was stored', [absent]],
    ['when this action did not write the secret', [unmanaged]],
    ['by itself', [holding({ tokenId: 'new' })]],
    ['when the workflow provided it', [holding({ tokenId: providedTokenId('7') })]],
    ...foreign.map(([name, record]): [string, Stored[]] => [`when it is of ${name}`, [holding(record)]]),
  ])('never %s', (_, stored) => {
    expect(plan(...stored).superseded).toEqual([])
  })

  it('also when its record has one of the hosts only', () => {
    const records = [recordOf({ tokenId: 'a', hosts: ['a.example.com'] }), recordOf({ tokenId: 'b' }), otherStep]
    const entries = { 'a.example.com': login('of a'), 'b.example.com': login('of b'), 'c.example.com': login('of c') }
    expect(plan(holding({}, { records, entries })).superseded).toMatchObject([
      { tokenId: 'a', references: [{ id: 'a', value: 'of a' }] },
      {
        tokenId: 'b',
        references: [
          { id: 'b', value: 'of a' },
          { id: 'b', value: 'of b' },
        ],
      },
    ])
  })

  it('with each value once that its hosts hold for the user of the credential', () => {
    const entries = {
      'a.example.com': login(tokenOf('old')),
      'b.example.com': login('of another team', 'jo'),
      'c.example.com': login(''),
      'd.example.com': null,
      'e.example.com': login('of another step'),
    }
    const hosts = ['a.example.com', 'b.example.com', 'c.example.com', 'd.example.com']
    const old = holding({ tokenId: 'old', hosts }, { entries })
    const { superseded } = plan(absent, unmanaged, old, holding({ tokenId: 'forged', hosts }, { entries }), old)
    expect(superseded.flatMap(({ references }) => references)).toEqual([
      { id: 'old', value: tokenOf('old') },
      { id: 'forged', value: tokenOf('old') },
    ])
  })
})

describe('the scopes of a credential', () => {
  it('are everything that it was ever written to', () => {
    const stored = [
      absent,
      unmanaged,
      holding({ tokenId: 'new', scopes: ['b', 'c'] }),
      holding({ tokenId: 'new', scopes: ['a'] }),
      holding({ tokenId: 'old', scopes: ['d'] }),
      holding({ ...otherStep, tokenId: 'new', scopes: ['e'] }),
    ]
    expect(planRotation({ ...rotation, scope: 'b' }, stored).scopes).toEqual(['a', 'b', 'c'])
    expect(planRotation({ ...rotation, tokenId: 'newest', scope: 'b' }, stored).scopes).toEqual(['b'])
  })
})

describe('retained', () => {
  it('are superseded credentials of other targets, and those that earlier runs retained', () => {
    const { retained } = plan(
      absent,
      unmanaged,
      holding({ tokenId: 'far', scopes: [elsewhere] }),
      holding({ tokenId: 'near', scopes: [here], retained: ['older', 'oldest'] }),
      holding({ tokenId: 'far', scopes: [elsewhere], retained: ['older'] }),
    )
    expect(retained).toEqual(['far', 'older', 'oldest'])
  })

  it('is neither the credential that the targets are to hold nor a provided one', () => {
    const { retained } = plan(
      holding({ tokenId: 'new', scopes: [elsewhere] }),
      holding({ tokenId: 'old', retained: ['new', providedTokenId('8')] }),
      holding({ tokenId: providedTokenId('7'), scopes: [elsewhere] }),
    )
    expect(retained).toEqual([])
  })

  it.each(foreign)('is nothing that %s records', (_, record) => {
    expect(plan(holding(record)).retained).toEqual([])
  })

  it('are no more than 100, the same ones in every run', () => {
    const ids = Array.from({ length: 120 }, (_, index) => `id-${1000 + index}`)
    const stored = [holding({ retained: ids.slice(0, 70) }), holding({ retained: ids.slice(50) })]
    expect(plan(...stored).retained).toEqual(ids.slice(0, 100))
    expect(plan(...stored.toReversed()).retained).toEqual(ids.slice(0, 100))
  })
})

it('knows whether any target has records of this step', () => {
  expect(plan(absent, unmanaged, holding({})).hasRecords).toBe(true)
  expect(plan(absent, unmanaged, ...foreign.map(([, record]) => holding(record))).hasRecords).toBe(false)
})

it('knows the credentials of other steps, each once', () => {
  const records = [otherStep, recordOf({ tokenId: 'old' })]
  const stored = [
    absent,
    unmanaged,
    holding({}, { records }),
    holding({}, { records }),
    holding({ provider: 'static' }),
  ]
  expect(plan(...stored).heldByOthers).toEqual(['other-step', 'one'])
})

it('is refined by what the writes replaced', () => {
  const first = plan(holding({ tokenId: 'read' }))
  expect(refinePlan(first, [holding({ tokenId: 'written meanwhile' })])).toEqual(
    plan(holding({ tokenId: 'written meanwhile' })),
  )
})
