import { expect, it } from 'vitest'
import type { ListedCredential } from '../../../src/issuer/issuer.ts'
import { findMinted } from '../../../src/run/find-minted.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { FakeClock } from './harness.ts'

const OWN = 'ci [fake: n/regcred] 1'
const never = new AbortController().signal

/** An issuer whose lists are these in turn; the last one stays. */
function issuerOf(...lists: (readonly ListedCredential[])[]) {
  let count = 0
  return {
    count: () => count,
    list: async () => lists[Math.min(count++, lists.length - 1)] ?? [],
  }
}

const token = (id: string, description = OWN): ListedCredential => ({ id, description })

it('returns a token that exists already, without waiting', async () => {
  const clock = new FakeClock()
  const issuer = issuerOf([token('other', `${OWN}0`), token('own'), token('plain', '')])
  expect(await findMinted(issuer, OWN, { clock, signal: never })).toEqual(['own'])
  expect(clock.slept).toEqual([])
})

it('returns every token of the mint, which may have been sent twice', async () => {
  const issuer = issuerOf([token('one'), token('two')])
  expect(await findMinted(issuer, OWN, { clock: new FakeClock(), signal: never })).toEqual(['one', 'two'])
})

it.each([1, 2, 5])('finds a token that is minted only before look-up %i after the first', async (later) => {
  const clock = new FakeClock()
  const issuer = issuerOf(...Array.from({ length: later }, () => [token('other', 'other')]), [token('own')])
  expect(await findMinted(issuer, OWN, { clock, signal: never })).toEqual(['own'])
  expect(clock.slept).toEqual(Array.from({ length: later }, () => 2000))
})

it('stops after ten seconds, and says once that it looks again', async () => {
  using captured = captureLog()
  const clock = new FakeClock()
  const issuer = issuerOf([])
  expect(await findMinted(issuer, OWN, { clock, signal: never })).toEqual([])
  expect(clock.elapsedMs()).toBe(10_000)
  expect(issuer.count()).toBe(6)
  expect(captured.lines).toEqual(['No token was minted yet: looking again for 10 s'])
})

it('fails when it is aborted while it waits', async () => {
  const clock = new FakeClock()
  const controller = new AbortController()
  clock.whileAsleep = async () => controller.abort(new Error('the time is over'))
  const issuer = issuerOf([])
  await expect(findMinted(issuer, OWN, { clock, signal: controller.signal })).rejects.toThrow('the time is over')
  expect(issuer.count()).toBe(1)
})

it('fails with the error of a look-up', async () => {
  const issuer = { list: () => Promise.reject(new Error('down')) }
  await expect(findMinted(issuer, OWN, { clock: new FakeClock(), signal: never })).rejects.toThrow('down')
})
