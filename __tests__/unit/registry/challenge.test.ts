import { expect, it } from 'vitest'
import { parseChallenges } from '../../../src/registry/challenge.ts'

const realm = 'https://registry.example.com/oauth/token'
const usual = { realm, service: 'registry', scope: 'repository:team/app:pull,push' }

it.each([
  [
    'in the usual form',
    `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull,push"`,
    [{ scheme: 'bearer', parameters: usual }],
  ],
  [
    'with spaces after commas',
    `Bearer realm="${realm}", service="registry", scope="repository:team/app:pull,push"`,
    [{ scheme: 'bearer', parameters: usual }],
  ],
  [
    'in any case, with spaces and tabs everywhere',
    `  BEARER\tRealm = "${realm}" ,\tSERVICE= "registry" ,, sCope ="repository:team/app:pull,push" , `,
    [{ scheme: 'bearer', parameters: usual }],
  ],
  [
    'whose last quote never closes',
    `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull,push`,
    [{ scheme: 'bearer', parameters: usual }],
  ],
  [
    'without quotes',
    `Bearer realm=${realm}, service=registry,scope=repository:team/app:pull`,
    [{ scheme: 'bearer', parameters: { ...usual, scope: 'repository:team/app:pull' } }],
  ],
  [
    'with escapes',
    String.raw`Basic realm="a \"quoted\" \\ realm, and more"`,
    [{ scheme: 'basic', parameters: { realm: String.raw`a "quoted" \ realm, and more` } }],
  ],
  ['with an empty value', 'Bearer realm="",service=', [{ scheme: 'bearer', parameters: { realm: '', service: '' } }]],
  [
    'of several schemes',
    `Negotiate, Basic realm="files", Bearer realm="${realm}",service="registry"`,
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'files' } },
      { scheme: 'bearer', parameters: { realm, service: 'registry' } },
    ],
  ],
  [
    'with the name of another scheme inside quotes',
    'Bearer realm="Basic realm=a, Digest b"',
    [{ scheme: 'bearer', parameters: { realm: 'Basic realm=a, Digest b' } }],
  ],
  [
    'with an error',
    `Bearer realm="${realm}",error="insufficient_scope"`,
    [{ scheme: 'bearer', parameters: { realm, error: 'insufficient_scope' } }],
  ],
  ['of a scheme without parameters', 'Basic', [{ scheme: 'basic', parameters: {} }]],
  ['of parameters without a scheme', `realm="${realm}"`, []],
  ['in an empty header', '', []],
  ['in a header of separators', '",=,"\\', []],
])('parses a challenge %s', (_, header, challenges) => {
  expect(parseChallenges(header)).toEqual(challenges)
})

it('parses a long malicious header quickly', { timeout: 10_000 }, () => {
  expect(parseChallenges(`Bearer realm="${'\\'.repeat(200_001)}`)).toHaveLength(1)
  expect(parseChallenges('a '.repeat(100_000))).toHaveLength(100_000)
  expect(parseChallenges(`Bearer ${'a=" '.repeat(100_000)}`)).toHaveLength(1)
  expect(parseChallenges(`Bearer${' '.repeat(200_000)}`)).toHaveLength(1)
})
