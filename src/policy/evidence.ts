import type { Ownership } from '../issuer/issuer.ts'
import type { Mint } from './token-description.ts'
import { type TokenUsage, UNKNOWN_USAGE } from './token-usage.ts'

/** A token that is alive at the issuer, and that this action minted for this secret. */
export interface LiveToken extends Mint {
  readonly description: string
}

/** What a target that failed may hold. */
export interface FailedHolder {
  /** `cluster: namespace`. */
  readonly where: string
  /** Ids of tokens; undefined when it could not be read. */
  readonly tokenIds: readonly string[] | undefined
}

/** What is known when a plan is decided. */
export interface Evidence {
  /** By the id of the token, what its issuer says of the values that targets held; a missing id was not asked for. */
  readonly ownership: ReadonlyMap<string, Ownership>
  readonly usage: TokenUsage
  /** By id; undefined when the issuer was not asked. */
  readonly live: ReadonlyMap<string, LiveToken> | undefined
  readonly failedHolders: readonly FailedHolder[]
  /** Rotations that ended before they were finished. */
  readonly unfinished: UnfinishedRotations
  /** Whether no other cluster can have the identities of this run's clusters. */
  readonly isScopeCertain: boolean
}

/** Nothing is known. */
export const NO_EVIDENCE: Evidence = {
  ownership: new Map(),
  usage: UNKNOWN_USAGE,
  live: undefined,
  failedHolders: [],
  unfinished: { count: 0, descriptions: [], isEnding: false, superseded: [] },
  isScopeCertain: false,
}

export interface UnfinishedRotations {
  readonly count: number
  /** Descriptions of their mints. */
  readonly descriptions: readonly string[]
  /** Whether this run ends them before it revokes. */
  readonly isEnding: boolean
  /** Ids of the tokens that they superseded. */
  readonly superseded: readonly string[]
}
