import { formatCount } from '../core/format.ts'
import type { UnmanagedCredentials } from '../policy/unmanaged-credential.ts'
import { LAST_APPLIED } from '../pull-secret/read.ts'
import type { Target } from '../pull-secret/target.ts'

const MAX_NAMED = 3

/** Sentences about credentials that this action did not mint. */
export function unmanagedNotes({ replaced, copied }: UnmanagedCredentials, isDryRun: boolean): string[] {
  const notes: string[] = []
  if (replaced.length > 0) {
    const what = `${isDryRun ? 'Would take' : 'Took'} over the secret in ${named(replaced)}`
    notes.push(`${what}. This action did not mint the credential that it replaced: revoke it where it was issued.`)
  }
  if (copied.length > 0) {
    const what = `${isDryRun ? 'Would remove' : 'Removed'} the annotation \`${LAST_APPLIED}\` in ${named(copied)}`
    notes.push(`${what}. It held a copy of an earlier credential: if this action did not mint it, revoke it.`)
  }
  return notes
}

function named(targets: readonly Target[]): string {
  const names = targets.slice(0, MAX_NAMED).map(({ cluster, namespace }) => `${cluster.name}: ${namespace}`)
  const rest = targets.length - names.length
  return rest > 0 ? `${names.join(', ')} and ${formatCount(rest, 'other namespace')}` : names.join(', ')
}
