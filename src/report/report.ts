import { setOutput } from '@actions/core'
import type { ActionError } from '../core/errors.ts'
import { MAX_LISTED } from '../core/format.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Credential, Logins } from '../policy/credential.ts'
import { nextRotation } from '../policy/next-rotation.ts'
import type { Revocation } from '../policy/revocation.ts'
import type { UnmanagedCredentials } from '../policy/unmanaged-credential.ts'
import { isFailed, type TargetOutcome } from '../pull-secret/target.ts'
import { dockerConfig, type HostLogin, loginsIn } from '../registry/docker-config.ts'
import type { Verification } from '../registry/verification.ts'
import * as log from '../runner/log.ts'
import { mask, redact } from '../runner/mask.ts'
import type { Workload, WorkloadReport } from '../workload/deploy.ts'
import { errorText } from './error-text.ts'
import { jobSummary, type SummaryData } from './job-summary.ts'
import type { OutputName } from './outputs.ts'
import { inOrder, type TargetResult, totalOf, whole, withReason } from './results.ts'
import { unmanagedNotes } from './unmanaged.ts'

/** What a run reports: published as outputs as soon as it is known, and remembered for the job summary. */
export class Report {
  readonly #published = new Set<OutputName>()
  #data: SummaryData = {
    isDryRun: false,
    decision: '',
    credential: undefined,
    nextRotation: '',
    verifications: [],
    targets: [],
    notes: [],
    workloads: [],
    unused: undefined,
    revoked: [],
    unrevoked: [],
  }

  /** What a run did not get to, or was not asked for: a workflow can still read it as JSON. */
  finish(): void {
    for (const name of ['changed', 'minted'] as const) if (!this.#published.has(name)) this.#publish(name, false)
    for (const name of ['targets', 'workloads', 'revoked', 'unrevoked'] as const) {
      if (!this.#published.has(name)) this.#publish(name, '[]')
    }
  }

  dryRun(): void {
    log.info('Dry run: this run mints, writes and revokes nothing.')
    this.#remember({ isDryRun: true })
  }

  decision(sentence: string): void {
    log.info(sentence)
    this.#remember({ decision: sentence })
  }

  organization(guid: string): void {
    this.#publish('organization-guid', guid)
  }

  credential(credential: Credential, { registry, maxAgeMs }: Pick<Inputs, 'registry' | 'maxAgeMs'>): void {
    const { tokenId, expiresAt, origin, logins } = credential
    const expires = expiresAt && timestamp(expiresAt)
    const servers = registry.servers.join(',')
    const login = commonLogin(logins)
    this.#publish('token', login === undefined ? '' : mask(login.password, tokenId))
    this.#publish('token-id', tokenId)
    this.#publish('token-expires-at', expires ?? '')
    this.#publish('minted', origin === 'minted')
    this.#publish('docker-server', servers)
    this.#publish('docker-username', login?.username ?? '')
    this.#publish('docker-config-json', configOf(logins, registry))
    const username = login?.username ?? 'one for each registry'
    this.#remember({ credential: [tokenId, ORIGINS[origin], expires ?? 'never', servers, username] })
    this.nextRotation(nextRotation(credential, maxAgeMs))
  }

  /** From when on a run would rotate; undefined when it is unknown. */
  nextRotation(date: Date | undefined): void {
    // Whole seconds, never too early.
    const from = date === undefined ? '' : timestamp(new Date(Math.ceil(date.getTime() / 1000) * 1000))
    this.#publish('next-rotation', from)
    this.#remember({ nextRotation: from })
  }

  /** A token that was revoked because nothing used it is no result of the run. */
  withdraw({ tokenId }: Credential): void {
    this.#remember({ unused: tokenId })
    if (this.#data.credential?.[0] !== tokenId) return
    this.#remember({ credential: undefined })
    for (const name of ['token', 'token-id', 'token-expires-at', 'docker-config-json'] as const) this.#publish(name, '')
    this.nextRotation(undefined)
    this.#publish('minted', false)
  }

  verifications(verifications: readonly Verification[]): void {
    const verified = verifications.filter((one) => one.status === 'verified')
    for (const { message, hint } of verified) {
      // One with a hint shows less than was asked for.
      if (hint === undefined) log.info(message)
      else log.warning('verification-incomplete', `${message} ${hint}`)
    }
    this.#remember({ verifications: verified.map(({ message }) => message) })
  }

  /** No registry was asked. */
  unverified(tokenId: string): void {
    const message = `Token ${tokenId} was not verified, because \`verify\` is \`false\`: the action did not ask a registry whether it accepts this token.`
    log.warning('verification-skipped', `${message} This run revokes no token that it replaced.`)
    this.#remember({ verifications: [message] })
  }

  targets(secret: string | undefined, outcomes: readonly TargetOutcome[]): void {
    const targets = outcomes.map(
      (outcome): TargetResult => ({
        cluster: outcome.cluster.name,
        namespace: outcome.namespace,
        secret: secret ?? '',
        result: outcome.status,
        serviceAccounts: outcome.serviceAccounts ?? [],
        ...(isFailed(outcome) && { error: errorText(outcome.error) }),
      }),
    )
    logTargets(targets)
    this.#remember({ targets })
    this.#publish('secret-name', secret ?? '')
    this.#publish('changed', targets.some(isChanged))
    this.#publish('targets', redactedJson(targets))
  }

  /** What is left to the user: only what this action minted is revoked. */
  unmanaged(credentials: UnmanagedCredentials): void {
    const notes = unmanagedNotes(credentials, this.#data.isDryRun)
    for (const note of notes) log.info(note)
    this.#remember({ notes })
  }

  workloads(workloads: readonly Workload[]): void {
    const reports = workloads.map(
      ({ error, ...workload }): WorkloadReport => ({
        ...(error && { reason: errorText(error) }),
        ...workload,
      }),
    )
    this.#remember({ workloads: reports })
    this.#publish('workloads', redactedJson(reports))
  }

  revocation({ revoked, unrevoked }: Revocation): void {
    this.#remember({ revoked, unrevoked })
    this.#publish('revoked', JSON.stringify(revoked))
    this.#publish('unrevoked', JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)))
  }

  /** The job summary, as Markdown. */
  summary(errors: readonly ActionError[]): string {
    return jobSummary(this.#data, errors)
  }

  #remember(data: Partial<SummaryData>): void {
    this.#data = { ...this.#data, ...data }
  }

  #publish(name: OutputName, value: string | boolean): void {
    this.#published.add(name)
    setOutput(name, value)
  }
}

/** The user name and password of all registries; undefined where they differ. */
function commonLogin(logins: Logins): HostLogin | undefined {
  const [first] = logins
  const isSame = logins.every(({ username, password }) => username === first.username && password === first.password)
  return isSame ? first : undefined
}

/** The docker config of all clusters; empty where they differ. */
function configOf(logins: Logins, { email }: Inputs['registry']): string {
  const clusters = new Set(logins.map(({ cluster }) => cluster ?? ''))
  const configs = [...clusters].map((cluster) => dockerConfig({ logins: loginsIn(cluster, logins), email }))
  const [config = ''] = new Set(configs)
  return new Set(configs).size === 1 ? config : ''
}

function timestamp(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

const ORIGINS = {
  minted: 'minted by this run',
  reused: 'reused from an earlier run',
  provided: 'provided by the workflow',
  planned: 'not minted',
} as const

/** Only the texts of servers are redacted: the name of a namespace, or JSON, can be what someone stores as a password. */
function redactedJson(results: readonly object[]): string {
  const isServerText = (key: string) => key === 'error' || key === 'reason'
  return JSON.stringify(results, (key, value) => (isServerText(key) ? redact(String(value)) : value))
}

function isChanged({ result, serviceAccounts }: TargetResult): boolean {
  const results = [result, ...serviceAccounts.map((account) => account.result)]
  return results.some((one) => one === 'created' || one === 'updated')
}

/** A few are logged one by one, and their errors by annotations; many are counted, with the details in a group. */
function logTargets(all: readonly TargetResult[]): void {
  const line = (one: TargetResult) => `Secret ${one.namespace}/${one.secret} in ${one.cluster}: ${whole(one)}`
  const targets = inOrder(all)
  if (targets.length <= MAX_LISTED) {
    for (const target of targets.filter(({ result }) => result !== 'failed')) log.info(line(target))
    return
  }
  log.info(totalOf(targets, 'target'))
  log.group('The result of each target', () => {
    for (const target of targets) log.info(withReason(line(target), target.error))
  })
}
