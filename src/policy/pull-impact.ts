import { type HostOwner, ownRecords } from '../pull-secret/record.ts'
import { isFailed, type TargetOutcome, type TargetState } from '../pull-secret/target.ts'
import { isProvided } from './credential.ts'

/** Whether Pods can pull with what a secret holds when a run has failed. `as-before`: the run changed nothing for them. */
export type PullAnswer = 'no' | 'unknown' | 'as-before' | 'yes'

/** Targets with the same answer for the same reason. */
export interface PullImpact {
  readonly answer: PullAnswer
  readonly reason: string
  readonly targets: readonly PlaceName[]
}

export interface PlaceName {
  readonly cluster: string
  readonly namespace: string
}

/** What a run knows about the credentials that its targets hold. */
export interface PullKnowledge {
  readonly owner: HostOwner
  readonly now: Date
  readonly isDryRun: boolean
  /** What the run distributes; undefined before it acquired it. */
  readonly current: { readonly tokenId: string; readonly isVerified: boolean } | undefined
  /** Ids of tokens that a registry refused in this run. */
  readonly refused: ReadonlySet<string>
  readonly revoked: readonly string[]
  /** Where another client changed the secret after it was written. */
  readonly changed: readonly PlaceName[]
}

const ORDER: readonly PullAnswer[] = ['no', 'unknown', 'as-before', 'yes']

/** The answers for all targets, the worst first. */
export function pullImpacts(targets: readonly (TargetState | TargetOutcome)[], known: PullKnowledge): PullImpact[] {
  const impacts = targets.map((target) => ({
    place: { cluster: target.cluster.name, namespace: target.namespace },
    ...answerFor(target, known),
  }))
  const groups = Map.groupBy(impacts, ({ answer, reason }) => `${answer} ${reason}`)
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group
      const { answer, reason } = first ?? {}
      return answer === undefined || reason === undefined
        ? []
        : [{ answer, reason, targets: group.map(({ place }) => place) }]
    })
    .sort((one, other) => ORDER.indexOf(one.answer) - ORDER.indexOf(other.answer))
}

type Answer = Pick<PullImpact, 'answer' | 'reason'>

function answerFor(target: TargetState | TargetOutcome, known: PullKnowledge): Answer {
  const { cluster, namespace } = target
  const isChanged = known.changed.some((one) => one.cluster === cluster.name && one.namespace === namespace)
  if (isChanged) {
    return {
      answer: 'unknown',
      reason: 'another client changed the secret after this run wrote it. No token was revoked',
    }
  }
  // Before the writes a target is `ready`, after them it holds the credential of the run.
  if (target.status === 'ready') return answerForStored(target, known)
  return isFailed(target) || target.status === 'planned' ? answerForStored(storedIn(target), known) : forCurrent(known)
}

type Holder = Pick<Extract<TargetState, { status: 'failed' }>, 'stored'> & { readonly mayHold?: boolean }

function storedIn(target: Exclude<TargetState | TargetOutcome, { status: 'ready' }>): Holder {
  return isFailed(target) ? target : { stored: target.replaced }
}

function forCurrent({ current }: PullKnowledge): Answer {
  if (current === undefined) return { answer: 'unknown', reason: 'it is not known what the secret holds' }
  const { tokenId, isVerified } = current
  const what = nameOf(tokenId)
  return isVerified
    ? { answer: 'yes', reason: `the secret holds ${what}, which the registry accepted in this run` }
    : { answer: 'unknown', reason: `the secret holds ${what}, which this run did not verify` }
}

/** What a secret holds that this run did not write, or may not have written. */
function answerForStored({ stored, mayHold = false }: Holder, known: PullKnowledge): Answer {
  const { owner, current, refused, revoked, now } = known
  if (stored === undefined) {
    return { answer: 'unknown', reason: 'the action could not read the secret. It revoked no token that may be there' }
  }
  if (stored.kind === 'absent') {
    return mayHold
      ? { answer: 'unknown', reason: 'the secret did not exist, and it is not certain that this run created it' }
      : { answer: 'no', reason: 'the secret does not exist' }
  }
  const [record] = ownRecords(stored.records, owner)
  if (record === undefined) {
    return { answer: 'as-before', reason: 'the secret still holds a credential that this action did not write' }
  }
  const { tokenId, expiresAt } = record
  const what = nameOf(tokenId)
  if (tokenId === current?.tokenId) return forCurrent(known)
  const isDead = refused.has(tokenId) || revoked.includes(tokenId) || (expiresAt !== undefined && expiresAt <= now)
  if (mayHold) {
    const either = `the secret holds ${current === undefined ? 'the new token' : nameOf(current.tokenId)} or still ${what}`
    return isDead
      ? { answer: 'unknown', reason: `${either}, which does not work any more` }
      : { answer: 'as-before', reason: `${either}. Neither was revoked` }
  }
  if (revoked.includes(tokenId)) return { answer: 'no', reason: `the secret holds ${what}, which was revoked` }
  if (refused.has(tokenId)) return { answer: 'no', reason: `the secret holds ${what}, which the registry refuses` }
  if (isDead) return { answer: 'no', reason: `the secret holds ${what}, which has expired` }
  const kept = known.isDryRun ? 'This dry run changed nothing' : 'This run did not revoke it'
  return { answer: 'as-before', reason: `the secret still holds ${what}. ${kept}` }
}

function nameOf(tokenId: string): string {
  return isProvided(tokenId) ? 'a credential that the workflow provided' : `token \`${tokenId}\``
}
