import { MANAGER_NAME } from '../core/constants.ts'
import { ActionErrors } from '../core/errors.ts'
import type { Proxies } from '../http/proxy.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import type { NamespaceCreation } from '../pull-secret/namespaces.ts'
import type { HostOwner } from '../pull-secret/record.ts'
import type { TargetSelection } from '../pull-secret/targets.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { namespacesIn } from '../workload/placement.ts'
import { readTargets } from './cluster.ts'
import { readCredential } from './credential.ts'
import { readDeploy } from './deploy.ts'
import { checkImageHost } from './docker-config.ts'
import { checkExpiry } from './expiry.ts'
import { warnOfUnverifiedPull } from './harbor.ts'
import { readProvider } from './provider.ts'
import { readProxies } from './proxies.ts'
import { Reader } from './reader.ts'
import { type RegistryInputs, readRegistry } from './registry.ts'
import { checkRelations } from './relations.ts'
import { readSecret, type SecretInputs } from './secret.ts'

/** The validated inputs of a run. */
export interface Inputs {
  readonly credential: CredentialRequest
  readonly registry: RegistryInputs
  /** Whose hosts in the secret this step keeps. */
  readonly owner: HostOwner
  /** Beginning of the description of a minted token. */
  readonly description: string
  readonly secret: SecretInputs | undefined
  readonly targets: TargetSelection | undefined
  readonly deploy: DeployInputs | undefined
  /** A stored credential is reused up to this age; 0: never. */
  readonly maxAgeMs: number
  readonly revoke: 'superseded' | 'never'
  /** Whether registries are asked. Without, no run revokes a token that it replaced. */
  readonly verify: boolean
  readonly dryRun: boolean
  /** CA certificates to trust in addition to the system's, PEM. */
  readonly certificates: string | undefined
  /** Of the environment. */
  readonly proxies: Proxies
  /** Sentences about valid inputs that may not do what the user expects. */
  readonly warnings: readonly string[]
  /** The workflow run that this step belongs to. */
  readonly run: WorkflowRun
}

export interface WorkflowRun {
  /** Empty outside of GitHub Actions. */
  readonly url: string
  /** `<run id>.<attempt>`; empty outside of GitHub Actions. */
  readonly id: string
}

/** What the other inputs are read for when there is an error about the provider: it requires nothing by itself. */
const ANY = 'static'

/** The time limit of the run, which begins before the other inputs are read. An invalid one is reported with them. */
export function loadTimeoutMs(environment: NodeJS.ProcessEnv = process.env): number {
  const read = new Reader(environment)
  const timeoutMs = read.duration('timeout')
  return timeoutMs > 0 ? timeoutMs : new Reader({}).duration('timeout')
}

/** The inputs that the post step needs to log in again. The main step has validated them. */
export function loadCleanupInputs(
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Inputs, 'credential' | 'certificates' | 'proxies'> {
  const read = new Reader(environment)
  return {
    credential: readCredential(read, readProvider(read) ?? ANY, environment),
    certificates: read.certificates('ca-certificates'),
    proxies: readProxies(read, environment),
  }
}

/**
 * Reads and validates the inputs. No other file reads the inputs or the environment.
 * @param signal ends the search for manifests
 * @throws ActionErrors with one error for each invalid input or variable, or ActionError when `signal` aborts
 */
export async function loadInputs(
  environment: NodeJS.ProcessEnv = process.env,
  signal: AbortSignal = new AbortController().signal,
): Promise<Inputs> {
  const read = new Reader(environment)
  const provider = readProvider(read)
  const credential = readCredential(read, provider ?? ANY, environment)
  // The inputs of two providers are one error: what each of them misses is not reported.
  if (provider !== undefined) checkRelations(read, provider)
  read.checkUnknown()
  const registry = readRegistry(read, credential)
  if (read.isSet('verify-image') && registry.image === undefined) {
    const { addImageError } = await import('./image-problem.ts')
    addImageError(read, registry.servers)
  }
  warnOfUnverifiedPull(read, credential, registry)
  const owner: HostOwner = {
    repository: environment.GITHUB_REPOSITORY ?? '',
    provider: credential.provider,
    hosts: registry.servers,
  }
  const secret = readSecret(read, owner)
  const { deploy, secrets } = await readDeploy(read, registry.servers, signal)
  if (secret !== undefined && deploy !== undefined) {
    const { unmatchedImagesWarning } = await import('./unmatched-images.ts')
    const unmatched = unmatchedImagesWarning(deploy, { name: secret.name, servers: registry.servers })
    if (unmatched !== undefined) read.warnings.push(unmatched)
  }
  checkImageHost(read, credential, registry)
  const proxies = readProxies(read, environment)
  const creation: NamespaceCreation = {
    isRequested: read.flag('create-namespaces'),
    inManifest: namespacesIn(deploy?.objects ?? []),
  }
  const selection = await readTargets(read, environment, secret !== undefined || deploy !== undefined)
  if (secret !== undefined && secrets.length > 0) {
    // Most runs have no Secret in a manifest.
    const { checkSecretsInManifests } = await import('./secret-in-manifests.ts')
    checkSecretsInManifests(read, secrets, { secretName: secret.name, selection })
  }
  const description =
    read.text('token-description') ??
    [MANAGER_NAME, environment.GITHUB_REPOSITORY, secret?.name].filter(Boolean).join(' ')
  const maxAgeMs = read.duration('max-age')
  checkExpiry(read, 'expiresInMs' in credential ? credential.expiresInMs : undefined, maxAgeMs)
  // Its value is that of `loadTimeoutMs`.
  read.duration('timeout')
  const inputs: Inputs = {
    credential,
    registry,
    owner,
    description,
    secret,
    targets: selection && { ...selection, proxies, creation },
    deploy,
    maxAgeMs,
    revoke: read.choice('revoke', 'superseded'),
    verify: read.flag('verify'),
    dryRun: read.flag('dry-run'),
    certificates: read.certificates('ca-certificates'),
    proxies,
    warnings: read.warnings,
    run: workflowRun(environment),
  }
  const errors = read.errors()
  if (errors.length > 0) throw new ActionErrors(errors, 'Invalid inputs')
  return inputs
}

function workflowRun({
  GITHUB_SERVER_URL,
  GITHUB_REPOSITORY,
  GITHUB_RUN_ID,
  GITHUB_RUN_ATTEMPT,
}: NodeJS.ProcessEnv): WorkflowRun {
  const attempt = Number(GITHUB_RUN_ATTEMPT ?? 1) > 1 ? `/attempts/${GITHUB_RUN_ATTEMPT}` : ''
  return {
    url: GITHUB_RUN_ID
      ? `${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}`
      : '',
    id: [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT].filter(Boolean).join('.'),
  }
}
