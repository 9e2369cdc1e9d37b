import { describe, expect, it } from 'vitest'
import { providedTokenId } from '../../../src/policy/credential.ts'
import { planRotation, refinePlan } from '../../../src/policy/rotation-plan.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import { absent, holding, login, tokenOf, unmanaged } from './stored-secret.ts'

const here = 'c n/pull'
const elsewhere = 'c,d 3 pull sha256:ab'
const rotation = { tokenId: 'new', scope: here, username: 'token' }
const plan = (...stored: Stored[]) => planRotation(rotation, stored)

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
  ])('never %s', (_, stored) => {
    expect(plan(...stored).superseded).toEqual([])
  })

  it('with each value once that stood next to its id for the user of the credential', () => {
    const entries = {
      'a.example.com': login(tokenOf('old')),
      'b.example.com': login('of another team', 'jo'),
      'c.example.com': login(''),
      'd.example.com': null,
    }
    const old = holding({ tokenId: 'old' }, { entries })
    const { superseded } = plan(absent, unmanaged, old, holding({ tokenId: 'forged' }, { entries }), old)
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
      holding({ tokenId: 'old', retained: ['new'] }),
      holding({ tokenId: providedTokenId('7'), scopes: [elsewhere] }),
    )
    expect(retained).toEqual([])
  })
})

it('knows whether any target has records of this action', () => {
  expect(plan(absent, unmanaged, holding({})).hasRecords).toBe(true)
  expect(plan(absent, unmanaged).hasRecords).toBe(false)
})

it('is refined by what the writes replaced', () => {
  const first = plan(holding({ tokenId: 'read' }))
  expect(refinePlan(first, [holding({ tokenId: 'written meanwhile' })])).toEqual(
    plan(holding({ tokenId: 'written meanwhile' })),
  )
})
