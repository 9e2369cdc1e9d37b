import { type ActionError, ActionErrors, actionErrorOf, InputError } from '../core/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { isMatched } from '../inputs/registry.ts'
import { askHelpers } from '../issuer/docker-config/ask-helpers.ts'
import { type HelperOptions, listKeys } from '../issuer/docker-config/credential-helper.ts'
import { hostProblem, LOG_IN, tooManyHosts } from '../issuer/docker-config/problem.ts'
import type { ConfigSource, SecretSource } from '../issuer/docker-config/request.ts'
import type { HelperSource } from '../issuer/docker-config/select.ts'
import { knownLifeOf, secretOf, shortLifeOf } from '../issuer/known-life.ts'
import type { Logins } from '../policy/credential.ts'
import { lacksHosts, readSourceSecret } from '../pull-secret/source-secret.ts'
import { keysForNodes } from '../registry/config-key.ts'
import type { HostLogin } from '../registry/docker-config.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { withServers } from './with-servers.ts'

/** A credential that the workflow provides: the run neither mints nor revokes it. */
export interface ProvidedCredential {
  /** The input that it comes from. */
  readonly input: 'docker-password' | 'docker-config' | 'docker-config-secret'
  readonly logins: Logins
  /** The earliest expiry that is known of them. */
  readonly expiresAt: Date | undefined
  /** Why there is no credential for a cluster, by the name of the cluster. */
  readonly failed: ReadonlyMap<string, ActionError>
}

type Found = Pick<ProvidedCredential, 'input' | 'failed'> & { readonly logins: readonly HostLogin[] }

const NONE_FAILED: ReadonlyMap<string, ActionError> = new Map()

/**
 * The context with what the workflow provides, and with the registry hosts that it is for. A run that mints goes on as it is.
 * @throws ActionError | ActionErrors when no credential can be used
 */
export async function readProvided(context: RunContext): Promise<RunContext> {
  const { credential, registry } = context.inputs
  switch (credential.provider) {
    case 'static': {
      const { servers, username = '' } = registry
      const login: HostLogin = { servers, username, password: credential.password }
      return await withProvided(context, { input: 'docker-password', logins: [login], failed: NONE_FAILED })
    }
    case 'docker-config': {
      const { source, allowsShortLived } = credential
      const found = source.kind === 'config' ? await askConfig(context, source) : await readSecrets(context, source)
      if (!allowsShortLived) checkLife(found, context.clock.now())
      return await withProvided(context, found)
    }
    default:
      return context
  }
}

async function withProvided(context: RunContext, { input, logins, failed }: Found): Promise<RunContext> {
  const now = context.clock.now()
  const expiries = logins.flatMap((login) => knownLifeOf(secretOf(login), now)?.expiresAt.getTime() ?? [])
  const expiresAt = expiries.length === 0 ? undefined : new Date(Math.min(...expiries))
  const [first, ...others] = logins
  if (first === undefined) throw new InputError(input, 'contains no credential of a registry', LOG_IN)
  const all: Logins = [first, ...others]
  const servers = [...new Set(logins.flatMap((login) => login.servers))]
  if (input !== 'docker-password') log.info(`Using the credentials for ${servers.join(', ')} from \`${input}\`.`)
  const { inputs, login } = withServers(context, servers)
  if (context.inputs.registry.servers.length === 0) {
    await requireMatchedImage(inputs)
    await warnOfImages(inputs)
  }
  return { ...context, inputs, provided: { input, logins: all, expiresAt, failed }, login: { ...login, provided: all } }
}

/** An image that nodes pull with none of the credentials would not be verified at all. */
async function requireMatchedImage({ registry: { image, servers } }: Inputs): Promise<void> {
  if (image === undefined || isMatched(image, servers)) return
  const { unmatchedImage } = await import('../inputs/image-problem.ts')
  throw new InputError('verify-image', ...unmatchedImage(image, servers))
}

/** The inputs were checked without these hosts. */
async function warnOfImages({ deploy, secret, registry }: Inputs): Promise<void> {
  if (deploy === undefined || secret === undefined) return
  const { unmatchedImagesWarning } = await import('../inputs/unmatched-images.ts')
  const warning = unmatchedImagesWarning(deploy, { name: secret.name, servers: registry.servers })
  if (warning !== undefined) log.warning('questionable-input', warning)
}

/** The credentials of a docker config: those that it has, and those of its helpers. */
async function askConfig({ signal }: RunContext, source: ConfigSource): Promise<Found> {
  const input = 'docker-config'
  const options = { environment: source.environment, signal }
  const sources = [...source.asked, ...(await listStore(source, options))]
  const tooMany = tooManyHosts(source.logins.length + sources.length)
  if (tooMany !== undefined) throw new InputError(input, ...tooMany)
  const hosts = await askHelpers(sources, options)
  const problems = hosts.flatMap((host) => (host.kind === 'entry' ? [] : [new InputError(input, ...hostProblem(host))]))
  if (problems.length > 0) throw new ActionErrors(problems, 'The docker config cannot be used')
  const asked = hosts.flatMap((host) => (host.kind === 'entry' ? [{ ...host.login, server: host.server }] : []))
  const logins = [...source.logins, ...asked].map(({ server, username, password }) => ({
    servers: [server],
    username,
    password,
  }))
  return { input, logins, failed: NONE_FAILED }
}

/** The hosts that only the credentials store knows. */
async function listStore({ logins, asked, listed }: ConfigSource, options: HelperOptions): Promise<HelperSource[]> {
  if (listed === undefined) return []
  const keys = await listKeys(listed, options)
  const known = new Set([...logins, ...asked].map(({ server }) => server))
  const others = [...keysForNodes(keys)].filter(([server]) => !known.has(server))
  return others.map(([server, key]) => {
    return { kind: 'helper', server, key, helper: listed, entry: { kind: 'empty' }, isRequested: false }
  })
}

/** The credentials of a pull secret of each cluster. All clusters have to have the same hosts. */
async function readSecrets({ inputs, clusters }: RunContext, source: SecretSource): Promise<Found> {
  const failed = new Map<string, ActionError>()
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      try {
        const logins = await readSourceSecret(cluster, source, inputs.registry.servers)
        return logins.map(({ server, username, password }): HostLogin => {
          return { servers: [server], username, password, cluster: cluster.name }
        })
      } catch (error) {
        failed.set(cluster.name, actionErrorOf(error))
        return []
      }
    }),
  )
  const servers = [...new Set(found.flat().flatMap((login) => login.servers))]
  for (const [index, own] of found.entries()) {
    const cluster = clusters[index]
    const missing = servers.filter((server) => !own.some((login) => login.servers.includes(server)))
    if (cluster !== undefined && own.length > 0 && missing.length > 0)
      failed.set(cluster.name, lacksHosts(cluster, source, missing))
  }
  const logins = found.flat().filter(({ cluster = '' }) => !failed.has(cluster))
  if (logins.length === 0) throw new ActionErrors([...failed.values()], 'No cluster has the source of the credential')
  return { input: 'docker-config-secret', logins, failed }
}

/** @throws ActionErrors for credentials that Pods could not use for long */
function checkLife({ input, logins }: Found, now: Date): void {
  const errors = logins.flatMap(({ servers: [server], ...login }) => {
    const short = shortLifeOf(secretOf(login), now)
    if (short === undefined) return []
    return [new InputError(input, `cannot be used: its credential for ${server} ${short.problem}`, short.hint)]
  })
  if (errors.length > 0) throw new ActionErrors(errors, 'The credentials expire soon')
}
