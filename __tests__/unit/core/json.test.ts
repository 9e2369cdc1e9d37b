import { expect, it } from 'vitest'
import { asObject, asObjects, asText, claimsOf } from '../../../src/core/json.ts'

it.each([
  [{ a: 1 }, { a: 1 }],
  [null, {}],
  [undefined, {}],
  ['text', {}],
])('sees %j as an object: %j', (value, expected) => {
  expect(asObject(value)).toEqual(expected)
})

it.each([
  [
    [{ a: 1 }, null, 'text'],
    [{ a: 1 }, {}, {}],
  ],
  [{ length: 1 }, []],
  [undefined, []],
])('sees %j as a list of objects: %j', (value, expected) => {
  expect(asObjects(value)).toEqual(expected)
})

it.each([
  ['text', 'text'],
  ['', undefined],
  [7, undefined],
  [null, undefined],
])('sees %j as a text: %j', (value, expected) => {
  expect(asText(value)).toBe(expected)
})

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
