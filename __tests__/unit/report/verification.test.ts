import { expect, it } from 'vitest'
import type { VerifiedKind } from '../../../src/registry/verification.ts'
import { verified } from '../../../src/registry/verification.ts'
import { verificationInLog, verificationInSummary } from '../../../src/report/verification.ts'

it.each<[VerifiedKind, string]>([
  ['can-pull', 'registry h:5000 lets this credential pull team/app:1 and refuses anonymous access.'],
  ['accepted', 'registry h:5000 accepts this credential.'],
  [
    'anonymous-unknown',
    'registry h:5000 accepts this credential and lets it pull team/app:1. Whether the image is public is unknown, because an anonymous request got no conclusive response.',
  ],
])('%s: the log says that it is verified, and the summary has that as a label', (kind, sentence) => {
  const one = verified(kind, { server: 'h:5000', host: 'h:5000', image: 'team/app:1' })
  expect(verificationInLog(one)).toBe(`Verified: ${sentence}`)
  expect(verificationInSummary(one)).toBe(sentence.replace('registry', 'Registry'))
})

it.each<[VerifiedKind, string]>([
  ['image-missing', 'Registry h accepts this credential, but does not have image team/app:1.'],
  [
    'image-public',
    'Registry h accepts this credential. Image team/app:1 is public, so permission to pull private images was not verified.',
  ],
  ['no-login-required', 'Registry h requires no login, so this credential was not verified.'],
])('%s: neither says that it is verified', (kind, sentence) => {
  const one = verified(kind, { server: 'h', host: 'h', image: 'team/app:1' })
  expect([verificationInLog(one), verificationInSummary(one)]).toEqual([sentence, sentence])
})

it('names the credential for a path, of which a registry can have several', () => {
  const one = verified('accepted', { server: 'h/team', host: 'h', image: '' })
  expect(verificationInLog(one)).toBe('Verified: registry h accepts the credential for h/team.')
})
