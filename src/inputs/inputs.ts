import { Failures } from '../core/errors.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import type { Place } from '../pull-secret/targets.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { readCluster } from './cluster.ts'
import { readCredential } from './credential.ts'
import { readDeploy } from './deploy.ts'
import { Reader } from './reader.ts'
import { type RegistryInputs, readRegistry } from './registry.ts'
import { readSecret, type SecretInputs } from './secret.ts'

/** Everything that a run is told, checked. */
export interface Inputs {
  readonly credential: CredentialRequest
  readonly registry: RegistryInputs
  /** Beginning of the description under which a token is minted. */
  readonly description: string
  readonly secret: SecretInputs | undefined
  readonly cluster: Place | undefined
  readonly deploy: DeployInputs | undefined
  /** Milliseconds for which a stored credential is kept; 0: never. */
  readonly maxAge: number
  readonly revoke: 'superseded' | 'never'
  readonly dryRun: boolean
  /** Milliseconds for the whole run. */
  readonly timeout: number
  /** Kubernetes requests in flight, per cluster. */
  readonly concurrency: number
  /** PEM. */
  readonly certificates: string | undefined
  /** What may well be meant otherwise, in sentences. */
  readonly warnings: readonly string[]
  /** The workflow run that we are a step of. */
  readonly run: WorkflowRun
}

export interface WorkflowRun {
  readonly url: string
  readonly id: string
}

/** What the post step needs to log in again. */
export function loadCleanupInputs(
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Inputs, 'credential' | 'certificates'> {
  const read = new Reader(environment)
  return { credential: readCredential(read), certificates: read.certificates('ca-certificates') }
}

/**
 * The only reader of inputs and environment.
 * @throws Failures with one InputError for each mistake
 */
export async function loadInputs(environment: NodeJS.ProcessEnv = process.env): Promise<Inputs> {
  const read = new Reader(environment)
  const credential = readCredential(read)
  const registry = readRegistry(read, credential)
  const secret = readSecret(read)
  const deploy = await readDeploy(read, registry.servers)
  const cluster = await readCluster(read, environment, secret !== undefined || deploy !== undefined)
  const description =
    read.matching('token-description', /^[\x20-\x7e]{1,200}$/, 'Allowed: up to 200 printable ASCII characters.') ??
    ['registry-pull-secret', environment.GITHUB_REPOSITORY, secret?.name].filter(Boolean).join(' ')
  const inputs: Inputs = {
    credential,
    registry,
    description,
    secret,
    cluster,
    deploy,
    maxAge: read.duration('max-age', '30d'),
    revoke: read.oneOf('revoke', ['superseded', 'never']),
    dryRun: read.flag('dry-run', false),
    timeout: read.duration('timeout', '15m', 'refused'),
    concurrency: read.count('concurrency', 16, 256),
    certificates: read.certificates('ca-certificates'),
    warnings: read.warnings,
    run: workflowRun(environment),
  }
  const problems = read.finish()
  if (problems.length > 0) throw new Failures([...problems], 'Some inputs cannot be used')
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
