import { isJwt } from '../core/jwt.ts'
import { isLoopback } from '../http/address.ts'
import type { DockerConfigRequest } from '../issuer/docker-config/request.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import {
  hostOf,
  type ImageReference,
  imageAt,
  matchesImage,
  matchesNoImage,
  namesHost,
  parseImage,
  referenceOf,
} from '../registry/reference.ts'
import { DOCKER_HUB_KEY, rightHost } from '../registry/wrong-host.ts'
import { isPlaceholder, maskProvided, publish } from '../runner/mask.ts'
import { REGISTRY } from './grammar.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'
import type { TextRow } from './table/row.ts'
import { INPUTS } from './table.ts'

/** The registries, and how the credential is presented to them. */
export interface RegistryInputs {
  /** Keys of the docker config, as the user wrote them. */
  readonly servers: readonly string[]
  /** Undefined: each credential has its own. */
  readonly username: string | undefined
  readonly email: string | undefined
  /** The image that the credential must be able to pull: in the registry that it names, or in each one. */
  readonly image: ImageReference | undefined
}

export function readRegistry(read: Reader, credential: CredentialRequest): RegistryInputs {
  const servers = readServers(read, credential)
  const { providerDefaults = {} }: TextRow = INPUTS['docker-username']
  const username = read.text('docker-username') ?? providerDefaults[credential.provider]
  if (username !== undefined && isSecretUsername(username, credential)) maskProvided(username)
  else if (username !== undefined) publish([username])
  publish(servers)
  return {
    servers,
    username,
    email: read.text('docker-email'),
    image: readVerifyImage(read, servers),
  }
}

/** A JWT as user name is the secret: https://docs.nginx.com/nginx/deployment-guides/kubernetes/ (password `none`). */
function isSecretUsername(username: string, credential: CredentialRequest): boolean {
  return isJwt(username) || (credential.provider === 'static' && isPlaceholder(credential.password))
}

function readServers(read: Reader, credential: CredentialRequest): string[] {
  const servers = new Set(read.list('docker-server'))
  const listsHub = [...servers].some((server) => matchesImage(server, 'docker.io/library/any'))
  for (const server of servers) checkServer(read, server, listsHub)
  if (servers.size === 0 && credential.provider === 'docker-config') return serversOf(credential)
  const endpoint = registryEndpointOf(credential)
  if (servers.size === 0 && endpoint !== undefined && URL.canParse(endpoint)) servers.add(new URL(endpoint).host)
  return [...servers]
}

/** Those that are known before the credentials store or the clusters are asked: none, if they may know more. */
function serversOf({ source }: DockerConfigRequest): string[] {
  if (source.kind === 'secret' || source.listed !== undefined) return []
  return [...source.logins, ...source.asked].map(({ server }) => server)
}

/** Of an issuer that is the registry as well. */
function registryEndpointOf(credential: CredentialRequest): string | undefined {
  switch (credential.provider) {
    case 'dedicated':
      return credential.registryEndpoint
    case 'harbor':
      return credential.endpoint
    default:
      return undefined
  }
}

function checkServer(read: Reader, server: string, listsHub: boolean): void {
  const [, scheme, host] = REGISTRY.exec(server) ?? []
  if (host === undefined) return // The reader has added an error.
  const problem = `contains ${quote(server)}`
  const right = rightHost(host.replace(/:\d+$/, ''), listsHub)
  if (!URL.canParse(`https://${host}`)) read.addInvalid('docker-server', problem)
  else if (scheme === 'http://' && !isLoopback(host.replace(/:\d+$/, '')))
    read.addInvalid('docker-server', `${problem}, which is not an https URL`)
  else if (right !== undefined)
    read.addError('docker-server', `${problem}, which is not the host in the names of images`, `Use ${right} instead.`)
  else if (matchesNoImage(host))
    read.addError('docker-server', `${problem}, which no image can have as its host`, WORD_HINT)
  else if (matchesNoImage(server)) {
    const matching = /(^|\.)docker\.io$/.test(host) ? DOCKER_HUB_KEY : host
    read.addError('docker-server', `${problem}, which the kubelet matches with no image`, `Use ${matching} instead.`)
  }
}

/** https://github.com/distribution/reference/blob/main/normalize.go */
const WORD_HINT = `In the name of an image, a host has a dot or a port, or is localhost. For Docker Hub use ${DOCKER_HUB_KEY}, for another registry its full name, or its port.`

/** Undefined also where it is invalid, or where nodes do not use the credential for it: `addImageError` says why. */
function readVerifyImage(read: Reader, servers: readonly string[]): ImageReference | undefined {
  const image = parseVerifyImage(read.text('verify-image') ?? '', servers)
  return image && (servers.length === 0 || isMatched(image, servers)) ? image : undefined
}

export function parseVerifyImage(value: string, servers: readonly string[]): ImageReference | undefined {
  if (namesHost(value)) {
    // A user name and password before the host.
    if (hostOf(value).includes('@')) return undefined
    const image = referenceOf(value)
    return image && { ...image, host: hostOf(value) }
  }
  // A host of one label, such as that of a Service, is a namespace to docker.
  const host = servers.find((server) => value.startsWith(`${server}/`))
  const image = parseImage(value.slice(host ? host.length + 1 : 0))
  return image && { ...image, host }
}

/** Whether nodes pull an image with one of the credentials. */
export function isMatched(image: ImageReference, servers: readonly string[]): boolean {
  return servers.some((server) => imageAt(server, image) !== undefined)
}

/** The full name of an image: without a registry host it gets that of `server`, without a tag it gets `latest`. */
export function fullImageName(image: string, server: string): string {
  const named = namesHost(image) ? image : `${server.replace(/^https?:\/\//, '').split('/', 1)[0]}/${image}`
  return /[:@]/.test(named.slice(named.lastIndexOf('/'))) ? named : `${named}:latest`
}
