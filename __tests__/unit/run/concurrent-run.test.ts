// Two runs at the same time, their phases interleaved by the test.
import { describe, expect, it } from 'vitest'
import type { RunContext } from '../../../src/run/context.ts'
import { acquireCredential } from '../../../src/run/credential.ts'
import { distribute } from '../../../src/run/distribute.ts'
import { observe } from '../../../src/run/observe.ts'
import { findReusable } from '../../../src/run/reusable.ts'
import { errorOf } from '../../support/error-of.ts'
import { FakeClock, type Harness, startHarness } from './harness.ts'

/** What a run does before its first write. */
async function prepare(context: RunContext) {
  const targets = await observe(context)
  return { targets, decision: await findReusable(context, targets) }
}

async function acquire(context: RunContext) {
  const { targets, decision } = await prepare(context)
  return await acquireCredential(context, targets, decision)
}

/** An earlier and a later run, by their clocks. */
async function twoRuns(harness: Harness) {
  const clock = new FakeClock()
  const later = new FakeClock(clock.now().getTime() + 1000)
  return { first: await harness.context({}, clock), second: await harness.context({}, later) }
}

describe('two runs that mint at the same time', () => {
  it('both end with the token minted later, and the other one is revoked', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await twoRuns(harness)
    const [own, newer] = [await acquire(first), await acquire(second)]

    const written = await distribute(second, newer)
    const overtaken = await distribute(first, own)

    const newerId = newer.verified.credential.tokenId
    expect(written).toMatchObject({ status: 'distributed', credential: { tokenId: newerId, origin: 'minted' } })
    expect(overtaken).toMatchObject({
      status: 'distributed',
      credential: { tokenId: newerId, origin: 'reused' },
      minted: { tokenId: own.verified.credential.tokenId },
      errors: [],
    })
    for (const namespace of harness.namespaces) expect(await harness.heldIn(namespace)).toBe(newerId)
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual([newerId])
    expect([first.journal.phase, second.journal.phase]).toEqual(['settled', 'writing'])
  })

  it('both end with the token minted later when the earlier one was written first', async () => {
    await using harness = await startHarness(2)
    const { first, second } = await twoRuns(harness)
    const [own, newer] = [await acquire(first), await acquire(second)]

    await distribute(first, own)
    const overwriting = await distribute(second, newer)

    const newerId = newer.verified.credential.tokenId
    expect(overwriting).toMatchObject({ status: 'distributed', credential: { tokenId: newerId } })
    for (const namespace of harness.namespaces) expect(await harness.heldIn(namespace)).toBe(newerId)
    // The run that is overtaken here is over: what it minted is superseded by the other one.
    expect(overwriting).toMatchObject({
      outcomes: [{ replaced: { records: [{}] } }, { replaced: { records: [{}] } }],
    })
  })

  it('continue with their own token when the registry refuses the newer one', async () => {
    await using harness = await startHarness()
    const { first, second } = await twoRuns(harness)
    const [own, newer] = [await acquire(first), await acquire(second)]
    await distribute(second, newer)
    harness.ibm.revokeToken(newer.verified.credential.tokenId)

    const distribution = await distribute(first, own)

    const ownId = own.verified.credential.tokenId
    expect(distribution).toMatchObject({ status: 'distributed', credential: { tokenId: ownId, origin: 'minted' } })
    expect(await harness.heldIn(harness.namespaces[0] ?? '')).toBe(ownId)
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual([ownId])
  })
})

describe('a run whose new token is refused', () => {
  /** The registry refuses the next login with a status that waiting does not change. */
  function refuseNext({ ibm }: Harness) {
    return ibm.faults.add({ when: { server: 'realm' }, fault: { kind: 'status', status: 403, body: '{}' } })
  }

  it('continues with the newer token of a concurrent run, and revokes its own', async () => {
    await using harness = await startHarness()
    const { first, second } = await twoRuns(harness)
    const prepared = await prepare(first)
    const newer = await acquire(second)
    await distribute(second, newer)
    const refused = refuseNext(harness)

    const acquired = await acquireCredential(first, prepared.targets, prepared.decision)

    const newerId = newer.verified.credential.tokenId
    expect(refused.met).toBe(1)
    expect(acquired.verified.credential).toMatchObject({ tokenId: newerId, origin: 'reused' })
    expect(acquired.targets).toMatchObject([{ status: 'ready', stored: { records: [{ tokenId: newerId }] } }])
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual([newerId])
  })

  it('fails when the targets hold no newer token', async () => {
    await using harness = await startHarness()
    const { first, second } = await twoRuns(harness)
    await distribute(first, await acquire(first))
    const earlier = harness.ibm.liveTokens().map(({ id }) => id)
    const context = await harness.context({ 'max-age': '0' }, second.clock)
    const prepared = await prepare(context)
    refuseNext(harness)

    const failed = acquireCredential(context, prepared.targets, prepared.decision)

    await expect(failed).rejects.toMatchObject({ errors: [{ code: 'registry-access-denied' }] })
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual(earlier)
    expect(context.journal.phase).toBe('settled')
  })

  it('leaves its token to the post step when it cannot revoke it', async () => {
    await using harness = await startHarness()
    const context = await harness.context()
    const prepared = await prepare(context)
    refuseNext(harness)
    harness.ibm.faults.add({
      when: { server: 'tokens', method: 'DELETE' },
      fault: { kind: 'status', status: 403, body: '{}' },
    })

    await acquireCredential(context, prepared.targets, prepared.decision).catch(() => {})

    expect(harness.ibm.liveTokens()).toHaveLength(1)
    expect(context.journal.phase).toBe('minting')
  })
})

it('does not take another error for a refusal', async () => {
  await using harness = await startHarness()
  const context = await harness.context({ organization: 'missing' })
  const { targets, decision } = await prepare(context)
  const error = await errorOf(acquireCredential(context, targets, decision))
  expect(error.code).toBe('organization-not-found')
  expect(harness.ibm.tokens()).toEqual([])
})
