import { expect, it } from 'vitest'
import { authorityProblem } from '../../../src/kubernetes/certificate-problem.ts'
import { createAuthority } from '../../support/http/certificate.ts'

const DAY_MS = 86_400_000
const { certificate } = await createAuthority('a')
const cluster = { name: 'a', server: 'https://k.example.com', skipTLSVerify: false }
const ofText = (text: string) => ({ ...cluster, caData: btoa(text) })

it.each([
  ['one certificate', certificate],
  ['one certificate with a text before it', `subject=/CN=a\n${certificate}`],
  [
    'a bundle with a block that is none',
    `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${certificate}`,
  ],
])('has nothing against %s, as Go', (_, text) => {
  expect(authorityProblem(ofText(text), new Date())).toBeUndefined()
})

it('finds that all certificates have expired', () => {
  const later = new Date(Date.now() + 2 * DAY_MS)
  expect(authorityProblem(ofText(certificate), later)).toEqual({
    problem: expect.stringMatching(/^a `certificate-authority` that expired at \d{4}-/),
    needsRenewal: true,
  })
})

it.each([
  ['is not used', { skipTLSVerify: true }],
  ['is not used for http', { server: 'http://127.0.0.1:8001' }],
  ['is not there', { caData: '' }],
])('does not read what %s', (_, change) => {
  expect(authorityProblem({ ...ofText('none'), ...change }, new Date())).toBeUndefined()
})
