// Which stored token should have been replaced long before this run.
import { expect, it } from 'vitest'
import { overdueToken } from '../../../src/policy/overdue.ts'
import { absent, daysAgo, holding, loginsOf, now, owner, recordOf, unmanaged } from './stored-secret.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const request = (maxAgeDays: number) => ({ owner, provided: undefined, maxAgeMs: maxAgeDays * DAY_MS })
const minted = (days: number) => holding({ mintedAt: daysAgo(days) })

it.each([
  ['a month late', 30, 60],
  ['at half of `max-age` after it was due', 30, 45],
  ['a weekly schedule that rotates every two weeks', 7, 14],
  ['a weekly schedule with a daily `max-age`', 1, 7],
  ['two days late', 1, 3],
])('is overdue: %s', (_, maxAge, age) => {
  expect(overdueToken([minted(age)], request(maxAge), now)).toEqual({
    tokenId: 'one',
    mintedAt: daysAgo(age),
    dueAt: daysAgo(age - maxAge),
  })
})

it.each([
  ['within `max-age`', 30, 29],
  ['the fifth weekly run', 30, 35],
  ['the fourth weekly run', 27, 28],
  ['the run after a missed one', 6, 8.9],
  ['a daily schedule with a `max-age` of an hour', 1 / 24, 1],
  ['always replaced', 0, 100],
])('is not overdue: %s', (_, maxAge, age) => {
  expect(overdueToken([minted(age)], request(maxAge), now)).toBeUndefined()
})

it('counts from when a fifth of its life is left', () => {
  const expired = holding({ mintedAt: daysAgo(10), expiresAt: daysAgo(5) })
  expect(overdueToken([expired], request(30), now)).toMatchObject({ dueAt: daysAgo(6) })
  const expiring = holding({ mintedAt: daysAgo(10), expiresAt: daysAgo(1) })
  expect(overdueToken([expiring], request(30), now)).toBeUndefined()
})

it('is the newest of the tokens that the targets hold', () => {
  const stale = holding({ tokenId: 'stale', mintedAt: daysAgo(200) })
  expect(overdueToken([stale, minted(3), absent], request(30), now)).toBeUndefined()
  expect(overdueToken([stale, minted(60)], request(30), now)).toMatchObject({ tokenId: 'one' })
})

it('is not what one secret alone records: a user who may edit that could make each run warn', () => {
  expect(overdueToken([minted(3), minted(400)], request(30), now)).toBeUndefined()
  expect(overdueToken([minted(60), minted(400)], request(30), now)).toMatchObject({ mintedAt: daysAgo(60) })
})

it.each([
  ['no secret', absent],
  ['a secret without a record', unmanaged],
  ['a date that is unknown', holding({ mintedAt: undefined })],
  ['a provided credential', holding({ tokenId: 'provided-1', mintedAt: daysAgo(60) })],
  ['the token of another step', holding({}, { records: [recordOf({ provider: 'harbor', mintedAt: daysAgo(60) })] })],
])('is unknown for %s', (_, stored) => {
  expect(overdueToken([stored], request(30), now)).toBeUndefined()
})

it('is unknown when one of the dates is', () => {
  expect(overdueToken([minted(60), holding({ tokenId: 'two', mintedAt: undefined })], request(30), now)).toBeUndefined()
})

it('does not apply to what the workflow provides', () => {
  expect(overdueToken([minted(60)], { ...request(30), provided: loginsOf('password') }, now)).toBeUndefined()
})
