import { pause } from '../core/abort.ts'
import { type HttpAnswer, header, type Send } from '../http/client.ts'
import { HttpError, NetworkError } from '../http/errors.ts'
import * as log from '../runner/log.ts'
import { challengeOf, type Login, open, openRegistry, type RegistrySession } from './session.ts'
import { refusal, type Verdict, verdict } from './verdict.ts'

/** An image of a registry: `team/app`, and its tag or digest. */
export interface ImageReference {
  readonly repository: string
  readonly reference: string
}

/** Pauses before a new credential is tried again: an issuer needs some seconds until all its servers know it. */
const PATIENCE = [500, 1000, 2000, 4000, 8000]

/** Tries a credential that was minted just now: a refusal may be too early. */
export async function verifyNew(
  send: Send,
  server: string,
  login: Login,
  image: ImageReference | undefined,
  signal: AbortSignal,
): Promise<Verdict> {
  for (const time of PATIENCE) {
    const result = await verify(send, server, login, image)
    if (result.kind !== 'refused') return result
    log.info(`${result.sentence}. A new credential may need some seconds: trying again in ${time / 1000} s`)
    await pause(time, `prove the new credential at ${server}`, signal)
  }
  return await verify(send, server, login, image)
}

/**
 * Tries a credential at a registry as a pull would, without pulling: the login by the registry's challenge, then the
 * manifest of the image where one is given.
 * @param server a host as it stands in the docker config
 */
export async function verify(
  send: Send,
  server: string,
  login: Login,
  image: ImageReference | undefined,
): Promise<Verdict> {
  try {
    const registry = await openRegistry(send, server)
    if (registry.challenge === undefined && !isGreeting(registry.ping)) {
      const what = registry.ping.status === 200 ? 'a web page' : `${registry.ping.status} and no challenge`
      return verdict('no-registry', `${host(registry)} answers GET /v2/ with ${what}, as no registry does`)
    }
    const needsAsking = registry.challenge === undefined && image !== undefined
    const asked = needsAsking ? await askForImage(send, registry, image) : registry
    if (asked.challenge === undefined) return verdict('open', `${host(asked)} asks for no login: nothing is proven`)
    return image === undefined ? await tryLogin(send, asked, login) : await tryImage(send, asked, login, image)
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof NetworkError)) throw error
    return verdict('unavailable', error.message, error.cure)
  }
}

/** A page that some proxy or portal puts in the way also answers 200. */
function isGreeting(ping: HttpAnswer): boolean {
  return ping.status === 200 && !header(ping, 'content-type')?.startsWith('text/html')
}

async function tryLogin(send: Send, registry: RegistrySession, login: Login): Promise<Verdict> {
  const { by, answer } = await open(send, registry, login, { path: '/v2/' })
  if (answer.status === 200) return verdict('accepted', `${host(registry)} accepts the credential`)
  if (by === 'realm') return refusedByRealm(registry, answer)
  return refusal(answer.status === 403 ? 'denied' : 'refused', host(registry), answer)
}

/** Only 400 and 401 speak of the credential; a token server that is not there is no reason to mint another. */
function refusedByRealm(registry: RegistrySession, answer: HttpAnswer): Verdict {
  const server = `The token server of ${host(registry)}`
  if (answer.status === 403) return refusal('denied', server, answer)
  if (answer.status === 400 || answer.status === 401) return refusal('refused', server, answer)
  return verdict('unavailable', `${server} answers ${answer.status}`, 'Ask the operators of the registry.')
}

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** Some registries greet anybody, and ask for a login only where an image is private. */
async function askForImage(send: Send, registry: RegistrySession, image: ImageReference): Promise<RegistrySession> {
  const { answer } = await open(send, registry, undefined, { ...manifest(image), method: 'HEAD' })
  return { ...registry, challenge: challengeOf(answer) }
}

function manifest({ repository, reference }: ImageReference) {
  return { path: `/v2/${repository}/manifests/${reference}`, scope: `repository:${repository}:pull`, accept: MANIFESTS }
}

async function tryImage(send: Send, registry: RegistrySession, login: Login, image: ImageReference): Promise<Verdict> {
  const request = manifest(image)
  const shown = `${image.repository}${image.reference.includes(':') ? '@' : ':'}${image.reference}`
  const head = await open(send, registry, login, { ...request, method: 'HEAD' })
  // A HEAD has no body, and some proxies refuse it: the same as GET tells why.
  const isTold = head.by === 'realm' || head.answer.status === 200
  const { by, answer } = isTold ? head : await open(send, registry, login, request)
  if (by === 'realm') return refusedByRealm(registry, answer)
  if (answer.status === 200) {
    const anybody = await open(send, registry, undefined, { ...request, method: isTold ? 'HEAD' : 'GET' })
    return anybody.answer.status === 200 && anybody.by === 'registry'
      ? await behindPublic(send, registry, login, shown)
      : verdict('pulls', `${host(registry)} opens ${shown} with the credential, and not without it`)
  }
  // A registry that greets anybody says nothing of a login there.
  const isGreeter = registry.ping.status === 200 && registry.challenge?.scheme === 'basic'
  if (isGreeter && answer.status === 401) return refusal('refused', host(registry), answer)
  const basis = await tryLogin(send, registry, login)
  if (basis.kind !== 'accepted') return basis
  if (answer.status === 404) return verdict('missing', `${host(registry)} accepts the credential, but has no ${shown}`)
  return refusal('forbidden', host(registry), answer)
}

/** A public image opens with any credential, even a bad one where the registry is kind: only the login counts then. */
async function behindPublic(send: Send, registry: RegistrySession, login: Login, image: string): Promise<Verdict> {
  const basis = await tryLogin(send, registry, login)
  return basis.kind === 'accepted'
    ? verdict('public', `${host(registry)} accepts the credential; ${image} is public, so it proves nothing`)
    : basis
}

function host(registry: RegistrySession): string {
  return new URL(registry.origin).host
}
