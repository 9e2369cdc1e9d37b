import { ActionError } from '../core/errors.ts'
import { type HttpError, NetworkError, type UnexpectedResponse } from '../http/errors.ts'
import type { HttpResponse } from '../http/response.ts'
import { withSuggestion } from '../runner/suggestion.ts'

/** The result of presenting a credential to a registry. */
export type Verification = Verified | Unverified

/** The registry does not object to the credential. */
export interface Verified {
  readonly status: 'verified'
  readonly kind: VerifiedKind
  /** The registry, as `docker-server` names it. */
  readonly server: string
  /** `host:port`. */
  readonly host: string
  /** `team/app:1`; empty where there was no image to check. */
  readonly image: string
  /** What the user can do to have more verified; absent when nothing is left to verify. */
  readonly hint?: string | undefined
}

export type VerifiedKind =
  /** The credential can pull the image, and anonymous access is refused. */
  | 'can-pull'
  /** The registry accepts the credential; there was no image to check. */
  | 'accepted'
  /** The registry accepts the credential, and does not have the image. */
  | 'image-missing'
  /** The registry accepts the credential, and anonymous clients can pull the image. */
  | 'image-public'
  /** The registry accepts the credential and returns the image; whether anonymous clients get it as well is unknown. */
  | 'anonymous-unknown'
  /** The registry requires no login, so it never saw the credential. */
  | 'no-login-required'

/** Only `refused` is evidence against the credential. The other kinds say nothing about it: minting another does not help. */
export interface Unverified {
  readonly status: 'failed'
  readonly kind: UnverifiedKind
  /**
   * `refused`: registry-login-failed. `forbidden`: registry-access-denied. `quota`: registry-quota-exceeded.
   * `private-network`: registry-private-network. `unreachable`: registry-unreachable. `not-a-registry`:
   * registry-unexpected-response. `unavailable`: the HttpError, NetworkError or UnexpectedResponse itself. `details` has `host`, and
   * `status` and `serverCode` where a status was the reason.
   */
  readonly error: ActionError
}

export type UnverifiedKind =
  /** User name or password is wrong, revoked or expired. */
  | 'refused'
  /** The login is not allowed to pull the image; some registries also return 403 for a wrong password. */
  | 'forbidden'
  /** The account has used up its pull traffic. */
  | 'quota'
  /** The account allows access over the private network only. */
  | 'private-network'
  /** This runner cannot reach the registry, or is not let in; the nodes may reach it. */
  | 'unreachable'
  /** An inconclusive response. */
  | 'unavailable'
  /** A server that is not a registry responded. */
  | 'not-a-registry'

interface Subject extends Pick<Verified, 'server' | 'host' | 'image'> {
  /** A sentence about images that exist. */
  readonly suggestion?: string | undefined
}

const VERIFIED_HINTS: Readonly<Partial<Record<VerifiedKind, string>>> = {
  'image-missing':
    'Check `verify-image`: its namespace, name and tag, and that the image is in this registry and not in another region.',
  'image-public': 'Set `verify-image` to a private image.',
  'no-login-required':
    'Set `verify-image` to a private image, for which the registry requires a login, and check `docker-server`.',
}

export function verified(kind: VerifiedKind, { suggestion, ...subject }: Subject): Verified {
  const hint = VERIFIED_HINTS[kind]
  return { status: 'verified', kind, ...subject, hint: hint && withSuggestion(hint, suggestion) }
}

type Refusal = Exclude<UnverifiedKind, 'unavailable' | 'not-a-registry'>

const REFUSAL_CODES = {
  refused: 'registry-login-failed',
  forbidden: 'registry-access-denied',
  quota: 'registry-quota-exceeded',
  'private-network': 'registry-private-network',
  unreachable: 'registry-unreachable',
} as const satisfies Record<Refusal, string>

/** For a registry that only the nodes reach. */
const VERIFY_HINT = 'If the nodes reach this registry and this runner cannot, set `verify: false`.'

const REFUSAL_HINTS: Readonly<Record<Refusal, string>> = {
  refused: 'Check the credential: it is wrong, revoked or expired, or its account is not active.',
  forbidden:
    'Grant the credential permission to pull from that namespace, or set `verify-image` to an image that it may pull.',
  quota:
    'Raise the pull traffic quota, or wait for the next month. The credential is valid: rotating it does not help.',
  'private-network': `Run this job inside the private network, with the private host name of the registry. The credential is valid. ${VERIFY_HINT}`,
  unreachable: `The registry is not reachable from this runner, by its own rules: check \`docker-server\`, allow the address of this runner, or run this job in the network of the registry. ${VERIFY_HINT}`,
}

/**
 * For a 403 to a login: GitHub Packages returns it for an expired password (https://github.com/akuity/kargo/pull/778),
 * others for a login without permissions.
 */
export const LOGIN_FORBIDDEN_HINT =
  'Check that the credential is right, and that it has permission to pull from this registry.'

/**
 * A response in which a registry or its token server refuses a credential. Its body can tell that the credential is not
 * the reason, although the status is that of a refused one: IBM Cloud Container Registry reports quota and network
 * restrictions in this way (https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-access-denied).
 * @param kind what the status means when the body says nothing more specific
 */
export function refusal(kind: 'refused' | 'forbidden', response: HttpResponse, hint?: string): Unverified {
  const cause = response.error()
  const actual = specificRefusal(cause) ?? kind
  const error = new ActionError(REFUSAL_CODES[actual], cause.message, {
    hint: (actual === kind ? hint : undefined) ?? REFUSAL_HINTS[actual],
    details: cause.details,
    cause,
  })
  return { status: 'failed', kind: actual, error }
}

/** What servers say, by whole phrases: their messages also quote names of projects, robots and policies. */
const SPECIFIC_REFUSALS: readonly (readonly [Refusal, RegExp])[] = [
  // IBM: "Your account has exceeded its pull traffic quota for the current month."
  ['quota', /\bpull traffic quota\b/i],
  // IBM: "You must access this account over the private network"
  ['private-network', /\baccess this account over the private network\b/i],
  // Azure Container Registry, of which the token server may respond like this as well: "client with IP '…' is not allowed access."
  // https://learn.microsoft.com/en-us/azure/container-registry/container-registry-access-selected-networks
  ['unreachable', /\bclient with IP \S+ is not allowed access\b/i],
  // Amazon ECR: 403 "Your authorization token has expired. Reauthenticate and try again."
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html#error-403
  ['refused', /\byour authorization token has expired\b/i],
]

function specificRefusal({ serverMessage }: HttpError): Refusal | undefined {
  return SPECIFIC_REFUSALS.find(([, pattern]) => pattern.test(serverMessage))?.[0]
}

/** Where no request got through, other runners may be let in. A certificate or protocol error is the same for all of them. */
export function unavailable(cause: HttpError | NetworkError | UnexpectedResponse): Unverified {
  if (!(cause instanceof NetworkError) || cause.permanent)
    return { status: 'failed', kind: 'unavailable', error: cause }
  const { code, message, details } = cause
  const hint = `The registry is not reachable from this runner. ${cause.hint} ${VERIFY_HINT}`
  return { status: 'failed', kind: 'unreachable', error: new ActionError(code, message, { hint, details, cause }) }
}

/**
 * The response of another origin, which did not get the login.
 * @param host of the registry that redirected there
 */
export function redirectedElsewhere(host: string, response: HttpResponse): Unverified {
  const problem = `${host} redirected there, and the credential is not sent to another origin`
  const hint =
    'If you trust the address that the registry redirects to, use its host as `docker-server`. Otherwise ask the operators of the registry.'
  return unavailable(response.unexpected(problem, hint))
}

/**
 * A server that forbids `GET /v2/` without saying how to log in does not judge a credential. Firewalls of registries respond
 * like this.
 * @param ping the response to `GET /v2/`
 */
export function notLetIn(ping: HttpResponse): Unverified {
  const cause = ping.error()
  const error = new ActionError('registry-unreachable', cause.message, {
    hint: REFUSAL_HINTS.unreachable,
    details: cause.details,
    cause,
  })
  return { status: 'failed', kind: 'unreachable', error }
}

/** @param ping the response to `GET /v2/` */
export function notARegistry(ping: HttpResponse): Unverified {
  const what = ping.status === 200 ? 'a web page' : `status ${ping.status} and no login challenge`
  const cause = ping.unexpected(`with ${what}: it is not a registry`)
  const error = new ActionError('registry-unexpected-response', cause.message, {
    hint: 'Check `docker-server` and `registry-endpoint`: a registry responds to GET /v2/ with 200, or with 401 and a login challenge.',
    details: { ...cause.details, status: ping.status },
    cause,
  })
  return { status: 'failed', kind: 'not-a-registry', error }
}
