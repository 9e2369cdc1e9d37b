// How a node pulls: with each login in turn, and with containerd's message when none of them can.
import { STATUS_CODES } from 'node:http'
import { createRegistryClient, type RegistryAnswer, type RegistryLogin } from '../registry/client.ts'
import { loginsFor, type Secret } from '../registry/docker-keyring.ts'
import { MANIFEST_TYPE } from '../registry/image.ts'

const ACCEPT = [
  MANIFEST_TYPE,
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

/**
 * Pulls an image, which here means its manifest.
 * @param certificateAuthority of the registries; without one they are asked by http
 * @throws Error with containerd's message when no login can pull it
 */
export async function pullImage(
  image: string,
  secrets: readonly Secret[],
  certificateAuthority: string | undefined,
): Promise<void> {
  const logins = loginsFor(parseImage(image).name, secrets)
  let refusal: string | undefined
  for (const login of logins.length === 0 ? [undefined] : logins) {
    refusal = await tryLogin(image, login, certificateAuthority)
    if (refusal === undefined) return
  }
  throw new Error(refusal)
}

/** @returns why this login cannot pull the image; undefined when it can */
async function tryLogin(
  image: string,
  login: RegistryLogin | undefined,
  certificateAuthority: string | undefined,
): Promise<string | undefined> {
  const { host, repository, reference } = parseImage(image)
  const origin = `${certificateAuthority === undefined ? 'http' : 'https'}://${host}`
  await using client = createRegistryClient(origin, login, { certificateAuthority, userAgent: 'fake kubelet' })
  const unresolved = `desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}"`
  const path = `/v2/${repository}/manifests/${reference}`
  try {
    const answer = await client.send({ method: 'HEAD', path, headers: { accept: ACCEPT } })
    if (answer.status === 200) return undefined
    if (answer.status === 404) return `rpc error: code = NotFound ${unresolved}: ${image}: not found`
    return `rpc error: code = Unknown ${unresolved}: ${explain(answer)}`
  } catch (error) {
    const isRefused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
    const why = isRefused ? `dial tcp ${host}: connect: connection refused` : String(error)
    return `rpc error: code = Unknown ${unresolved}: failed to do request: Head "${origin}${path}": ${why}`
  }
}

function explain({ by, url, status }: RegistryAnswer): string {
  const answered = `request to ${url}: ${status} ${STATUS_CODES[status]}`
  if (by === 'realm') return `failed to authorize: failed to fetch oauth token: unexpected status from GET ${answered}`
  if (status !== 401) return `unexpected status from HEAD ${answered}`
  return 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'
}

interface ImageReference {
  readonly host: string
  readonly repository: string
  /** Tag or digest. */
  readonly reference: string
  readonly name: string
}

/** `[host[:port]/]repository[:tag][@digest]`, as a Pod spec names it; Docker Hub where no host is named. */
function parseImage(image: string): ImageReference {
  const [, name = image, tag = 'latest', digest] = /^(.+?)(?::([\w][\w.-]*))?(?:@(.+))?$/.exec(image) ?? []
  const [first = '', ...rest] = name.split('/')
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const host = hasHost ? first : 'docker.io'
  const repository = hasHost ? rest.join('/') : rest.length > 0 ? name : `library/${name}`
  return { host, repository, reference: digest ?? tag, name: `${host}/${repository}` }
}
