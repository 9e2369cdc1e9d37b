import { setOutput } from '@actions/core'
import { explain } from '../core/errors.ts'
import { FEW } from '../core/format.ts'
import type { RegistryInputs } from '../inputs/registry.ts'
import type { Credential } from '../policy/credential.ts'
import type { Revocation } from '../policy/revocation.ts'
import type { Outcome } from '../pull-secret/write-all.ts'
import { dockerConfig } from '../registry/docker-config.ts'
import type { Verdict } from '../registry/verdict.ts'
import * as log from '../runner/log.ts'
import { mask, redact } from '../runner/mask.ts'
import type { Workload, WorkloadReport } from '../workload/deploy.ts'
import { causesOf } from './annotations.ts'
import { jobSummary } from './job-summary.ts'
import { inOrder, type TargetResult, totalOf, whole, withReason } from './results.ts'

/** What a run has to tell, published as an output as soon as it is known and remembered for the job summary. */
export class Report {
  readonly #known = new Set<string>()
  #decision = ''
  #proofs: readonly string[] = []
  #credential: readonly string[] | undefined
  #targets: readonly TargetResult[] = []
  #workloads: readonly WorkloadReport[] = []
  #revocation: Pick<Revocation, 'revoked' | 'unrevoked'> = { revoked: [], unrevoked: [] }

  /** Whatever a run did not get to, or had no part of: a workflow can still read it as JSON. */
  finish(): void {
    const usual = { changed: false, targets: '[]', workloads: '[]', revoked: '[]', unrevoked: '[]' }
    for (const [name, value] of Object.entries(usual)) if (!this.#known.has(name)) this.#set(name, value)
  }

  decision(sentence: string): void {
    log.info(sentence)
    this.#decision = sentence
  }

  organization(guid: string): void {
    this.#set('organization-guid', guid)
  }

  credential({ tokenId, expiresAt, origin, password }: Credential, registry: RegistryInputs): void {
    const ends = expiresAt?.toISOString().replace('.000Z', 'Z')
    const servers = registry.servers.join(',')
    this.#set('token', mask(password))
    this.#set('token-id', tokenId)
    this.#set('token-expires-at', ends ?? '')
    this.#set('minted', origin === 'minted')
    this.#set('docker-server', servers)
    this.#set('docker-username', registry.username)
    this.#set('docker-config-json', dockerConfig({ ...registry, password }))
    this.#credential = [tokenId, ORIGINS[origin], ends ?? 'never', servers, registry.username]
  }

  proofs(verdicts: readonly Verdict[]): void {
    for (const { sentence, cure } of verdicts) {
      // A verdict that works and still has a cure is one that proves less than was hoped.
      if (cure === undefined) log.info(`${sentence}.`)
      else log.warning(`${sentence}. ${cure}`)
    }
    this.#proofs = verdicts.map(({ sentence }) => `${sentence}.`)
  }

  /** @returns why targets failed */
  targets(secret: string | undefined, outcomes: readonly Outcome[]): unknown[] {
    this.#targets = outcomes.map((outcome) => ({
      cluster: outcome.cluster.name,
      namespace: outcome.namespace,
      secret: secret ?? '',
      result: outcome.result,
      serviceAccounts: outcome.serviceAccounts ?? [],
      ...('failure' in outcome && { error: explain(outcome.failure).join(' ') }),
    }))
    this.#tellTargets()
    this.#set('secret-name', secret ?? '')
    this.#set(
      'changed',
      this.#targets
        .flatMap(({ result, serviceAccounts }) => [result, ...serviceAccounts.map((account) => account.result)])
        .some((result) => result === 'created' || result === 'updated'),
    )
    this.#set('targets', redact(JSON.stringify(this.#targets)))
    return causesOf(outcomes.filter((outcome) => 'failure' in outcome))
  }

  /** A few are told one by one, and their failures by the errors; many are counted, and folded with all that is known. */
  #tellTargets(): void {
    const line = (one: TargetResult) => `Secret ${one.namespace}/${one.secret} in ${one.cluster}: ${whole(one)}`
    const targets = inOrder(this.#targets)
    if (targets.length <= FEW) {
      for (const target of targets.filter(({ result }) => result !== 'failed')) log.info(line(target))
      return
    }
    log.info(totalOf(targets, 'target'))
    log.group('The result of each target', () => {
      for (const target of targets) log.info(withReason(line(target), target.error))
    })
  }

  /** @returns why workloads failed */
  workloads(workloads: readonly Workload[]): unknown[] {
    this.#workloads = workloads.map(({ failure: _, ...workload }) => workload)
    this.#set('workloads', redact(JSON.stringify(this.#workloads)))
    return causesOf(
      workloads.flatMap(({ namespace, failure }) => (failure === undefined ? [] : [{ namespace, failure }])),
    )
  }

  /** @returns why tokens could not be revoked */
  revocation({ revoked, unrevoked, failures }: Revocation): readonly unknown[] {
    this.#revocation = { revoked, unrevoked }
    this.#set('revoked', JSON.stringify(revoked))
    this.#set('unrevoked', JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)))
    return failures
  }

  #set(name: string, value: string | boolean): void {
    this.#known.add(name)
    setOutput(name, value)
  }

  summary(failures: readonly string[], manifests: readonly string[]): string {
    return jobSummary({
      failures,
      manifests,
      decision: this.#decision,
      credential: this.#credential,
      proofs: this.#proofs,
      targets: this.#targets,
      workloads: this.#workloads,
      ...this.#revocation,
    })
  }
}

const ORIGINS = {
  minted: 'minted in this run',
  kept: 'kept from an earlier run',
  given: 'given by the workflow',
  rehearsed: 'not minted',
} as const
