// From when on a run would rotate.
import { expect, it } from 'vitest'
import { nextRotation } from '../../../src/policy/next-rotation.ts'

const DAY_MS = 86_400_000
const mintedAt = new Date('2030-01-01T00:00:00Z')
const after = (days: number) => new Date(mintedAt.getTime() + days * DAY_MS)

it.each([
  ['at `max-age`', { tokenId: 'id', expiresAt: undefined, days: 30 }, after(30)],
  ['at `max-age`, long before the expiry', { tokenId: 'id', expiresAt: after(365), days: 30 }, after(30)],
  ['when a fifth of the life is left', { tokenId: 'id', expiresAt: after(10), days: 30 }, after(8)],
  ['at once with a `max-age` of 0', { tokenId: 'id', expiresAt: after(10), days: 0 }, mintedAt],
  ['at the expiry of a provided one', { tokenId: 'provided-1', expiresAt: after(0.5), days: 0 }, after(0.5)],
  [
    'unknown for a provided one without an expiry',
    { tokenId: 'provided-1', expiresAt: undefined, days: 30 },
    undefined,
  ],
])('%s', (_, { tokenId, expiresAt, days }, expected) => {
  expect(nextRotation({ tokenId, mintedAt, expiresAt }, days * DAY_MS)).toEqual(expected)
})
