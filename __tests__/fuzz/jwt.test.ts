import { claimsOf, expiryOf } from '../../src/core/jwt.ts'
import { expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedJson, editedText } from './hostile.ts'

const encode = (text: string) => Buffer.from(text).toString('base64url')
const header = encode('{"alg":"RS256","typ":"JWT"}')
const claims = {
  exp: 1_763_978_400,
  iat: 1_763_974_800,
  sub: 'user',
  scope: ['cloud_controller.read'],
  client_id: 'cf',
}

function checkClaims(jwt: string): void {
  const found = claimsOf(jwt)
  expectThat(typeof found === 'object' && found !== null, 'an object', found)
  const expiry = expiryOf(found)
  if (expiry !== undefined) expiry.toISOString()
}

fuzz('JWT', 'any claims are read, and an expiry is a valid date', {
  share: 0.5,
  cases: editedJson([claims, { exp: '1' }, []]).map((json) => ({ json, jwt: `${header}.${encode(json)}.c2ln` })),
  check: ({ json, jwt }) => {
    checkClaims(jwt)
    // What is JSON is read as it is.
    if (json === JSON.stringify(claims)) expectSame(claimsOf(jwt), claims)
  },
})

fuzz('JWT', 'any text is read', {
  share: 0.5,
  cases: editedText([`${header}.${encode(JSON.stringify(claims))}.c2ln`, 'a.b.c', `.${encode('null')}.`]),
  check: checkClaims,
})
