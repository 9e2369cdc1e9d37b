// A rotation that is recorded before its mint, and other runs that find it, their phases interleaved by the test.
import { describe, expect, it } from 'vitest'
import type { RunContext } from '../../../src/run/context.ts'
import { type AcquiredCredential, acquireCredential } from '../../../src/run/credential.ts'
import { type Distribution, distribute } from '../../../src/run/distribute.ts'
import { run } from '../../../src/run/main.ts'
import { observe } from '../../../src/run/observe.ts'
import type { OwnershipCheck } from '../../../src/run/ownership.ts'
import { findReusable } from '../../../src/run/reusable.ts'
import { revokeSuperseded } from '../../../src/run/revoke.ts'
import type { Fault } from '../../support/http/faults.ts'
import { changedRecord, pendingOf } from '../../support/records.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { FakeClock, type Harness, SECRET, startHarness } from './harness.ts'

const MINUTE_MS = 60_000

const rotate = { 'max-age': '0' }

/** All that a run does before its first write: one that mints has recorded its rotation then. */
async function acquire(context: RunContext): Promise<AcquiredCredential> {
  const targets = await observe(context)
  return await acquireCredential(context, targets, await findReusable(context, targets))
}

/** What a run does after it has written its targets. */
async function revoke(context: RunContext, distribution: Distribution) {
  if (distribution.status !== 'distributed') throw new Error(`It is ${distribution.status}`)
  return await revokeSuperseded(context, distribution, false)
}

interface Runs {
  /** What all targets hold at first. */
  readonly storedId: string
  /** It rotates. */
  readonly first: RunContext
  /** It starts a second later, by its clock. */
  second(inputs?: Readonly<Record<string, string>>, laterMs?: number): Promise<RunContext>
}

async function startRuns(harness: Harness): Promise<Runs> {
  const start = Date.now()
  await run(await harness.context({}, new FakeClock(start)))
  return {
    storedId: harness.ibm.liveTokens()[0]?.id ?? '',
    first: await harness.context(rotate, new FakeClock(start + 1000)),
    second: (inputs, laterMs = 1000) => harness.context(inputs, new FakeClock(start + 1000 + laterMs)),
  }
}

const liveIds = ({ ibm }: Harness) => ibm.liveTokens().map(({ id }) => id)

const heldInAll = ({ namespaces, heldIn }: Harness) => Promise.all(namespaces.map(heldIn))

/** The rotations that all targets record. */
async function pendingIn({ namespaces, kube }: Harness) {
  const secrets = namespaces.map((name) => kube.request('GET', `/api/v1/namespaces/${name}/secrets/${SECRET}`))
  return (await Promise.all(secrets)).flatMap(({ body }) => pendingOf(body))
}

function withMember<K extends keyof OwnershipCheck>(check: OwnershipCheck, name: K, member: OwnershipCheck[K]) {
  return new Proxy(check, {
    get: (_, key) => {
      const own = Reflect.get(check, key, check)
      return key === name ? member : typeof own === 'function' ? own.bind(check) : own
    },
  })
}

/** Every target holds this token, no other is alive, and nothing is left to do. */
async function expectOnly(harness: Harness, id: string | undefined) {
  expect(liveIds(harness)).toEqual([id])
  expect(await heldInAll(harness)).toEqual(harness.namespaces.map(() => id))
  expect(await pendingIn(harness)).toEqual([])
}

/** Writes of the pull secret, and not of the pending rotation. */
function failWrites({ kube }: Harness, namespace: string | undefined, fault: Fault) {
  return kube.faults.add({
    when: ({ method, path, headers }) =>
      method === 'PATCH' && path.includes(`/${namespace}/`) && `${headers['content-type']}`.includes('apply'),
    fault,
    times: 100,
  })
}

describe('a pending rotation', () => {
  it('is recorded in one target before the mint, with its description and what it supersedes', async () => {
    await using harness = await startHarness(2)
    const { storedId, first } = await startRuns(harness)
    const { pendingKey } = await acquire(first)
    const [, minted] = harness.ibm.liveTokens()
    expect(await pendingIn(harness)).toMatchObject([
      { key: pendingKey, descriptions: [minted?.description], superseded: [storedId] },
    ])
  })

  it('is recorded in another target when the first one cannot be written', async () => {
    await using harness = await startHarness(2)
    const { first } = await startRuns(harness)
    const refused = harness.kube.faults.add({
      when: ({ method, headers }) => method === 'PATCH' && `${headers['content-type']}`.includes('merge-patch'),
      fault: { kind: 'status', status: 403, body: '{}' },
    })
    const acquired = await acquire(first)
    expect(refused.met).toBe(1)
    expect(await pendingIn(harness)).toMatchObject([{ key: acquired.pendingKey }])
    await revoke(first, await distribute(first, acquired))
    await expectOnly(harness, acquired.verified.credential.tokenId)
  })

  it('does not keep the other targets from the new token when its target cannot be written', async () => {
    await using harness = await startHarness(3)
    const { storedId, first } = await startRuns(harness)
    const [marked] = harness.namespaces
    failWrites(harness, marked, { kind: 'status', status: 403, body: '{}' })

    const errors = await run(first)

    expect(errors).toMatchObject([{ code: 'cluster-access-denied', details: { namespace: marked } }])
    const [, minted] = harness.ibm.liveTokens()
    expect(await heldInAll(harness)).toEqual([storedId, minted?.id, minted?.id])
    expect(liveIds(harness)).toEqual([storedId, minted?.id])
  })
})

describe('a run that reuses and finds the rotation of a concurrent run', () => {
  it('ends it before the first write: the other run revokes its token and mints another one', async () => {
    await using harness = await startHarness(3)
    const { storedId, first, second } = await startRuns(harness)
    const acquired = await acquire(first)

    expect(await run(await second())).toEqual([])
    await expectOnly(harness, storedId)
    const distribution = await distribute(first, acquired)

    const { tokenId } = acquired.verified.credential
    expect(distribution).toMatchObject({ status: 'distributed', credential: { origin: 'minted' }, errors: [] })
    expect(liveIds(harness)).not.toContain(tokenId)
    expect(await revoke(first, distribution)).toEqual([])
    const [current] = harness.ibm.liveTokens()
    expect([storedId, tokenId]).not.toContain(current?.id)
    await expectOnly(harness, current?.id ?? '')
    expect(await pendingIn(harness)).toEqual([])
    expect(await harness.ibm.pullsWith('token', current?.value ?? '')).toBe(200)
  })

  it('ends it, also when the first write of the other run fails for another reason', async () => {
    await using harness = await startHarness(3)
    const { first, second } = await startRuns(harness)
    const acquired = await acquire(first)
    expect(await run(await second())).toEqual([])
    const [marked, ...others] = harness.namespaces
    failWrites(harness, marked, { kind: 'status', status: 403, body: '{}' })

    const distribution = await distribute(first, acquired)

    // No target got the token that may have been revoked.
    expect(distribution).toMatchObject({ errors: [{ code: 'cluster-access-denied', details: { namespace: marked } }] })
    expect(liveIds(harness)).not.toContain(acquired.verified.credential.tokenId)
    for (const namespace of others) expect(liveIds(harness)).toContain(await harness.heldIn(namespace))
  })

  it.each(['may', 'may not'])('does not end it after its first write when its user %s list secrets', async (may) => {
    await using harness = await startHarness(3)
    const { storedId, first, second } = await startRuns(harness)
    const acquired = await acquire(first)
    const reusing = await second()
    const reused = await acquire(reusing)
    expect(reused.verified.credential.tokenId).toBe(storedId)
    const [, ...others] = harness.namespaces
    for (const namespace of others) failWrites(harness, namespace, { kind: 'status', status: 403, body: '{}' })
    const partial = await distribute(first, acquired)
    harness.kube.faults.clear()
    if (may === 'may not') {
      const when = { method: 'GET', path: '/api/v1/secrets' }
      harness.kube.faults.add({ when, fault: { kind: 'status', status: 403, body: '{}' } })
    }

    expect(await revoke(reusing, await distribute(reusing, reused))).toEqual([])
    harness.kube.faults.clear()

    const mintedId = acquired.verified.credential.tokenId
    expect(liveIds(harness)).toEqual([storedId, mintedId])
    expect(await heldInAll(harness)).toEqual([mintedId, storedId, storedId])
    await revoke(first, partial)
    expect(liveIds(harness)).toEqual([storedId, mintedId])

    // The next run finishes it.
    expect(await run(await second())).toEqual([])
    await expectOnly(harness, mintedId)
  })

  it('continues with the new token when the first target holds it', async () => {
    await using harness = await startHarness(3)
    const { first, second } = await startRuns(harness)
    const acquired = await acquire(first)
    const mintedId = acquired.verified.credential.tokenId
    const [marked] = harness.namespaces
    let other: readonly unknown[] = []
    const [, ...others] = harness.namespaces
    for (const namespace of others) failWrites(harness, namespace, { kind: 'reset-before' })
    const partial = await distribute(first, acquired)
    harness.kube.faults.clear()
    expect(await harness.heldIn(marked ?? '')).toBe(mintedId)

    other = await run(await second())

    expect(other).toEqual([])
    await expectOnly(harness, mintedId)
    // Its other targets failed, so it leaves the old token to the next run, which finds it gone.
    await revoke(first, partial)
    expect(liveIds(harness)).toEqual([mintedId])
    expect(await heldInAll(harness)).toEqual(harness.namespaces.map(() => mintedId))
  })

  it('leaves it when no token was minted yet, and the other run goes on', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await startRuns(harness)
    const [marked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const issuer = async () => {
      marked.resolve()
      await gate.promise
      return await first.issuer()
    }
    const rotation = run({ ...first, issuer })
    await marked.promise
    const before = await pendingIn(harness)
    expect(before).toHaveLength(1)

    expect(await run(await second())).toEqual([])
    expect(await pendingIn(harness)).toEqual(before)
    gate.resolve()

    expect(await rotation).toEqual([])
    await expectOnly(harness, liveIds(harness)[0])
    expect(harness.ibm.tokens()).toMatchObject([{ revoked: true }, { revoked: false }])
  })

  it.each([
    [14, 1],
    [16, 0],
  ])('that is %d minutes old, without a token, records %d rotations afterwards', async (minutes, count) => {
    await using harness = await startHarness(2)
    const { storedId, first, second } = await startRuns(harness)
    const session = async () => Promise.reject(new Error('killed'))
    const issuer = session
    await expect(run({ ...first, issuer })).rejects.toThrow('killed')
    expect(await pendingIn(harness)).toHaveLength(1)

    expect(await run(await second({}, minutes * MINUTE_MS))).toEqual([])

    expect(await pendingIn(harness)).toHaveLength(count)
    expect(liveIds(harness)).toEqual([storedId])
  })

  it('ends it, and the other run goes on when no stored token works any more', async () => {
    await using harness = await startHarness(2)
    const { storedId, first, second } = await startRuns(harness)
    const acquired = await acquire(first)
    expect(await run(await second())).toEqual([])
    harness.ibm.revokeToken(storedId)

    expect(await distribute(first, acquired)).toMatchObject({ status: 'distributed', errors: [] })

    const [current] = harness.ibm.liveTokens()
    expect(await heldInAll(harness)).toEqual([current?.id, current?.id])
  })
})

it.each([true, false])(
  'a token that a target holds already is not revoked when its rotation is ended during a later round of writes, with `verify: %s`',
  async (verify) => {
    await using harness = await startHarness(2)
    const { storedId, first } = await startRuns(harness)
    const acquired = await acquire(first)
    const { tokenId, mintedAt } = acquired.verified.credential
    const [marked, other] = harness.namespaces
    const change = (namespace: string | undefined, annotations: object) =>
      harness.kube.request(
        'PATCH',
        `/api/v1/namespaces/${namespace}/secrets/${SECRET}`,
        { metadata: { annotations } },
        { 'content-type': 'application/merge-patch+json' },
      )
    // What looks like the newer token of a concurrent run makes a second round.
    const { body } = await harness.kube.request('GET', `/api/v1/namespaces/${other}/secrets/${SECRET}`)
    const later = new Date(mintedAt.getTime() + 1000).toISOString()
    await change(other, changedRecord(body, { id: 'made-up', 'minted-at': later }))
    const { ownership } = first
    const heldBetween: unknown[] = []
    const endRotation: typeof ownership.mintOf = async (stored, targets) => {
      heldBetween.push(await harness.heldIn(marked ?? ''))
      await change(marked, { 'registry-pull-secret/pending': null })
      return await ownership.mintOf(stored, targets)
    }

    const watched = withMember(ownership, 'mintOf', endRotation)
    const inputs = { ...first.inputs, verify }
    const distribution = await distribute({ ...first, inputs, ownership: watched }, acquired)

    expect(heldBetween).toEqual([tokenId])
    expect(distribution).toMatchObject({ status: 'distributed', credential: { tokenId }, errors: [] })
    expect(await heldInAll(harness)).toEqual([tokenId, tokenId])
    expect(liveIds(harness)).toEqual([storedId, tokenId])
  },
)

it.each([true, false])('a token that a concurrent run revokes meanwhile is named and warned of: %s', async (isKept) => {
  await using harness = await startHarness(2)
  const { storedId, first } = await startRuns(harness)
  failWrites(harness, harness.namespaces[1], { kind: 'status', status: 403, body: '{}' })
  const distribution = await distribute(first, await acquire(first))
  const when = { method: 'GET', path: '/api/v1/secrets' }
  harness.kube.faults.add({ when, fault: { kind: 'status', status: 403, body: '{}' } })
  const { ownership } = first
  const live: typeof ownership.live = async (targets) => {
    const listed = await ownership.live(targets)
    if (!isKept) harness.ibm.revokeToken(storedId)
    return listed
  }
  using captured = captureLog()

  await revoke({ ...first, ownership: withMember(ownership, 'live', live) }, distribution)

  expect(captured.log.annotations.map(({ properties }) => properties.title)).toEqual(
    isKept ? ['Token still alive'] : [],
  )
})

describe('two runs that rotate at the same time', () => {
  it('both end with the token minted later when the earlier one was written first', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await startRuns(harness)
    const later = await second(rotate)
    const [own, newer] = [await acquire(first), await acquire(later)]
    expect(await pendingIn(harness)).toMatchObject([{ key: own.pendingKey }, { key: newer.pendingKey }])

    expect(await revoke(first, await distribute(first, own))).toEqual([])
    const newerId = newer.verified.credential.tokenId
    expect(liveIds(harness)).toContain(newerId)
    expect(await revoke(later, await distribute(later, newer))).toEqual([])

    await expectOnly(harness, newerId)
  })

  it('both end with the token minted later when that was written first', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await startRuns(harness)
    const later = await second(rotate)
    const [own, newer] = [await acquire(first), await acquire(later)]

    const written = await distribute(later, newer)
    const overtaken = await distribute(first, own)
    expect(await revoke(first, overtaken)).toEqual([])
    expect(await revoke(later, written)).toEqual([])

    await expectOnly(harness, newer.verified.credential.tokenId)
  })

  it('finish what a third one began, which was killed after its mint', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await startRuns(harness)
    await acquire(first)

    expect(await run(await second(rotate))).toEqual([])

    await expectOnly(harness, liveIds(harness)[0])
    expect(harness.ibm.tokens().map(({ revoked }) => revoked)).toEqual([true, true, false])
  })
})
