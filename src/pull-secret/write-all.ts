import { HttpError, NetworkError } from '../http/errors.ts'
import { withProgress } from '../runner/progress.ts'
import type { Provenance } from './provenance.ts'
import type { Stored, StoredSecret } from './read.ts'
import { Refusal } from './refusal.ts'
import type { Unusable, Usable } from './targets.ts'
import { isCurrent, type PullSecret, type Target, type Written, writePullSecret } from './write.ts'

/** What became of one target. */
export type Outcome = ((Target & (Written | { readonly result: 'planned'; readonly replaced: Stored })) | Unusable) & {
  /** Of those that were asked for. */
  readonly serviceAccounts?: readonly { readonly name: string; readonly result: string }[]
}

/**
 * Brings the pull secret to every target that lacks it or holds another; one that fails does not stop the others. The
 * targets that hold its credential already come first: they must record where else it goes before it goes there, or a
 * later run could take what they record for all, and revoke it.
 * @param dryRun the API servers check everything and store nothing
 */
export async function fanOut(
  targets: readonly (Usable | Unusable)[],
  secret: PullSecret,
  provenance: Provenance,
  dryRun: boolean,
): Promise<Outcome[]> {
  const done = dryRun ? 'Checked' : 'Written'
  const write = (some: readonly Usable[]) =>
    withProgress(
      some,
      (count) => `${done} ${count} secrets`,
      (target) => bring(target, secret, provenance, dryRun),
    )
  const usable = targets.filter((target) => 'stored' in target)
  const holders = usable.filter(({ stored }) => isHolder(stored, provenance))
  const outcomes = new Map<Target, Outcome>(await write(holders))

  const isWider = holders.some(({ stored }) => isHolder(stored, provenance) && recordsLess(stored, provenance))
  const isRecorded =
    usable.length === targets.length && [...outcomes.values()].every(({ result }) => result !== 'failed')
  for (const target of usable.filter((one) => isWider && !isRecorded && !outcomes.has(one))) {
    outcomes.set(target, unrecorded(target, secret.name))
  }
  const others = await write(usable.filter((target) => !outcomes.has(target)))
  const all = new Map<Target, Outcome>([...outcomes, ...others])
  return targets.map((target) => all.get(target) ?? (target as Unusable))
}

function isHolder(stored: Stored, { tokenId }: Provenance): stored is StoredSecret {
  return stored.kind === 'present' && stored.provenance?.tokenId === tokenId
}

function recordsLess({ provenance }: StoredSecret, { scopes }: Provenance): boolean {
  return scopes.some((scope) => !provenance?.scopes.includes(scope))
}

function unrecorded({ cluster, namespace }: Usable, secretName: string): Unusable {
  const what = `The secret ${namespace}/${secretName} in ${cluster.name} was not written`
  const failure = new Refusal(`${what}: a target that may hold the token could not record that it goes there, too`, {
    cure: 'Mend the target that failed, and run again: else a later run could revoke the token without knowing of this one.',
  })
  return { cluster, namespace, result: 'failed', failure, mayHold: false }
}

async function bring(target: Usable, secret: PullSecret, provenance: Provenance, dryRun: boolean): Promise<Outcome> {
  const { cluster, namespace, stored } = target
  if (isCurrent(stored, secret, provenance)) return { cluster, namespace, result: 'unchanged', replaced: stored }
  try {
    const written = await writePullSecret(target, secret, provenance, stored, dryRun)
    return { cluster, namespace, ...(dryRun ? { result: 'planned', replaced: stored } : written) }
  } catch (failure) {
    return { cluster, namespace, result: 'failed', failure, mayHold: !isUnwritten(failure) }
  }
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
