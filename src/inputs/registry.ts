import { isLoopback } from '../http/address.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import { hasHost, opens, opensNothing } from '../registry/reference.ts'
import type { ImageReference } from '../registry/verify.ts'
import { quote, type Reader } from './reader.ts'

/** How the credential is presented, and to which registries. */
export interface RegistryInputs {
  /** As they stand in the docker config. */
  readonly servers: readonly string[]
  readonly username: string
  readonly email: string | undefined
  /** What the credential must be able to pull. */
  readonly image: ImageReference | undefined
}

export function readRegistry(read: Reader, credential: CredentialRequest): RegistryInputs {
  const given = read.list('docker-server')
  for (const server of given) checkServer(read, server)
  const usual = usualFor(credential)
  const servers = given.length > 0 ? [...new Set(given)] : usual.servers
  const username =
    read.matching('docker-username', /^[^:\s]+$/, 'Allowed: a name without colons and spaces.') ?? usual.username
  for (const [name, value] of Object.entries({ 'docker-server': servers, 'docker-username': username })) {
    if (value !== undefined) continue
    read.refuse(name, `is missing, and \`provider: ${credential.provider}\` needs it`, EXAMPLES[name])
  }
  return {
    servers: servers ?? [],
    username: username ?? '',
    email: read.matching('docker-email', /^\S+$/, 'Allowed: an address without spaces.'),
    image: readImage(read, servers ?? []),
  }
}

/** What each provider's credentials are for, where it is known. */
function usualFor(credential: CredentialRequest): {
  readonly servers: readonly string[] | undefined
  readonly username: string | undefined
} {
  switch (credential.provider) {
    case 'dedicated': {
      const { registryEndpoint: url } = credential
      return { servers: URL.canParse(url) ? [new URL(url).host] : [], username: 'token' }
    }
    case 'ibmcloud':
      return { servers: undefined, username: 'iamapikey' }
    case 'static':
      return { servers: undefined, username: undefined }
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  'docker-server': 'Give the registry hosts, as in us.icr.io or ghcr.io.',
  'docker-username': 'Give the user name that the login of the registry gave.',
}

const SERVER = /^(https?:\/\/)?((?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?)(\/\S*)?$/

function checkServer(read: Reader, server: string): void {
  const [, scheme, host = ''] = SERVER.exec(server) ?? []
  const allowed = 'Allowed: hosts in lower case, with a port where they have one, as in registry.example.com:5000.'
  const hub = server.includes('docker.io') ? 'https://index.docker.io/v1/' : host
  if (host === '' || !URL.canParse(`https://${host}`)) read.refuse('docker-server', `holds ${quote(server)}`, allowed)
  else if (scheme === 'http://' && !isLoopback(host.replace(/:\d+$/, ''))) {
    read.refuse('docker-server', `holds ${quote(server)}, which is not https`, allowed)
  } else if (opensNothing(server)) {
    read.refuse('docker-server', `holds ${quote(server)}, which nodes take for no image at all`, `Give ${hub} instead.`)
  }
}

const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/

function readImage(read: Reader, servers: readonly string[]): ImageReference | undefined {
  const value = read.text('verify-image')
  if (value === undefined) return undefined
  // Whoever pastes the whole name of the image means the same.
  const server = servers.find((one) => value.startsWith(`${one}/`))
  const image = parseImage(server === undefined ? value : value.slice(server.length + 1))
  if (server === undefined && hasHost(value)) {
    read.warnings.push(
      `\`verify-image\` begins with ${quote(value.split('/')[0] ?? '')}, which is none of \`docker-server\`: it is taken for a namespace.`,
    )
  }
  if (image === undefined) {
    read.refuse(
      'verify-image',
      `is ${quote(value)}`,
      'Allowed: namespace/image, with :tag or @digest, without a registry host.',
    )
  }
  return image
}

function parseImage(value: string): ImageReference | undefined {
  const [, repository = '', tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(value) ?? []
  const isValid =
    REPOSITORY.test(repository) && TAG.test(tag ?? 'latest') && (digest === undefined || DIGEST.test(digest))
  return isValid ? { repository, reference: digest ?? tag ?? 'latest' } : undefined
}

/** The whole name of an image: one without a registry host gets this one, one without a tag gets `latest`. */
export function wholeImage(image: string, server: string): string {
  const named = hasHost(image) ? image : `${server.replace(/^https?:\/\//, '').replace(/\/.*$/, '')}/${image}`
  return /[:@][^/]*$/.test(named.slice(named.indexOf('/'))) ? named : `${named}:latest`
}

/** An image whose host is none of the secret's is pulled without it: the usual reason of `ImagePullBackOff`. */
export function warnOfMismatch(read: Reader, image: string, servers: readonly string[]): void {
  if (servers.length === 0 || servers.some((server) => opens(server, image))) return
  read.warnings.push(
    `Nodes use none of \`docker-server\` (${servers.join(', ')}) for the \`image\` ${image}: host and port must be the same texts.`,
  )
}
