import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { decodeBase64, textOf } from '../core/base64.ts'
import { reason } from '../core/errors.ts'
import { readRegularFile } from '../core/regular-file.ts'
import { type DockerConfig, parseDockerConfig } from '../issuer/docker-config/config.ts'
import { type HostProblem, hostProblem, LOG_IN, shownKeys, tooManyHosts } from '../issuer/docker-config/problem.ts'
import type { ConfigSource, DockerConfigRequest, SecretSource } from '../issuer/docker-config/request.ts'
import { allHosts, type HostSource, selectHosts } from '../issuer/docker-config/select.ts'
import { secretOf, shortLifeOf } from '../issuer/known-life.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import { keyForNodes, keysForNodes, loginInstead } from '../registry/config-key.ts'
import { namesHost } from '../registry/reference.ts'
import { maskProvided } from '../runner/mask.ts'
import { expandHome } from './home-path.ts'
import { quote, quotePath } from './quote.ts'
import type { Reader } from './reader.ts'
import type { RegistryInputs } from './registry.ts'

const MAX_CONFIG_BYTES = 1024 * 1024

/** Where the credentials of the registry hosts are. The config is read here, so its errors are input errors. */
export function readDockerConfig(read: Reader, environment: NodeJS.ProcessEnv): DockerConfigRequest {
  const allowsShortLived = read.flag('allow-short-lived')
  const source = readSecretSource(read) ?? readConfigSource(read, environment, allowsShortLived)
  return { provider: 'docker-config', source, allowsShortLived }
}

function readSecretSource(read: Reader): SecretSource | undefined {
  const [namespace = '', name = ''] = read.text('docker-config-secret')?.split('/') ?? []
  if (namespace === '') return undefined
  if (!read.isSet('secret-name')) read.addError('docker-config-secret', 'needs `secret-name`, which is not set')
  return { kind: 'secret', namespace, name }
}

function readConfigSource(read: Reader, environment: NodeJS.ProcessEnv, allowsShortLived: boolean): ConfigSource {
  const config = readConfig(read, environment)
  const requested = [...new Set(read.list('docker-server'))]
  const none = { kind: 'config', logins: [], asked: [], listed: undefined, environment: {} } as const
  if (config === undefined) return none
  const all = requested.length > 0 ? [] : allHosts(config)
  const sources = requested.length > 0 ? selectHosts(config, requested) : forNodes(all)
  for (const source of sources) checkSource(read, source, { config, allowsShortLived })
  const listed = requested.length > 0 ? undefined : config.credsStore
  const unusable = unusableKeys(all)
  const isEmpty = sources.length === 0 && listed === undefined
  if (unusable !== undefined && isEmpty) read.addError('docker-config', ...unusable)
  else if (unusable !== undefined) read.warnings.push(`\`docker-config\` ${unusable.join('. ')}`)
  else if (isEmpty)
    read.addError('docker-config', 'contains no credential of a registry', `${LOG_IN}${emptyEntries(config)}`)
  const tooMany = tooManyHosts(sources.length)
  if (tooMany !== undefined) read.addError('docker-config', ...tooMany)
  return {
    kind: 'config',
    logins: sources.flatMap((one) => (one.kind === 'entry' ? [{ ...one.login, server: one.server }] : [])),
    asked: sources.filter((one) => one.kind === 'helper'),
    listed,
    environment: read.childEnvironment(),
  }
}

function emptyEntries({ entries }: DockerConfig): string {
  const keys = [...entries].flatMap(([key, { kind }]) => (kind === 'empty' ? [key] : []))
  return keys.length === 0 ? '' : ` Its entries have no user name and password: ${shownKeys(keys)}.`
}

/** Nodes would not use their credentials. */
function unusableKeys(sources: readonly HostSource[]): HostProblem | undefined {
  const keys = sources.map(({ server }) => server).filter((key) => keyForNodes(key) === undefined && loginInstead(key))
  if (keys.length === 0) return undefined
  const hints = new Set(keys.slice(0, 3).map((key) => `Log in to ${loginInstead(key)} instead.`))
  return [`has a credential for ${shownKeys(keys)}, which matches no image`, [...hints].join(' ')]
}

/** Under the keys by which the kubelet finds them, each once. */
function forNodes(sources: readonly HostSource[]): HostSource[] {
  const keys = keysForNodes(sources.map(({ server }) => server))
  return [...keys].flatMap(([server, key]) =>
    sources.filter((source) => source.server === key).map((source) => ({ ...source, server })),
  )
}

/** Which host is the first one may be known only when the clusters or the credentials store were asked. */
export function checkImageHost(
  read: Reader,
  { provider }: CredentialRequest,
  { servers }: Pick<RegistryInputs, 'servers'>,
): void {
  if (provider !== 'docker-config' || servers.length > 0) return
  const image = read.text('image')
  if (image !== undefined && !namesHost(image))
    read.addError('image', 'names no registry host', 'Start it with the host, or set `docker-server`.')
}

interface Check {
  readonly config: DockerConfig
  readonly allowsShortLived: boolean
}

function checkSource(read: Reader, source: HostSource, { config, allowsShortLived }: Check): void {
  const { kind, server } = source
  if (kind === 'missing') {
    const keys = shownKeys([...config.entries.keys(), ...config.credHelpers.keys()])
    read.addError('docker-config', `has no credential for ${server}`, `${LOG_IN} It has ${keys}.`)
  } else if (kind === 'identity-token') {
    read.addError('docker-config', ...hostProblem({ kind, server }))
  } else if (kind === 'entry' && !allowsShortLived) {
    const short = shortLifeOf(secretOf(source.login), new Date())
    if (short !== undefined)
      read.addError('docker-config', `cannot be used: its credential for ${server} ${short.problem}`, short.hint)
  }
}

function readConfig(read: Reader, environment: NodeJS.ProcessEnv): DockerConfig | undefined {
  const value = read.text('docker-config')
  const text = value === undefined ? undefined : inlineText(value)
  const path = pathOf(value, environment)
  const what =
    value === undefined ? `is not set, and ${quote(path)}` : text === undefined ? `is ${quotePath(value)}, which` : ''
  if (text === undefined && !existsSync(path)) {
    read.addError('docker-config', `${what} does not exist`, LOG_IN)
    return undefined
  }
  try {
    const bytes = text === undefined ? readRegularFile(path, MAX_CONFIG_BYTES) : undefined
    return parseDockerConfig(text ?? (bytes && textOf(bytes)) ?? '')
  } catch (error) {
    const problem = what === '' ? 'is not a docker config' : `${what} is not a docker config`
    read.addError(
      'docker-config',
      `${problem}: ${reason(error)}`,
      'Allowed: a path, or the JSON text of a docker config.',
    )
    return undefined
  }
}

/** The JSON text of an input, as it is, in quotes, or in base64, or what has several lines; undefined: a path. */
function inlineText(value: string): string | undefined {
  const isObject = (text: string) => /^\s*\{/.test(text)
  const unquoted = value.replaceAll(/^["']|["']$/g, '')
  const text =
    [value, unquoted].find(isObject) ?? decodeBase64(value, isObject) ?? (value.includes('\n') ? value : undefined)
  if (text === undefined) return undefined
  maskProvided(value)
  return text
}

/** Docker and `DOCKER_CONFIG` name the folder. https://docs.docker.com/reference/cli/docker/#configuration-files */
function pathOf(value: string | undefined, environment: NodeJS.ProcessEnv): string {
  const { DOCKER_CONFIG, HOME, USERPROFILE } = environment
  if (value === undefined) return join(DOCKER_CONFIG || join(HOME || USERPROFILE || homedir(), '.docker'), CONFIG_FILE)
  const path = expandHome(value, environment)
  return existsSync(path) && statSync(path).isDirectory() ? join(path, CONFIG_FILE) : path
}

const CONFIG_FILE = 'config.json'
