import { asObject, asText } from '../core/json.ts'
import type { StoredCredential } from '../issuer/issuer.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { type CredentialRecord, conflictingRecords, isOwn, ownRecords } from '../pull-secret/record.ts'
import { isProvided } from './credential.ts'
import type { LoginRequest } from './held.ts'

/** What a run replaces by its credential. */
export interface Rotation {
  /** The id of the credential that every target is to hold. */
  readonly tokenId: string
  /** All targets of this run. */
  readonly scope: string
  /** A stored password of another user is none of its issuer's tokens. */
  readonly login: LoginRequest
}

/** What becomes of the credentials that a rotation replaces. Pure: computed from what the targets held. */
export interface RotationPlan extends Rotation {
  /** Everything that the credential will have been written to when this run is over: what is recorded never shrinks. */
  readonly scopes: readonly string[]
  /** Ids of credentials that may still be alive: written to other targets, or retained earlier. */
  readonly retained: readonly string[]
  /** Those that earlier runs retained. */
  readonly retainedBefore: readonly string[]
  readonly superseded: readonly SupersededToken[]
  /** Ids of minted credentials of other repositories or providers, whose hosts this run takes over. */
  readonly takenOver: readonly string[]
  /** Whether a target held anything of this action: if not, no target remembers what earlier runs retained. */
  readonly hasRecords: boolean
  /** Ids of credentials that other steps keep in the same secrets. */
  readonly heldByOthers: readonly string[]
}

/** A minted credential that this run replaces. */
export interface SupersededToken {
  readonly tokenId: string
  /** Everything that it was written to, as its secrets record it. */
  readonly scopes: readonly string[]
  /** The passwords that stood next to its id: the id alone may have been written by anyone who may edit the secret. */
  readonly references: readonly StoredCredential[]
}

/** Of one step in one secret. */
const MAX_OWN_RECORDS = 5

/** More ids are not recorded: what one namespace records must not fill the others. */
const MAX_RETAINED = 100

/** @param stored what the targets held before they were written */
export function planRotation(rotation: Rotation, stored: readonly Stored[]): RotationPlan {
  const present = stored.filter((one) => one.kind === 'present')
  const recorded = present.flatMap((one) => recordsIn(one, rotation.login))
  const others = present.flatMap(({ records }) => records.filter((one) => !isOwn(one, rotation.login.owner)))
  const replaced = recorded.filter(({ record: { tokenId } }) => tokenId !== rotation.tokenId && !isProvided(tokenId))
  return {
    ...rotation,
    scopes: scopesAfter(rotation, recorded),
    retained: retainedAfter(rotation, recorded),
    retainedBefore: unique(recorded.flatMap(({ record }) => record.retained)),
    superseded: [...Map.groupBy(replaced, ({ record }) => record.tokenId)].map(([tokenId, each]) => ({
      tokenId,
      scopes: unique(each.flatMap(({ record }) => record.scopes)),
      references: unique(each.flatMap(({ passwords }) => passwords)).map((value) => ({ id: tokenId, value })),
    })),
    takenOver: takenOverFrom(stored, rotation),
    hasRecords: recorded.length > 0,
    heldByOthers: unique(others.map(({ tokenId }) => tokenId)),
  }
}

/** The plan by what the writes really replaced: another run may have changed a target between the read and the write. */
export function refinePlan({ tokenId, scope, login }: RotationPlan, replaced: readonly Stored[]): RotationPlan {
  return planRotation({ tokenId, scope, login }, replaced)
}

interface Recorded {
  readonly record: CredentialRecord
  /** Of its hosts and user. */
  readonly passwords: readonly string[]
}

function recordsIn({ records, entries }: StoredSecret, { owner, username }: LoginRequest): Recorded[] {
  // A secret with more was not written by this action: its issuer is not asked about all of them.
  return ownRecords(records, owner)
    .slice(0, MAX_OWN_RECORDS)
    .map((record) => {
      const hosts = record.hosts.filter((host) => owner.hosts.includes(host))
      const logins = hosts.map((host) => asObject(entries[host]))
      const isOfUser = (one: unknown) => username === undefined || one === username
      return { record, passwords: logins.flatMap((one) => (isOfUser(one.username) && asText(one.password)) || []) }
    })
}

function takenOverFrom(stored: readonly Stored[], { login }: Rotation): string[] {
  const records = stored.flatMap((one) => (one.kind === 'present' ? conflictingRecords(one.records, login.owner) : []))
  return unique(records.map(({ tokenId }) => tokenId).filter((id) => !isProvided(id)))
}

function scopesAfter({ tokenId, scope }: Rotation, recorded: readonly Recorded[]): string[] {
  const own = recorded.filter(({ record }) => record.tokenId === tokenId)
  return unique([...own.flatMap(({ record }) => record.scopes), scope]).sort()
}

function retainedAfter({ tokenId, scope }: Rotation, recorded: readonly Recorded[]): string[] {
  const ids = recorded.flatMap(({ record }) => {
    const isOnlyHere = record.scopes.every((one) => one === scope)
    return [...record.retained, ...(isOnlyHere ? [] : [record.tokenId])]
  })
  return unique(ids)
    .filter((id) => id !== tokenId && !isProvided(id))
    .sort()
    .slice(0, MAX_RETAINED)
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
