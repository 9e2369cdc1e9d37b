import { delay } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import type { Send } from '../http/client.ts'
import { HttpError, NetworkError, UnexpectedResponse } from '../http/errors.ts'
import { type HttpResponse, header } from '../http/response.ts'
import * as log from '../runner/log.ts'
import { withSuggestion } from '../runner/suggestion.ts'
import { type AnonymousPull, createAnonymousPull } from './anonymous-pull.ts'
import { challengeOf } from './challenge.ts'
import { connectRegistry, type Login, type Registry } from './client.ts'
import { manifestRequest, shortName } from './manifest-request.ts'
import type { ImageReference } from './reference.ts'
import { type ListRepositories, type MissingImage, suggestImage, suggestRepository } from './suggest-image.ts'
import { tryLogin } from './try-login.ts'
import { tryPull } from './try-pull.ts'
import { notARegistry, notLetIn, type Unverified, unavailable, type Verification, verified } from './verification.ts'

export interface Attempt {
  /** The registry, as a docker config names it. */
  readonly server: string
  readonly login: Login
  /** Absent: only the login is verified. */
  readonly image: ImageReference | undefined
  /** For what is suggested where the image is missing. */
  readonly listRepositories?: ListRepositories | undefined
}

/**
 * Delays before a new credential is retried. IAM is eventually consistent, and can reject a key for some seconds:
 * https://github.com/IBM-Cloud/terraform-provider-ibm/issues/3561
 */
const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000]

/**
 * Verifies a credential that was minted by this run. Retries while the registry refuses it, which can be too early.
 * @throws ActionError when `signal` aborts
 */
export async function verifyNew(
  send: Send,
  attempt: Attempt & { readonly retryDelaysMs?: readonly number[] },
  signal: AbortSignal,
): Promise<Verification> {
  const delaysMs = (attempt.retryDelaysMs ?? RETRY_DELAYS_MS).values()
  const anonymous = createAnonymousPull()
  for (;;) {
    const result = await verifyOnce(send, attempt, anonymous)
    const { value: delayMs } = delaysMs.next()
    if (result.kind !== 'refused' || delayMs === undefined) return result
    log.info(
      `${result.error.message}. A new credential can take some seconds to become valid: retrying in ${delayMs / 1000} s`,
    )
    await delay(delayMs, `verify the new credential at registry ${attempt.server}`, signal)
  }
}

/**
 * Verifies a credential as a pull would use it, without pulling: logs in as the registry's challenge demands, and reads
 * the manifest of the image where one is given.
 * @throws ActionError when the registry's challenge cannot be followed safely
 */
export async function verify(send: Send, attempt: Attempt): Promise<Verification> {
  return await verifyOnce(send, attempt, createAnonymousPull())
}

async function verifyOnce(send: Send, attempt: Attempt, anonymous: AnonymousPull): Promise<Verification> {
  try {
    return await check(await connectRegistry(send, attempt.server), attempt, anonymous)
  } catch (error) {
    if (error instanceof HttpError || error instanceof NetworkError || error instanceof UnexpectedResponse)
      return unavailable(error)
    throw error
  }
}

async function check(
  registry: Registry,
  { server, ...attempt }: Attempt,
  anonymous: AnonymousPull,
): Promise<Verification> {
  const { challenge, ping, host } = registry
  const { login, image } = attempt
  if (challenge === undefined && !isRegistryPing(ping)) return ping.status === 403 ? notLetIn(ping) : notARegistry(ping)
  if (image === undefined) {
    const result = challenge === undefined ? 'no-login-required' : await tryLogin(registry, login)
    return typeof result === 'object' ? result : verified(result, { server, host, image: '' })
  }
  const challenged = challenge === undefined ? await withChallengeFor(registry, image) : registry
  const isLoginRequired = challenged.challenge !== undefined
  const result = isLoginRequired ? await tryPull(challenged, { login, image }, anonymous) : 'no-login-required'
  if (typeof result === 'object') return await withRepositories(challenged, { ...attempt, image }, result)
  const subject = { server, host, image: shortName(image) }
  if (result !== 'image-missing') return verified(result, subject)
  return verified(result, { ...subject, suggestion: await suggestImage(challenged, { ...attempt, image }) })
}

/** A registry also denies access to a namespace that is misspelt. Its catalog says nothing about what the login may pull. */
async function withRepositories(registry: Registry, missing: MissingImage, result: Unverified): Promise<Unverified> {
  if (result.kind !== 'forbidden' || missing.listRepositories === undefined) return result
  const { code, message, hint = '', details, cause } = result.error
  const suggestion = await suggestRepository(registry, missing)
  return {
    ...result,
    error: new ActionError(code, message, { hint: withSuggestion(hint, suggestion), details, cause }),
  }
}

/** Proxies and portals in front of a registry also return 200, with a web page. */
function isRegistryPing(ping: HttpResponse): boolean {
  const isPage = /^text\/html/i.test(header(ping, 'content-type') ?? '') || /^\s*<(?:!doctype|html)/i.test(ping.text)
  return ping.status === 200 && !isPage
}

/** Some registries send a challenge only for private images, and none for `GET /v2/`. */
async function withChallengeFor(registry: Registry, image: ImageReference): Promise<Registry> {
  const { response } = await registry.send({ ...manifestRequest(registry, image), method: 'HEAD' })
  return registry.withChallenge(challengeOf(response))
}
