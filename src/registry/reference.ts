import { matchesGlob } from './glob.ts'

/** An image without its registry: repository (`team/app`), and tag or digest. */
export interface ImageReference {
  /** The registry host that it was named with; undefined: it is in all registries of the credential. */
  readonly host?: string | undefined
  readonly repository: string
  readonly reference: string
}

/**
 * The parts of an image reference after the registry host.
 * https://github.com/distribution/reference/blob/main/reference.go
 */
export const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
export const TAG = /^\w[\w.-]{0,127}$/
/**
 * Only the two algorithms that every registry knows have a fixed length here: others are left to the registry.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
export const DIGEST =
  /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|(?!sha(?:256|512):)[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,})$/

/** Parses an image without its registry; undefined when it is malformed. */
export function parseImage(image: string): ImageReference | undefined {
  const [, repository = '', tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? []
  const isValid =
    REPOSITORY.test(repository) && TAG.test(tag ?? 'latest') && (digest === undefined || DIGEST.test(digest))
  return isValid ? { repository, reference: digest ?? tag ?? 'latest' } : undefined
}

/** As `parseImage`, of an image as a Pod names it. */
export function referenceOf(image: string): ImageReference | undefined {
  return parseImage(splitImage(image).repository)
}

/** The registry host of an image; Docker Hub where the image names none. */
export function hostOf(image: string): string {
  return namesHost(image) ? (image.split('/')[0] ?? '') : DOCKER_HUB
}

/**
 * Whether an image names its registry host. Otherwise its first component belongs to the repository.
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
export function namesHost(image: string): boolean {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
}

/** An image without its tag and digest. */
export function repositoryOf(image: string): string {
  const [named = ''] = image.split('@', 1)
  const colon = named.lastIndexOf(':')
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named
}

/** A host name has at most 253 characters, and a port five: https://www.rfc-editor.org/rfc/rfc1123#section-2 */
const MAX_HOST_LENGTH = 260

/**
 * Whether the kubelet uses an entry of a docker config for an image: each part of the host name matches, `*` within one part,
 * the ports are equal, and the path of the entry is a prefix of the repository. Anyone who may edit a secret chooses entries.
 * @see https://kubernetes.io/docs/concepts/containers/images/#config-json
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
 */
export function matchesImage(entry: string, image: string): boolean {
  return matchesName(entry, splitImage(image))
}

/**
 * An image with its full name, which without a host is that at the host of the entry; undefined where the kubelet does not
 * use the entry for it.
 */
export function imageAt(entry: string, image: ImageReference): ImageReference | undefined {
  const name = completeName(image.host ?? parseEntry(entry).host, image.repository)
  return matchesName(entry, name) ? { ...image, ...name } : undefined
}

/** Where an image is, without its tag and digest. */
interface ImageName {
  readonly host: string
  readonly repository: string
}

function matchesName(entry: string, { host: imageHost, repository }: ImageName): boolean {
  const { host, path } = parseEntry(entry)
  if (imageHost === DOCKER_HUB && host === LEGACY_DOCKER_HUB && path === '') return true
  return matchesHost(host, imageHost) && repository.startsWith(path)
}

function splitImage(image: string): ImageName {
  return completeName(hostOf(image), namesHost(image) ? image.slice(image.indexOf('/') + 1) : image)
}

/**
 * As the kubelet completes the name of an image: `index.docker.io` becomes `docker.io`, and a repository of one part is in
 * `library`.
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
function completeName(host: string, repository: string): ImageName {
  if (host !== DOCKER_HUB && host !== LEGACY_DOCKER_HUB) return { host, repository }
  return { host: DOCKER_HUB, repository: repository.includes('/') ? repository : `library/${repository}` }
}

function matchesHost(pattern: string, host: string): boolean {
  if (host.length > MAX_HOST_LENGTH) return false
  const [name = '', port] = splitPort(host)
  const [patternName = '', patternPort] = splitPort(pattern)
  const labels = name.split('.')
  const globs = patternName.split('.')
  return (
    port === patternPort && globs.length === labels.length && globs.every((glob, at) => matchesLabel(glob, labels[at]))
  )
}

function matchesLabel(glob: string, label = ''): boolean {
  return glob === label || matchesGlob(glob, label)
}

function splitPort(host: string): readonly [string, string?] {
  const colon = host.lastIndexOf(':')
  // The colons of an IPv6 address are in brackets.
  return colon > host.lastIndexOf(']') ? [host.slice(0, colon), host.slice(colon + 1)] : [host]
}

/**
 * Whether an entry can match no image: its host is a single word, which is not a host in the name of an image; its path is `v1` or
 * `v2` without a final slash, or not that of a repository; or it has a path after `index.docker.io`, which the kubelet reads as
 * `docker.io` in the name of an image.
 */
export function matchesNoImage(entry: string): boolean {
  const { host, path } = parseEntry(entry)
  if (!namesHost(`${host}/any`)) return true
  if (host === LEGACY_DOCKER_HUB && path !== '') return true
  return /^v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path)
}

/** How the images begin that the kubelet uses an entry for. */
export function imagePrefix(entry: string): string {
  const { host, path } = parseEntry(entry)
  return `${host === LEGACY_DOCKER_HUB ? DOCKER_HUB : host}/${path}`
}

/** The kubelet ignores the scheme of an entry, and `/v1/` or `/v2/` at the start of its path. */
function parseEntry(entry: string): { readonly host: string; readonly path: string } {
  const [host = '', ...path] = entry.replace(/^https?:\/\//, '').split('/')
  return { host, path: path.join('/').replace(/^v[12]\//, '') }
}

const DOCKER_HUB = 'docker.io'
const LEGACY_DOCKER_HUB = 'index.docker.io'
