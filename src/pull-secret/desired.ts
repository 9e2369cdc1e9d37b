import { MANAGER_NAME } from '../core/constants.ts'
import { lastResult } from '../core/last-result.ts'
import { dockerConfig, type HostLogin, loginsIn, type RegistryCredential } from '../registry/docker-config.ts'
import { MANAGED_BY, type Stored, type StoredSecret } from './read.ts'
import { type CredentialRecord, droppedHosts, formatRecords, formatWith } from './record.ts'

/** What is recorded about a credential in every target; each one adds its cluster. */
export type DesiredRecord = Omit<CredentialRecord, 'cluster'>

/** The secret that every target should hold. */
export interface DesiredSecret {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Whether a secret of that name that this action did not write is taken over. */
  readonly adopt: boolean
  readonly record: DesiredRecord
  readonly logins: readonly HostLogin[]
  readonly email: string | undefined
  /** Whether the credential of a stored secret is known not to be usable: then it is overwritten even if it is newer. */
  readonly isUnusable: (stored: StoredSecret) => boolean
  /** Whether a run of this action may revoke the credential: then its holders record where else it goes, before it goes there. */
  readonly isRevocable: boolean
  /**
   * Of the pending rotation that one target records: when another run has removed it there, the credential may be revoked
   * and is not written.
   */
  readonly pendingKey: string | undefined
}

/** Whether a target records the pending rotation of this run. */
export function isMarked(stored: Stored, { pendingKey }: DesiredSecret): boolean {
  return stored.kind === 'present' && stored.pending.some(({ key }) => key === pendingKey)
}

/**
 * Whether the rotation was ended in the target that recorded it. Once that target records the credential, no run takes it for
 * unused any more: then it does not matter.
 */
export function isEndedIn(current: StoredSecret, desired: DesiredSecret): boolean {
  return !isMarked(current, desired) && !current.records.some(({ tokenId }) => tokenId === desired.record.tokenId)
}

/** Whether a target holds all of it already: then there is nothing to write. */
export function isCurrent(stored: Stored, desired: DesiredSecret): boolean {
  return stored.kind === 'present' && hasContent(stored, desired) && hasRecord(stored, desired)
}

/** Which run wrote a record last, and by which kubeconfig, is no reason to write it again. */
function hasRecord({ records }: StoredSecret, desired: DesiredSecret): boolean {
  return isRecordedIn(records, desired.record)
}

const isRecordedIn = lastResult((records: readonly CredentialRecord[], desired: DesiredRecord) => {
  const record = { ...desired, cluster: undefined }
  const { run, cluster } = record
  const recorded = records.map((one) => (one.tokenId === record.tokenId ? { ...one, run, cluster } : one))
  return formatRecords(recorded) === formatWith(recorded, record)
})

/** Whether a secret holds all that a user can see of it; what this action records about the credential may differ. */
export function hasContent(stored: StoredSecret, desired: DesiredSecret): boolean {
  return (
    stored.data === dataOf(stored.cluster, stored, desired) &&
    holds(stored.labels, { ...desired.labels, [MANAGED_BY]: MANAGER_NAME }) &&
    holds(stored.annotations, desired.annotations)
  )
}

/** The docker config in base64, with the other hosts that a secret has already. */
export function dataOf(cluster: string, stored: Stored, { logins, email, record }: DesiredSecret): string {
  const credential = credentialIn(cluster, logins, email)
  if (stored.kind === 'absent') return mergedData(credential, undefined, NO_HOSTS)
  return mergedData(credential, stored.config, hostsToRemove(stored.records, record))
}

const credentialIn = lastResult((cluster: string, logins: readonly HostLogin[], email: string | undefined) => ({
  logins: loginsIn(cluster, logins),
  email,
}))

const NO_HOSTS: readonly string[] = []

const hostsToRemove = lastResult(droppedHosts)

const mergedData = lastResult(
  (credential: RegistryCredential, config: StoredSecret['config'] | undefined, removed: readonly string[]) =>
    Buffer.from(dockerConfig(credential, config, removed)).toString('base64'),
)

function holds(all: Readonly<Record<string, unknown>>, some: Readonly<Record<string, string>>): boolean {
  return Object.entries(some).every(([key, value]) => all[key] === value)
}
