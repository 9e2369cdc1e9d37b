import { HttpError, NetworkError } from '../http-error.ts'
import { isCurrent, type PullSecret, type Target, type Written, writePullSecret } from './pull-secret.ts'
import { type Provenance, Refusal, type Stored, type StoredSecret } from './stored-secret.ts'
import type { Unusable, Usable } from './targets.ts'

/** What became of one target. */
export type Outcome = (Target & (Written | { readonly result: 'planned'; readonly replaced: Stored })) | Unusable

/**
 * Brings the pull secret to every target that lacks it or holds another; one that fails does not stop the others.
 * @param dryRun the API servers check everything and store nothing
 */
export async function fanOut(
  targets: readonly (Usable | Unusable)[],
  secret: PullSecret,
  provenance: Provenance,
  dryRun: boolean,
): Promise<Outcome[]> {
  return await Promise.all(
    targets.map(async (target) => {
      if ('failure' in target) return target
      const { cluster, namespace, stored } = target
      if (isCurrent(stored, secret, provenance)) return { cluster, namespace, result: 'unchanged', replaced: stored }
      try {
        const written = await writePullSecret(target, secret, provenance, stored, dryRun)
        return { cluster, namespace, ...(dryRun ? { result: 'planned', replaced: stored } : written) }
      } catch (failure) {
        return { cluster, namespace, result: 'failed', failure, mayHold: !isUnwritten(failure) }
      }
    }),
  )
}

/** The newest credential that other runs brought meanwhile. */
export function rivalIn(outcomes: readonly Outcome[]): StoredSecret | undefined {
  const rivals = outcomes.flatMap((outcome) => (outcome.result === 'overtaken' ? [outcome.by] : []))
  const time = ({ provenance }: StoredSecret) => provenance?.mintedAt.getTime() ?? 0
  return rivals.sort((a, b) => time(b) - time(a))[0]
}

/** Whether no target can possibly hold what was to be written. */
export function isHeldNowhere(outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome) => 'failure' in outcome && !outcome.mayHold)
}

/** Refused by us or by the API server, or never sent. After any other failure the server may have acted. */
function isUnwritten(failure: unknown): boolean {
  if (failure instanceof HttpError) return failure.status < 500
  return failure instanceof Refusal || (failure instanceof NetworkError && !failure.sent)
}
