import { expect, it } from 'vitest'
import { claimsOf, expiryOf } from '../../../src/core/jwt.ts'

it.each([
  // The claims `{"jti":"~~~???"}`, whose base64url holds `-` or `_` where base64 has other letters.
  [`e30.${Buffer.from('{"jti":"~~~???"}').toString('base64url')}.c2ln`, { jti: '~~~???' }],
  [`e30.${Buffer.from('[1]').toString('base64url')}`, [1]],
  [`e30.${Buffer.from('null').toString('base64url')}.c2ln`, {}],
  ['e30.no-json.c2ln', {}],
  ['opaque', {}],
  ['', {}],
])('reads the claims of %j: %j', (jwt, claims) => {
  expect(claimsOf(jwt)).toEqual(claims)
})

it.each([
  [{ exp: 1_700_000_000 }, new Date('2023-11-14T22:13:20Z')],
  [{ exp: '1700000000' }, undefined],
  [{ exp: 1e300 }, undefined],
  [{ exp: 1_700_000_000_000 }, undefined],
  [{ exp: 1_700_000_000.5 }, new Date('2023-11-14T22:13:20.500Z')],
  [{ exp: -1 }, new Date(0)],
  [{}, undefined],
])('reads the expiry of %j: %s', (claims, expiry) => {
  expect(expiryOf(claims)).toEqual(expiry)
})
