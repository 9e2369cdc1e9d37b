import { capitalized } from '../core/format.ts'
import type { Verified, VerifiedKind } from '../registry/verification.ts'

/** What the registry was found to do, of which a sentence is made. */
const FINDINGS: Readonly<Record<VerifiedKind, (verified: Verified) => string>> = {
  'can-pull': ({ host, image }) => `registry ${host} lets this credential pull ${image} and refuses anonymous access`,
  accepted: ({ host }) => `registry ${host} accepts this credential`,
  'image-missing': ({ host, image }) => `registry ${host} accepts this credential, but does not have image ${image}`,
  'image-public': ({ host, image }) =>
    `registry ${host} accepts this credential. Image ${image} is public, so permission to pull private images was not verified`,
  'anonymous-unknown': ({ host, image }) =>
    `registry ${host} accepts this credential and lets it pull ${image}. Whether the image is public is unknown, because an anonymous request got no conclusive response`,
  'no-login-required': ({ host }) => `registry ${host} requires no login, so this credential was not verified`,
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
