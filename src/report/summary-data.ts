import type { ErrorCode } from '../core/error-codes.ts'
import type { CredentialOrigin } from '../policy/credential.ts'
import type { CredentialChoice } from '../policy/credential-choice.ts'
import type { PullImpact } from '../policy/pull-impact.ts'
import type { Revocation } from '../policy/revocation.ts'
import type { Phase } from '../runner/timeline.ts'
import type { WorkloadReport } from '../workload/deploy.ts'
import type { TargetResult } from './results.ts'
import type { SecretChange } from './secret-changes.ts'

/** What the job summary shows of a run, besides its errors. */
export interface SummaryData extends Revocation {
  readonly isDryRun: boolean
  /** Whether the registries are asked, and none of them did without a login. */
  readonly isVerified: boolean
  /** Undefined when the run writes none. */
  readonly secretName: string | undefined
  /** Undefined where the run did not get to it. */
  readonly choice: CredentialChoice | undefined
  /** That a stored token should have been replaced long before; empty when it is not so. */
  readonly overdue: string
  readonly credential: CredentialFacts | undefined
  /** What the credential replaces in the targets. */
  readonly replaced: readonly ReplacedToken[]
  /** The id of a token that this run minted and revoked again, because nothing used it. */
  readonly unused: string | undefined
  /** From when on a run would rotate, RFC 3339; empty when it is unknown. */
  readonly nextRotation: string
  readonly verifications: readonly string[]
  /** `error` without what the user can do: the boxes have that. */
  readonly targets: readonly SummaryTarget[]
  /** What was written, or would be. */
  readonly changes: readonly SecretChange[]
  /** Whether the first write was sent. */
  readonly isWriting: boolean
  /** What the user should do about them. */
  readonly notes: readonly string[]
  readonly workloads: readonly WorkloadReport[]
  /** Of a run that has failed. */
  readonly pulls: readonly PullImpact[]
  readonly phases: readonly Phase[]
  /** Of the whole run. */
  readonly total: Pick<Phase, 'durationMs' | 'requests'>
}

export interface SummaryTarget extends TargetResult {
  /** Of its error. */
  readonly code?: ErrorCode
}

export interface CredentialFacts {
  readonly tokenId: string
  readonly origin: CredentialOrigin
  /** RFC 3339; undefined when it does not expire, or when that is unknown. */
  readonly expiresAt: string | undefined
  readonly servers: readonly string[]
  /** Undefined when each registry has its own. */
  readonly username: string | undefined
}

export interface ReplacedToken {
  readonly tokenId: string
  /** Undefined when no secret records it. */
  readonly ageDays: number | undefined
}

/** Of a run that has not done anything yet. */
export const NOTHING_DONE: SummaryData = {
  isDryRun: false,
  isVerified: true,
  secretName: undefined,
  choice: undefined,
  overdue: '',
  credential: undefined,
  replaced: [],
  unused: undefined,
  nextRotation: '',
  verifications: [],
  targets: [],
  changes: [],
  isWriting: false,
  notes: [],
  workloads: [],
  revoked: [],
  unrevoked: [],
  pulls: [],
  phases: [],
  total: { durationMs: 0, requests: 0 },
}
