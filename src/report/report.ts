import { daysSince } from '../core/days.ts'
import type { ActionError } from '../core/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Credential } from '../policy/credential.ts'
import type { CredentialChoice } from '../policy/credential-choice.ts'
import { nextRotation } from '../policy/next-rotation.ts'
import type { OverdueToken } from '../policy/overdue.ts'
import type { Revocation } from '../policy/revocation.ts'
import type { RotationPlan } from '../policy/rotation-plan.ts'
import type { UnmanagedCredentials } from '../policy/unmanaged-credential.ts'
import type { DesiredRecord } from '../pull-secret/desired.ts'
import type { HostOwner } from '../pull-secret/record.ts'
import type { TargetOutcome, TargetState } from '../pull-secret/target.ts'
import type { Verification } from '../registry/verification.ts'
import * as log from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { Timeline } from '../runner/timeline.ts'
import type { Workload, WorkloadReport } from '../workload/deploy.ts'
import { choiceInLog } from './credential-choice.ts'
import { firstRunAfter } from './dates.ts'
import { errorText } from './error-text.ts'
import { jobSummary } from './job-summary.ts'
import { logTargets } from './log-targets.ts'
import { commonLogin, configOf, isChanged, redactedJson, timestamp } from './output-values.ts'
import { OVERDUE_HINT, overdueSentence } from './overdue.ts'
import { PublishedOutputs } from './published-outputs.ts'
import { PullReport } from './pull-report.ts'
import { targetResult } from './results.ts'
import { secretChanges } from './secret-changes.ts'
import { NOTHING_DONE, type SummaryData } from './summary-data.ts'
import { unmanagedNotes } from './unmanaged.ts'
import { verdictOf } from './verdict.ts'
import { verificationInLog, verificationInSummary } from './verification.ts'

/** What a run reports: published as outputs as soon as it is known, and remembered for the job summary. */
export class Report {
  readonly timeline = new Timeline()
  readonly #outputs = new PublishedOutputs()
  readonly #pulls = new PullReport()
  #data: SummaryData = NOTHING_DONE

  /** Sets the outputs that the run did not get to. */
  finish(): void {
    this.#outputs.publishRest()
  }

  /** What a run is asked for. */
  started({ dryRun: isDryRun, verify: isVerified, secret }: Pick<Inputs, 'dryRun' | 'verify' | 'secret'>): void {
    if (isDryRun) log.info('Dry run: this run mints, writes and revokes nothing.')
    this.#pulls.isDryRun = isDryRun
    this.#pulls.isRequested = secret !== undefined
    this.#remember({ isDryRun, isVerified, secretName: secret?.name })
  }

  /** What the targets hold before anything is written. */
  observed(targets: readonly TargetState[], owner: HostOwner, now: Date): void {
    this.#pulls.observed(targets, owner, now)
  }

  /** A registry refused a token that targets hold. */
  refused(tokenId: string): void {
    this.#pulls.refused(tokenId)
  }

  /** From now on targets may hold the credential. */
  writeStarts(): void {
    this.#pulls.writeStarts()
    this.#remember({ isWriting: true })
  }

  /** @param errors one for each target that did not hold the credential any more when it was read back */
  changedAfterWrite(errors: readonly ActionError[]): void {
    this.#pulls.changedAfterWrite(errors)
  }

  choice(choice: CredentialChoice): void {
    log.info(choiceInLog(choice, this.#data.isDryRun))
    this.#remember({ choice })
  }

  /** No run replaced the token when it was due. */
  overdue(token: OverdueToken, now: Date): void {
    const overdue = overdueSentence(token, now)
    log.warning('rotation-overdue', `${overdue} ${OVERDUE_HINT}`)
    this.#remember({ overdue })
  }

  organization(guid: string): void {
    this.#outputs.publish('organization-guid', guid)
  }

  credential(credential: Credential, { registry, maxAgeMs }: Pick<Inputs, 'registry' | 'maxAgeMs'>): void {
    const { tokenId, expiresAt, origin, logins } = credential
    const expires = expiresAt && timestamp(expiresAt)
    const servers = registry.servers.join(',')
    const login = commonLogin(logins)
    this.#outputs.publish('token', login === undefined ? '' : mask(login.password, tokenId))
    this.#outputs.publish('token-id', tokenId)
    this.#outputs.publish('token-expires-at', expires ?? '')
    this.#outputs.publish('minted', origin === 'minted')
    this.#outputs.publish('docker-server', servers)
    this.#outputs.publish('docker-username', login?.username ?? '')
    this.#outputs.publish('docker-config-json', configOf(logins, registry))
    const facts = { tokenId, origin, expiresAt: expires, servers: registry.servers, username: login?.username }
    this.#remember({ credential: facts })
    // A target holds it only after it was verified.
    this.#pulls.current = { tokenId, isVerified: this.#data.isVerified }
    this.nextRotation(nextRotation(credential, maxAgeMs))
  }

  /** From when on a run would rotate; undefined when it is unknown. */
  nextRotation(date: Date | undefined): void {
    // Whole seconds, never too early.
    const from = date === undefined ? '' : timestamp(new Date(Math.ceil(date.getTime() / 1000) * 1000))
    this.#outputs.publish('next-rotation', from)
    this.#remember({ nextRotation: from })
  }

  /** A token that was revoked because nothing used it is no result of the run. */
  withdraw({ tokenId }: Credential): void {
    this.#remember({ unused: tokenId })
    if (this.#data.credential?.tokenId !== tokenId) return
    this.#remember({ credential: undefined })
    for (const name of ['token', 'token-id', 'token-expires-at', 'docker-config-json'] as const)
      this.#outputs.publish(name, '')
    this.nextRotation(undefined)
    this.#outputs.publish('minted', false)
  }

  verifications(verifications: readonly Verification[]): void {
    const verified = verifications.filter((one) => one.status === 'verified')
    for (const one of verified) {
      const line = verificationInLog(one)
      if (one.hint === undefined) log.info(line)
      else log.warning('verification-incomplete', `${line} ${one.hint}`)
    }
    const isVerified = this.#data.isVerified && verified.every(({ kind }) => kind !== 'no-login-required')
    const { current } = this.#pulls
    this.#pulls.current = current && { ...current, isVerified }
    this.#remember({ isVerified, verifications: verified.map(verificationInSummary) })
  }

  /** No registry was asked. */
  unverified(tokenId: string): void {
    const message = `Token ${tokenId} was not verified, because \`verify\` is \`false\`: the action did not ask a registry whether it accepts this token.`
    log.warning('verification-skipped', `${message} This run revokes no token that it replaced.`)
    this.#remember({ verifications: [message] })
  }

  targets(secret: string | undefined, outcomes: readonly TargetOutcome[]): void {
    const resultsWith = <T extends object>(fieldsOf: (error: ActionError) => T) =>
      outcomes.map((outcome) => targetResult(outcome, secret, fieldsOf))
    const targets = resultsWith((error) => ({ error: errorText(error) }))
    logTargets(targets)
    this.#pulls.written(outcomes)
    this.#remember({ targets: resultsWith(({ code, message }) => ({ code, error: message })) })
    this.#outputs.publish('secret-name', secret ?? '')
    this.#outputs.publish('changed', targets.some(isChanged))
    this.#outputs.publish('targets', redactedJson(targets))
  }

  /** What was written to the targets. */
  changes(outcomes: readonly TargetOutcome[], record: DesiredRecord): void {
    this.#remember({ changes: secretChanges(outcomes, record) })
  }

  /** The tokens that the credential replaces in the targets. */
  replaced({ superseded }: RotationPlan, now: Date): void {
    const replaced = superseded.map(({ tokenId }) => {
      const mintedAt = this.#pulls.mintedAt(tokenId)
      return { tokenId, ageDays: mintedAt && daysSince(mintedAt, now) }
    })
    this.#remember({ replaced })
  }

  /** What is left to the user: only what this action minted is revoked. */
  unmanaged(credentials: UnmanagedCredentials): void {
    const notes = unmanagedNotes(credentials, this.#data.isDryRun)
    for (const note of notes) log.info(note)
    this.#remember({ notes })
  }

  workloads(workloads: readonly Workload[]): void {
    const reportsWith = (text: (error: ActionError) => string) =>
      workloads.map(
        ({ error, ...workload }): WorkloadReport => ({ ...(error && { reason: text(error) }), ...workload }),
      )
    this.#remember({ workloads: reportsWith(({ message }) => message) })
    this.#outputs.publish('workloads', redactedJson(reportsWith(errorText)))
  }

  revocation({ revoked, unrevoked }: Revocation): void {
    this.#remember({ revoked, unrevoked })
    this.#pulls.revoked = revoked
    this.#outputs.publish('revoked', JSON.stringify(revoked))
    this.#outputs.publish('unrevoked', JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)))
  }

  /** One annotation with what the run did, and when it is due again. A run that failed has its errors. */
  notice(): void {
    const { nextRotation } = this.#data
    const next = nextRotation === '' ? '' : ` Next rotation: ${firstRunAfter(nextRotation)}.`
    log.notice('Registry Pull Secret', `${verdictOf(this.#data, [])}.${next}`)
  }

  /** The job summary, as Markdown. */
  summary(errors: readonly ActionError[]): string {
    const pulls = errors.length > 0 ? this.#pulls.impacts() : []
    const { phases, total } = this.timeline
    return jobSummary({ ...this.#data, pulls, phases, total }, errors)
  }

  #remember(data: Partial<SummaryData>): void {
    this.#data = { ...this.#data, ...data }
  }
}
