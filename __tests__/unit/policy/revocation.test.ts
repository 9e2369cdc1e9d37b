import { describe, expect, it } from 'vitest'
import type { Ownership } from '../../../src/issuer/issuer.ts'
import { type Evidence, type LiveToken, NO_EVIDENCE, type UnfinishedRotations } from '../../../src/policy/evidence.ts'
import { decideRevocation, type KeptToken, keepAll, type RevocationDecision } from '../../../src/policy/revocation.ts'
import { planRotation, type RotationPlan } from '../../../src/policy/rotation-plan.ts'
import { namedTokens } from '../../../src/policy/token-decision.ts'
import { hostsText } from '../../../src/policy/token-description.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import {
  absent,
  bothHosts,
  daysAgo,
  daysAhead,
  holding,
  login,
  loginRequest,
  loginsOf,
  otherStep,
  owner,
  recordOf,
  tokenOf,
} from './stored-secret.ts'

const here = 'c n/pull'
const elsewhere = 'c,d 3 pull sha256:ab'
/** The credential that every target holds. */
const current = { tokenId: 'new', mintedAt: daysAgo(0), logins: loginsOf(tokenOf('new')) }

const planOf = (...stored: Stored[]) => planRotation({ tokenId: 'new', scope: here, login: loginRequest }, stored)
/** A plan that supersedes the token `old`, which was written to these scopes. */
const old = (...scopes: string[]) => planOf(holding({ tokenId: 'old', scopes }))
/** A plan of a run that replaces nothing; its targets name these tokens as retained. */
const retaining = (...retained: string[]) => planOf(holding({ tokenId: 'new', retained }))

const mint = (changes: Partial<LiveToken> = {}): LiveToken => ({
  scope: here,
  hosts: hostsText(owner.hosts),
  mintedAt: daysAgo(10),
  description: 'of its mint',
  ...changes,
})
const live = (tokens: Readonly<Record<string, Partial<LiveToken>>>): Pick<Evidence, 'live'> => ({
  live: new Map(Object.entries(tokens).map(([id, changes]) => [id, mint(changes)])),
})
const owned = (ownership: Ownership): Pick<Evidence, 'ownership'> => ({ ownership: new Map([['old', ownership]]) })
const usage = (clusters: string[], holders: Record<string, string[]> = {}): Pick<Evidence, 'usage'> => ({
  usage: { clusters: new Set(clusters), holders: new Map(Object.entries(holders)) },
})
const unfinished = (changes: Partial<UnfinishedRotations>): Pick<Evidence, 'unfinished'> => ({
  unfinished: { count: 1, descriptions: [], isEnding: true, superseded: [], ...changes },
})
const failed = (...tokenIds: string[]): Pick<Evidence, 'failedHolders'> => ({
  failedHolders: [{ where: 'Namespace m in cluster c', tokenIds }],
})
const UNREADABLE: Pick<Evidence, 'failedHolders'> = {
  failedHolders: [{ where: 'Namespace m in cluster c', tokenIds: undefined }],
}
const CERTAIN = { isScopeCertain: true }

const decide = (plan: RotationPlan, ...parts: Partial<Evidence>[]) =>
  decideRevocation(plan, Object.assign({}, NO_EVIDENCE, ...parts), current)

const revoked = (...tokenIds: string[]): RevocationDecision => ({ revoke: tokenIds, keep: [] })
const IGNORED = revoked()
const kept = (reason: string, state?: KeptToken['state'], tokenId = 'old') => ({
  revoke: [],
  keep: [{ tokenId, reason: expect.stringContaining(reason), ...(state && { state }) }],
})

const UNCONFIRMED = 'its issuer does not confirm that this action minted it'
const CANNOT_SEE = 'this run cannot see whether they still hold it in cluster'

describe('a superseded token whose value its issuer confirms', () => {
  const confirmed = [owned('ours'), live({ old: {} })]

  it.each<[string, RotationPlan, Partial<Evidence>[]]>([
    ['was written to the targets of this run alone', old(here), confirmed],
    ['records no scope but that of its mint', old(), confirmed],
    [
      'has no other targets that still hold it',
      old(here, elsewhere),
      [owned('ours'), live({ old: { scope: elsewhere } }), usage(['c', 'd'], { new: ['c: n/pull'] })],
    ],
    [
      'was minted for other targets, which no longer hold it',
      old(here),
      [owned('ours'), live({ old: { scope: 'c 2 pull sha256:cd' } }), usage(['c'])],
    ],
    [
      'records a scope of clusters that it was not minted for',
      old(here, 'd n/pull', 'c,e 9 pull sha256:ef'),
      confirmed,
    ],
    ['is on no target that failed', old(here), [...confirmed, failed('other')]],
    ['is in no doubt about the clusters', old(here), [...confirmed, CERTAIN]],
    [
      'was minted for hosts that the step does not list any more',
      old(here),
      [owned('ours'), live({ old: { hosts: 'z.example.com' } })],
    ],
  ])('is revoked when it %s', (_, plan, evidence) => {
    expect(decide(plan, ...evidence)).toEqual(revoked('old'))
  })

  it.each<[string, RotationPlan, Partial<Evidence>[], ReturnType<typeof kept>]>([
    [
      'another secret still holds it',
      old(here),
      [...confirmed, usage(['c'], { old: ['c: x/pull'] })],
      kept('Secret c: x/pull still holds it', 'held'),
    ],
    [
      'it was written to clusters that are not seen',
      old(here, elsewhere),
      [owned('ours'), live({ old: { scope: elsewhere } }), usage(['c'])],
      kept(`${CANNOT_SEE} d`),
    ],
    [
      'its issuer says that it was minted for more than its secrets record',
      old(here),
      [owned('ours'), live({ old: { scope: 'c 2 pull sha256:cd' } })],
      kept(`${CANNOT_SEE} c`),
    ],
    [
      'its secrets record more than its issuer says',
      old(here, 'c 2 pull sha256:cd'),
      confirmed,
      kept(`${CANNOT_SEE} c`),
    ],
    [
      'a target that failed held it',
      old(here),
      [...confirmed, failed('other', 'old')],
      kept('Namespace m in cluster c failed and may still use it'),
    ],
    [
      'a target that cannot be read may hold it',
      old(here),
      [...confirmed, UNREADABLE],
      kept('Namespace m in cluster c failed and may still use it'),
    ],
    [
      'a target that failed held it, which is seen',
      old(here),
      [...confirmed, failed('old'), usage(['c'], { old: ['c: m/pull'] })],
      kept('Namespace m in cluster c failed and may still use it', 'held'),
    ],
  ])('is kept when %s', (_, plan, evidence, decision) => {
    expect(decide(plan, ...evidence)).toEqual(decision)
  })
})

describe('a superseded token', () => {
  it.each<[string, Partial<Evidence>[]]>([
    ['that its issuer does not have', [owned('gone'), live({})]],
    ['that its issuer does not have, whatever failed', [owned('gone'), live({}), UNREADABLE]],
  ])('%s is ignored', (_, evidence) => {
    expect(decide(old(here), ...evidence)).toEqual(IGNORED)
  })

  it.each<[string, Partial<Evidence>[]]>([
    ['that another action or person minted', [owned('foreign'), live({})]],
    ['with a forged value for the id of another', [owned('foreign'), live({ other: { mintedAt: daysAhead(1) } })]],
    ['that its issuer has, but not for this secret', [owned('ours'), live({ other: { mintedAt: daysAhead(1) } })]],
    ['that the issuer was not asked about', []],
    ['of which another id is ours', [{ ownership: new Map([['other', 'ours'] as const]) }]],
  ])('%s is never revoked', (_, evidence) => {
    const { revoke, keep } = decide(old(here), ...evidence)
    expect(revoke).toEqual([])
    expect(keep).toContainEqual({ tokenId: 'old', reason: UNCONFIRMED, state: 'foreign' })
  })

  it('is foreign where its issuer does not confirm it, whatever holds it', () => {
    const decision = decide(old(here), owned('foreign'), live({}), usage(['c'], { old: ['c: x/pull'] }))
    expect(decision).toEqual(kept(UNCONFIRMED, 'foreign'))
  })

  it('is foreign where its issuer does not confirm it, also when the targets hold its value under another id', () => {
    const forged = planOf(holding({ tokenId: 'old' }, { entries: bothHosts(login(tokenOf('new'))) }))
    expect(decide(forged, owned('foreign'), live({}), CERTAIN, usage(['c']))).toEqual(kept(UNCONFIRMED, 'foreign'))
  })

  it('is never revoked when the targets hold its value under another id', () => {
    const forged = planOf(holding({ tokenId: 'old' }, { entries: bothHosts(login(tokenOf('new'))) }))
    for (const ownership of ['ours', 'foreign', 'gone'] as const) {
      const decision = decide(forged, owned(ownership), live({ old: {} }), CERTAIN, usage(['c']))
      expect(decision).toEqual(kept('the targets still hold its value, under another id'))
    }
  })
})

describe.each<[string, RotationPlan, Partial<Evidence>[]]>([
  ['a superseded token whose stored value is damaged', old(here), [owned('foreign')]],
  ['a superseded token without a stored value', planOf(holding({ tokenId: 'old' }, { entries: {} })), []],
  ['a token that an unfinished rotation superseded', planOf(absent), [unfinished({ superseded: ['old'] })]],
])('%s', (_, plan, evidence) => {
  it.each<[string, Partial<Evidence>[], object]>([
    ['is revoked when its issuer says that it was minted for this', [CERTAIN], revoked('old')],
    ['is revoked when the clusters show that nothing holds it', [usage(['c'])], revoked('old')],
    ['is kept when the clusters are not certain and not seen', [], kept(`${CANNOT_SEE} c`)],
    [
      'is kept when another secret holds it',
      [CERTAIN, usage(['c'], { old: ['c: x/pull'] })],
      kept('Secret c: x/pull still holds it', 'held'),
    ],
    ['is kept when a target that failed may hold it', [CERTAIN, UNREADABLE], kept('Namespace m in cluster c failed')],
  ])('%s', (_name, more, decision) => {
    expect(decide(plan, live({ old: {} }), ...evidence, ...more)).toEqual(decision)
  })

  it('is kept when its issuer says that it was minted for other targets, until the clusters show that nothing holds it', () => {
    const more = [live({ old: { scope: 'c,d 3 pull sha256:ab' } }), CERTAIN]
    expect(decide(plan, ...evidence, ...more)).toEqual(kept(`${CANNOT_SEE} c`))
    expect(decide(plan, ...evidence, ...more, usage(['c']))).toEqual(kept(`${CANNOT_SEE} d`))
    expect(decide(plan, ...evidence, ...more, usage(['c', 'd']))).toEqual(revoked('old'))
  })

  it('is kept when a concurrent run minted it later, unless that run is ended first', () => {
    const later = live({ old: { mintedAt: daysAhead(0.001), description: 'of that run' } })
    expect(decide(plan, ...evidence, later, CERTAIN)).toEqual(
      kept('a concurrent run may be about to write it', 'in-progress'),
    )
    const ended = unfinished({ superseded: ['old'], descriptions: ['of that run'] })
    expect(decide(plan, ...evidence, later, CERTAIN, ended)).toEqual(revoked('old'))
  })
})

describe('a retained token', () => {
  it.each<[string, Partial<Evidence>[], object]>([
    ['is kept when the issuer was not asked', [usage(['c'])], kept('the issuer was not asked whether it is alive')],
    [
      'is kept without asking the issuer when another secret holds it',
      [usage(['c'], { old: ['c: x/pull'] })],
      kept('Secret c: x/pull still holds it', 'held'),
    ],
    ['is ignored when it is not alive', [live({}), CERTAIN], IGNORED],
    ['is revoked when the clusters show that nothing holds it', [live({ old: {} }), usage(['c'])], revoked('old')],
    [
      'is kept where they are not seen, although it was minted for this',
      [live({ old: {} }), CERTAIN],
      kept(`${CANNOT_SEE} c`),
    ],
    [
      'is kept when another secret holds it',
      [live({ old: {} }), usage(['c'], { old: ['c: x/pull', 'c: y/pull'] })],
      kept('Secret c: x/pull still holds it', 'held'),
    ],
    [
      'is kept when a target that failed held it',
      [live({ old: {} }), usage(['c']), failed('old')],
      kept('Namespace m in cluster c'),
    ],
  ])('%s', (_, evidence, decision) => {
    expect(decide(retaining('old'), ...evidence)).toEqual(decision)
  })
})

describe('a token that only the issuer knows of', () => {
  const replacing = planOf(holding({ tokenId: 'new' }))
  const first = planOf(absent)

  it.each<[string, RotationPlan, Partial<Evidence>[], object]>([
    ['is revoked', replacing, [live({ old: {} }), CERTAIN], revoked('old')],
    [
      'is revoked when it was minted at the same time: the request was sent twice',
      replacing,
      [live({ old: { mintedAt: current.mintedAt } }), CERTAIN],
      revoked('old'),
    ],
    [
      'is kept when it was minted later',
      replacing,
      [live({ old: { mintedAt: daysAhead(0.001) } }), CERTAIN],
      kept('a concurrent run may be about to write it', 'in-progress'),
    ],
    [
      'is revoked when it was minted later by a run that this one ends first',
      replacing,
      [live({ old: { mintedAt: daysAhead(0.001) } }), CERTAIN, unfinished({ descriptions: ['of its mint'] })],
      revoked('old'),
    ],
    [
      'is kept when another cluster may have the identity of this one',
      replacing,
      [live({ old: {} }), usage(['c'])],
      kept('another cluster may have the address of this one'),
    ],
    [
      'is kept when a target that cannot be read may hold it',
      replacing,
      [live({ old: {} }), CERTAIN, UNREADABLE],
      kept('Namespace m in cluster c failed'),
    ],
    ['is ignored when a secret holds it', replacing, [live({ old: {} }), CERTAIN, usage([], { old: ['x'] })], IGNORED],
    [
      'is kept where no target remembers what was retained and the clusters are not seen',
      first,
      [live({ old: {} }), CERTAIN],
      kept(`${CANNOT_SEE} c`),
    ],
    [
      'is revoked where no target remembers what was retained and the clusters are seen',
      first,
      [live({ old: {} }), CERTAIN, usage(['c'])],
      revoked('old'),
    ],
  ])('of this scope and these hosts %s', (_, plan, evidence, decision) => {
    expect(decide(plan, ...evidence)).toEqual(decision)
  })

  const justYoung = new Date(current.mintedAt.getTime() - 60 * 60_000)
  const justOld = new Date(justYoung.getTime() - 1)

  describe.each<[string, Partial<LiveToken>]>([
    ['of other hosts', { hosts: 'z.example.com' }],
    ['of a related scope', { scope: 'c m/pull' }],
    ['of a scope with another cluster', { scope: elsewhere }],
  ])('%s', (_, of) => {
    const seen = [CERTAIN, usage(['c', 'd'])]

    it.each<[string, Partial<LiveToken>, Partial<Evidence>[], object]>([
      ['is revoked when it is old and no secret holds it', {}, seen, revoked('old')],
      [
        'is revoked when it is more than an hour older than the current one',
        { mintedAt: justOld },
        seen,
        revoked('old'),
      ],
      ['is ignored when it is younger', { mintedAt: justYoung }, seen, IGNORED],
      ['is ignored when it is later', { mintedAt: daysAhead(1) }, seen, IGNORED],
      ['is ignored when a secret holds it', {}, [CERTAIN, usage(['c', 'd'], { old: ['c: x/pull'] })], IGNORED],
      ['is ignored when the clusters are not seen', {}, [CERTAIN], IGNORED],
      ['is ignored when another cluster may have their identity', {}, [usage(['c', 'd'])], IGNORED],
      [
        'is kept when a target that cannot be read may hold it',
        {},
        [...seen, UNREADABLE],
        kept('Namespace m in cluster c failed'),
      ],
    ])('%s', (_name, changes, evidence, decision) => {
      expect(decide(replacing, live({ old: { ...of, ...changes } }), ...evidence)).toEqual(decision)
    })
  })

  describe('of a related scope, whose mint a target records', () => {
    const related = { scope: 'c m/pull' }
    const later = { mintedAt: daysAhead(0.001) }
    const recorded = unfinished({ descriptions: ['of its mint'], isEnding: false })
    const ended = unfinished({ descriptions: ['of its mint'] })

    it.each<[string, Partial<LiveToken>, Partial<Evidence>[], object]>([
      ['is revoked at any age', { mintedAt: justYoung }, [recorded, CERTAIN, usage(['c'])], revoked('old')],
      ['is revoked although it is later when its run is ended', later, [ended, CERTAIN, usage(['c'])], revoked('old')],
      [
        'is kept when it is later otherwise',
        later,
        [recorded, CERTAIN, usage(['c'])],
        kept('a concurrent run', 'in-progress'),
      ],
      ['is kept when its cluster is not seen', {}, [recorded, CERTAIN], kept(`${CANNOT_SEE} c`)],
      ['is ignored when it is for other hosts', { hosts: 'z', mintedAt: justYoung }, [recorded, CERTAIN], IGNORED],
    ])('%s', (_name, changes, evidence, decision) => {
      expect(decide(replacing, live({ old: { ...related, ...changes } }), ...evidence)).toEqual(decision)
    })
  })

  it('is ignored when one of its clusters is not seen', () => {
    expect(decide(replacing, live({ old: { scope: elsewhere } }), CERTAIN, usage(['c']))).toEqual(IGNORED)
  })
})

describe('the token of another step that keeps other hosts in the same secret', () => {
  const theirs = { 'other-step': { hosts: 'c.example.com' } }
  const ownership = new Map([['other-step', 'ours'] as const])
  const stored = holding({}, { records: [recordOf({ tokenId: 'new' }), otherStep] })

  it.each<[string, RotationPlan, Partial<Evidence>[]]>([
    ['superseded', planOf(stored, holding({ tokenId: 'other-step' })), []],
    ['retained', planOf(stored, holding({ tokenId: 'new', retained: ['other-step'] })), []],
    ['superseded by an unfinished rotation', planOf(stored), [unfinished({ superseded: ['other-step'] })]],
  ])('is never revoked, although a tenant names it as %s', (_, plan, evidence) => {
    expect(decide(plan, { ownership }, live(theirs), CERTAIN, usage(['c']), ...evidence)).toEqual(IGNORED)
  })

  it('is no reason to hide a token that the issuer does not confirm', () => {
    const plan = planOf(stored, holding({ tokenId: 'other-step' }))
    expect(decide(plan, live({}), CERTAIN)).toEqual(kept(UNCONFIRMED, 'foreign', 'other-step'))
  })

  it('is no disguise: a token that was minted for the hosts of this step is revoked', () => {
    const plan = planOf(stored, holding({ tokenId: 'other-step' }))
    expect(decide(plan, { ownership }, live({ 'other-step': {} }))).toEqual(revoked('other-step'))
  })
})

describe('a decision', () => {
  it('is never about the credential that the targets hold, whatever names it', () => {
    const named = planOf(holding({ tokenId: 'new', retained: ['new'] }))
    const alive = live({ new: { scope: 'c m/pull' } })
    expect(decide(named, alive, CERTAIN, usage(['c']), unfinished({ superseded: ['new'] }))).toEqual(IGNORED)
  })

  it('is about each token once', () => {
    const plan = planOf(holding({ tokenId: 'old', retained: ['old', 'older'] }), holding({ tokenId: 'old' }))
    const tokens = live({ old: {}, older: {}, oldest: {}, new: {} })
    const evidence = [owned('ours'), tokens, CERTAIN, usage(['c']), unfinished({ superseded: ['older', 'old'] })]
    expect(decide(plan, ...evidence)).toEqual(revoked('old', 'older', 'oldest'))
  })

  it('is that nothing is known of any token without evidence', () => {
    const plan = planOf(holding({ tokenId: 'old', retained: ['older'] }))
    expect(decide(plan).revoke).toEqual([])
    expect(decide(plan).keep.map(({ tokenId }) => tokenId)).toEqual(['old', 'older'])
  })
})

describe('the tokens that targets name', () => {
  const plan = planOf(holding({ tokenId: 'old', retained: ['older', 'new'] }), holding({ tokenId: 'other' }))
  const { unfinished: rotations } = unfinished({ superseded: ['oldest', 'old', 'new'] })

  it('are those that are superseded, retained, or left by an unfinished rotation, each once', () => {
    expect(namedTokens(plan, rotations)).toEqual(['old', 'other', 'older', 'oldest'])
  })

  it('are all kept for one reason when nothing can be decided', () => {
    expect(keepAll(plan, rotations, 'why')).toEqual({
      revoke: [],
      keep: ['old', 'other', 'older', 'oldest'].map((tokenId) => ({ tokenId, reason: 'why' })),
    })
  })
})
