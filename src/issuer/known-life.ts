import { asObject } from '../core/json.ts'
import { claimsOf, expiryOf, isJwt } from '../core/jwt.ts'

/** What the form of a credential shows about how long it works. */
export interface KnownLife {
  /** The latest time, where only the longest life of its kind is known. */
  readonly expiresAt: Date
  /** Whether it is revoked when the job ends. */
  readonly endsWithJob: boolean
  /** Completes the sentence "It is …". */
  readonly kind: string
  /** What to use instead. */
  readonly alternative: string
}

/** A schedule of an hour may start late, and Pods pull between two runs. */
const MIN_LIFE_MS = 2 * 60 * 60_000

const HOUR_MS = 60 * 60_000

/** The part of a login that is the secret: a JWT is the user name of some registries. */
export function secretOf({ username, password }: { readonly username: string; readonly password: string }): string {
  return isJwt(username) ? username : password
}

/** How long a credential works; undefined when its form does not show it. */
export function knownLifeOf(credential: string, now: Date): KnownLife | undefined {
  const inOneHour = new Date(Math.floor((now.getTime() + HOUR_MS) / 1000) * 1000)
  // Newer ones contain a JWT. https://docs.github.com/en/actions/concepts/security/github_token and
  // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
  if (credential.startsWith('ghs_')) {
    return { ...GITHUB, expiresAt: expiryOf(claimsOf(credential)) ?? inOneHour, endsWithJob: true }
  }
  // https://docs.gitlab.com/ci/jobs/ci_job_token/
  if (credential.startsWith('glcbt-')) return { ...GITLAB, expiresAt: inOneHour, endsWithJob: true }
  // https://docs.cloud.google.com/artifact-registry/docs/docker/authentication#token
  if (credential.startsWith('ya29.')) return { ...GOOGLE, expiresAt: inOneHour, endsWithJob: false }
  const ofEcr = expiryOf({ exp: decodedJson(credential).expiration })
  if (ofEcr !== undefined) return { ...ECR, expiresAt: ofEcr, endsWithJob: false }
  const claims = claimsOf(credential)
  const expiresAt = expiryOf(claims)
  if (expiresAt === undefined) return undefined
  return { ...(claims.iss === 'Azure Container Registry' ? ACR : JWT), expiresAt, endsWithJob: false }
}

/** Whether Pods that pull later would find it dead. One that has expired already is not short-lived, but of no use at all. */
function isShortLived({ expiresAt, endsWithJob }: KnownLife, now: Date): boolean {
  const leftMs = expiresAt.getTime() - now.getTime()
  return endsWithJob || (leftMs > 0 && leftMs < MIN_LIFE_MS)
}

/**
 * Why a provided credential is refused: the step would succeed, and pulls fail an hour later.
 * @returns completes a sentence that starts with what the credential is; undefined when it lives long enough, or its form
 *   does not show how long
 */
export function shortLifeOf(
  credential: string,
  now: Date,
): { readonly problem: string; readonly hint: string } | undefined {
  const life = knownLifeOf(credential, now)
  if (life === undefined || !isShortLived(life, now)) return undefined
  const end = life.endsWithJob
    ? 'which ends with this job or within an hour'
    : `which expires in less than two hours, at ${life.expiresAt.toISOString()}`
  const otherwise =
    'If that is long enough, for a test cluster or a schedule of an hour, set `allow-short-lived: true`.'
  return { problem: `is ${life.kind}, ${end}`, hint: `${life.alternative}. ${otherwise}` }
}

const RUN_LOGIN = 'Let the step that logs in to the registry run in this job, directly before this one'

const GITHUB = {
  kind: 'the `GITHUB_TOKEN` of this job or the token of a GitHub App',
  alternative:
    'For ghcr.io use a personal access token (classic) with the scope `read:packages`, of a user who may read the package',
}

const GITLAB = {
  kind: 'the job token of GitLab CI',
  alternative: 'Use a deploy token with the scope `read_registry`',
}

const GOOGLE = {
  kind: 'an access token of Google Cloud',
  alternative:
    'Use the key of a service account with the user name `_json_key`, or grant the nodes permission to pull without a secret',
}

/** Base64 of JSON with `expiration`, twelve hours later: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html */
const ECR = { kind: 'an authorization token of Amazon ECR', alternative: RUN_LOGIN }

/** https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication */
const ACR = {
  kind: 'a token of Azure Container Registry',
  alternative: `${RUN_LOGIN}, or use a service principal or a repository-scoped token`,
}

const JWT = { kind: 'a JWT', alternative: `${RUN_LOGIN}, or use a credential that lives longer` }

function decodedJson(credential: string): Readonly<Record<string, unknown>> {
  if (!/^eyJ[\w+/-]{20,}={0,2}$/.test(credential)) return {}
  try {
    return asObject(JSON.parse(Buffer.from(credential, 'base64').toString()))
  } catch {
    return {}
  }
}
