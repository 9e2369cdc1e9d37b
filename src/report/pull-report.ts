import type { ActionError } from '../core/errors.ts'
import { type PlaceName, type PullImpact, type PullKnowledge, pullImpacts } from '../policy/pull-impact.ts'
import { type HostOwner, ownRecords } from '../pull-secret/record.ts'
import type { TargetOutcome, TargetState } from '../pull-secret/target.ts'

type Targets = readonly (TargetState | TargetOutcome)[]

/** What a run learns about the credentials in its targets, for the question whether Pods keep pulling. */
export class PullReport {
  /** Whether the run writes a secret at all. */
  isRequested = true
  isDryRun = false
  current: PullKnowledge['current']
  revoked: readonly string[] = []
  readonly #refused = new Set<string>()
  #owner: HostOwner | undefined
  #now = new Date(0)
  #observed: readonly TargetState[] = []
  #targets: Targets | undefined
  #changed: readonly PlaceName[] = []
  #isWriting = false

  /** What the targets hold before anything is written. */
  observed(targets: readonly TargetState[], owner: HostOwner, now: Date): void {
    this.#observed = targets
    this.#targets = targets
    this.#owner = owner
    this.#now = now
  }

  refused(tokenId: string): void {
    this.#refused.add(tokenId)
  }

  /** From now on it is not known what the targets hold, until they are reported. */
  writeStarts(): void {
    this.#isWriting = true
  }

  written(targets: readonly TargetOutcome[]): void {
    this.#targets = targets
    this.#isWriting = false
  }

  /** @param errors one for each target */
  changedAfterWrite(errors: readonly ActionError[]): void {
    this.#changed = errors.map(({ details: { cluster = '', namespace = '' } }) => ({ cluster, namespace }))
  }

  /** When the oldest record of a token in the observed targets says that it was minted; undefined when none does. */
  mintedAt(tokenId: string): Date | undefined {
    const owner = this.#owner
    if (owner === undefined) return undefined
    const stored = this.#observed.flatMap((target) => target.stored ?? [])
    const records = stored.flatMap((one) => (one.kind === 'present' ? ownRecords(one.records, owner) : []))
    const dates = records.flatMap((record) => (record.tokenId === tokenId ? (record.mintedAt ?? []) : []))
    return dates.sort((one, other) => one.getTime() - other.getTime())[0]
  }

  /** The answers of a run that has failed, the worst first. */
  impacts(): readonly PullImpact[] {
    if (!this.isRequested) return []
    if (this.#targets === undefined || this.#owner === undefined) return [NOTHING_DONE]
    if (this.#isWriting) return [INTERRUPTED]
    return pullImpacts(this.#targets, {
      owner: this.#owner,
      now: this.#now,
      isDryRun: this.isDryRun,
      current: this.current,
      refused: this.#refused,
      revoked: this.revoked,
      changed: this.#changed,
    })
  }
}

const NOTHING_DONE: PullImpact = {
  answer: 'as-before',
  reason: 'the run ended before it changed anything in a cluster',
  targets: [],
}

const INTERRUPTED: PullImpact = {
  answer: 'unknown',
  reason: 'the run ended while it wrote the secrets. It revoked no token that a target held',
  targets: [],
}
