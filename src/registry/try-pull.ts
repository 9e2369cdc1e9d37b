import type { HttpResponse } from '../http/response.ts'
import type { AnonymousPull } from './anonymous-pull.ts'
import type { Login, Registry, RegistryResponse } from './client.ts'
import { manifestRequest } from './manifest-request.ts'
import type { ImageReference } from './reference.ts'
import { loginRefusal, tryLogin } from './try-login.ts'
import { redirectedElsewhere, refusal, type Unverified, unavailable, type VerifiedKind } from './verification.ts'

interface Pull {
  readonly login: Login
  readonly image: ImageReference
}

/** Reads the manifest of an image with a login, and without one. */
export async function tryPull(
  registry: Registry,
  pull: Pull,
  anonymous: AnonymousPull,
): Promise<VerifiedKind | Unverified> {
  const { login, image } = pull
  const request = manifestRequest(registry, image)
  const headRequest = { ...request, method: 'HEAD' } as const
  // At the same time as the request with the login. The response is needed only when the login can pull.
  anonymous.start(registry, headRequest)
  const isPasswordSent = registry.challenge?.scheme !== 'bearer'
  // A registry that returns 200 to an anonymous `GET /v2/` also accepts a wrong login there: only the manifest counts.
  const isPingAnonymous = isPasswordSent && registry.ping.status === 200
  // Registries lock an account after a few wrong passwords: a wrong one is presented once.
  const early = isPasswordSent && !isPingAnonymous ? await tryLogin(registry, login) : undefined
  if (typeof early === 'object' && early.kind === 'refused') return early
  const { from, response, refusesHead } = await readManifest(registry, pull, isPingAnonymous)
  if (from === 'token-server') return loginRefusal(response)
  if (response.status === 200) {
    const access = await anonymous.access(registry, refusesHead ? request : headRequest)
    if (access === 'refused') return 'can-pull'
    // Registries can serve a public image to a wrong login.
    const loggedIn = early ?? (await tryLogin(registry, login))
    if (loggedIn !== 'accepted') return loggedIn
    return access === 'allowed' ? 'image-public' : 'anonymous-unknown'
  }
  if (response.credentialsDropped && response.status !== 404) return redirectedElsewhere(registry.host, response)
  if (isPingAnonymous && response.status === 401) return refusal('refused', response)
  const loggedIn = early ?? (await tryLogin(registry, login))
  return loggedIn === 'accepted' ? withoutManifest(response) : loggedIn
}

/**
 * The response to a HEAD has no body, and some proxies refuse the method: only GET returns the reason.
 * @param isOnce whether the login is presented only once
 */
async function readManifest(
  registry: Registry,
  { login, image }: Pull,
  isOnce: boolean,
): Promise<RegistryResponse & { readonly refusesHead: boolean }> {
  const request = { ...manifestRequest(registry, image), login }
  if (isOnce) return { ...(await registry.send(request)), refusesHead: false }
  const head = await registry.send({ ...request, method: 'HEAD', returnsAnyStatus: true })
  const isEnough = head.from === 'token-server' || head.response.status === 200
  return isEnough ? { ...head, refusesHead: false } : { ...(await registry.send(request)), refusesHead: true }
}

/** The login is accepted: what keeps it from the manifest. */
function withoutManifest(response: HttpResponse): VerifiedKind | Unverified {
  const { status } = response
  if (status === 404) return 'image-missing'
  if (status === 401 || status === 403) return refusal('forbidden', response)
  const { serverCode } = response.error().details
  const hint = IMAGE_ERRORS.includes(String(serverCode)) ? IMAGE_HINT : (STATUS_HINTS[status] ?? OTHER_HINT)
  return unavailable(response.error(`The registry accepts the credential. ${hint}`))
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes and, for the tag, its predecessor's. */
const IMAGE_ERRORS = [
  'NAME_INVALID',
  'TAG_INVALID',
  'DIGEST_INVALID',
  'MANIFEST_INVALID',
  'NAME_UNKNOWN',
  'MANIFEST_UNKNOWN',
]

const IMAGE_HINT = 'Check `verify-image`: its namespace, name and tag.'

const STATUS_HINTS: Readonly<Record<number, string>> = {
  410: 'Check `verify-image` and `docker-server`: what the registry had there is gone.',
  // Harbor: https://goharbor.io/docs/latest/working-with-projects/project-configuration/
  412: 'A policy of the registry blocks the image, for the nodes as well: change the policy, or set `verify-image` to an image that may be pulled.',
  451: 'The registry may not serve this image for legal reasons: set `verify-image` to another one.',
}

const OTHER_HINT = 'Check `verify-image`, or ask the operators of the registry.'
