import { capitalized } from '../core/format.ts'
import { imagePrefix } from '../registry/reference.ts'
import type { Verified, VerifiedKind } from '../registry/verification.ts'

/** What the registry was found to do, of which a sentence is made. */
const FINDINGS: Readonly<Record<VerifiedKind, (verified: Verified) => string>> = {
  'can-pull': (one) => `registry ${one.host} lets ${credentialOf(one)} pull ${one.image} and refuses anonymous access`,
  accepted: (one) => `registry ${one.host} accepts ${credentialOf(one)}`,
  'image-missing': (one) => `registry ${one.host} accepts ${credentialOf(one)}, but does not have image ${one.image}`,
  'image-public': (one) =>
    `registry ${one.host} accepts ${credentialOf(one)}. Image ${one.image} is public, so permission to pull private images was not verified`,
  'anonymous-unknown': (one) =>
    `registry ${one.host} accepts ${credentialOf(one)} and lets it pull ${one.image}. Whether the image is public is unknown, because an anonymous request got no conclusive response`,
  'no-login-required': (one) => `registry ${one.host} requires no login, so ${credentialOf(one)} was not verified`,
}

/** A registry can have several, each for a path. */
function credentialOf({ server }: Verified): string {
  return imagePrefix(server).endsWith('/') ? 'this credential' : `the credential for ${server}`
}

/** For the log. One with a hint shows less than was asked for. */
export function verificationInLog(verified: Verified): string {
  return verified.hint === undefined
    ? `Verified: ${FINDINGS[verified.kind](verified)}.`
    : verificationInSummary(verified)
}

/** For the job summary, where it has a label. */
export function verificationInSummary(verified: Verified): string {
  return `${capitalized(FINDINGS[verified.kind](verified))}.`
}
