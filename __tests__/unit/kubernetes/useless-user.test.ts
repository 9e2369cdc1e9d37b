import { expect, it } from 'vitest'
import { uselessUser } from '../../../src/kubernetes/useless-user.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)
const server = 'https://k.example.com'

const { certificate, key } = await (await createAuthority('a')).issue({ commonName: 'jo' })
const withCertificate = { name: 'jo', certData: btoa(certificate), keyData: btoa(key) }

it.each([
  [0, undefined],
  [2, /^a client certificate that expired at \d{4}-/],
  [-2, /^a client certificate that is valid only from \d{4}-.* on$/],
])('reads the dates of a client certificate, %d days from now', (days, problem) => {
  const found = uselessUser(withCertificate, server, inDays(days))
  if (problem === undefined) expect(found).toBeUndefined()
  else expect(found).toEqual({ problem: expect.stringMatching(problem), needsRenewal: true })
})

it('tolerates a clock that is ahead by some seconds', () => {
  const exp = Math.floor(Date.now() / 1000)
  const user = { name: 'jo', token: `${signHs256({ exp }, 's')}\n` }
  expect(uselessUser(user, server, new Date(Date.now() + 30_000))).toBeUndefined()
  expect(uselessUser(user, server, new Date(Date.now() + 90_000))?.problem).toMatch(/^a token that expired at/)
})

it.each([
  { token: 'opaque' },
  { username: 'jo', password: 'p' },
  { exec: { command: 'x' } },
  { authProvider: { name: 'oidc' } },
])('has nothing against %j', (user) => {
  expect(uselessUser({ name: 'jo', ...user }, server, new Date())).toBeUndefined()
})

it('has nothing against a user without credential of a proxy on this machine, such as kubectl proxy', () => {
  expect(uselessUser({ name: 'jo' }, 'http://127.0.0.1:8001', new Date())).toBeUndefined()
  // An API server on this machine needs a credential, as any other.
  expect(uselessUser({ name: 'jo' }, 'https://127.0.0.1:6443', new Date())?.problem).toBe(
    'a user without any credential',
  )
})
