// What the form of a provided credential shows about its life.
import { describe, expect, it } from 'vitest'
import { knownLifeOf, shortLifeOf } from '../../../src/issuer/known-life.ts'

const now = new Date('2030-01-01T00:00:00Z')
const HOUR_MS = 3_600_000
const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR_MS)
const seconds = (date: Date) => date.getTime() / 1000

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`
const ecr = (fields: object) =>
  Buffer.from(JSON.stringify({ payload: 'cGF5', version: '2', ...fields })).toString('base64')

describe('a credential that shows when it ends', () => {
  it.each([
    ['GITHUB_TOKEN', `ghs_${'a'.repeat(36)}`, 1, /GITHUB_TOKEN/, /classic.*read:packages/],
    ['a GitHub token with a JWT', `ghs_123_${jwt({ exp: seconds(inHours(6)) })}`, 6, /GITHUB_TOKEN/, /read:packages/],
    ['a job token of GitLab', `glcbt-64_${'c'.repeat(20)}`, 1, /GitLab CI/, /deploy token/],
    ['an access token of Google', `ya29.${'b'.repeat(100)}`, 1, /Google/, /_json_key/],
    ['a token of Amazon ECR', ecr({ expiration: seconds(inHours(12)) }), 12, /Amazon ECR/, /this job/],
    ['a token of ACR', jwt({ iss: 'Azure Container Registry', exp: seconds(inHours(3)) }), 3, /Azure/, /principal/],
    ['another JWT', jwt({ iss: 'x', exp: seconds(inHours(-1)) }), -1, /JWT/, /this job/],
  ])('%s', (_, credential, hours, kind, alternative) => {
    expect(knownLifeOf(credential, now)).toMatchObject({
      expiresAt: inHours(hours),
      kind: expect.stringMatching(kind),
      alternative: expect.stringMatching(alternative),
      endsWithJob: /^(ghs_|glcbt-)/.test(credential),
    })
  })
})

it.each([
  ['nothing', ''],
  ['a password', 'correct horse'],
  ['a classic token of GitHub', `ghp_${'a'.repeat(36)}`],
  ['a fine-grained token of GitHub', `github_pat_${'a'.repeat(80)}`],
  ['a token of Docker Hub', `dckr_pat_${'a'.repeat(27)}`],
  ['a JWT that does not expire', jwt({ iss: 'x' })],
  ['a JWT whose expiry is a text', jwt({ exp: 'tomorrow' })],
  ['a JWT whose expiry is no time', jwt({ exp: 1e300 })],
  ['a JWT whose expiry is in milliseconds', jwt({ exp: now.getTime() })],
  ['base64 of other JSON', ecr({})],
  ['base64 of what is not JSON', `eyJ${'A'.repeat(40)}`],
  ['the key of a service account', '{"type":"service_account","expiration":1}'],
])('%s shows nothing', (_, credential) => {
  expect(knownLifeOf(credential, now)).toBeUndefined()
})

it.each([
  [
    'ends with the job',
    `ghs_123_${jwt({ exp: seconds(inHours(6)) })}`,
    /^is the `GITHUB_TOKEN` .*, which ends with this job/,
  ],
  ['has less than two hours left', jwt({ exp: seconds(inHours(1.99)) }), /^is a JWT, which expires in less than two/],
  ['has two hours left', jwt({ exp: seconds(inHours(2)) }), undefined],
  ['has twelve hours left', ecr({ expiration: seconds(inHours(12)) }), undefined],
  ['has expired', jwt({ exp: seconds(inHours(-1)) }), undefined],
  ['shows nothing', 'correct horse', undefined],
])('one that %s', (_, credential, problem) => {
  expect(shortLifeOf(credential, now)?.problem).toEqual(problem && expect.stringMatching(problem))
})
