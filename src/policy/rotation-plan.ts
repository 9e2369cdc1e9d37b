import { asObject, asText } from '../core/json.ts'
import type { StoredCredential } from '../issuer/issuer.ts'
import type { Provenance } from '../pull-secret/provenance.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { isProvided } from './credential.ts'

/** What a run replaces by its credential. */
export interface Rotation {
  /** The id of the credential that every target is to hold. */
  readonly tokenId: string
  /** All targets of this run. */
  readonly scope: string
  /** The user name of the credential: a stored password of another user is none of its issuer's tokens. */
  readonly username: string
}

/** What becomes of the credentials that a rotation replaces. Pure: computed from what the targets held. */
export interface RotationPlan extends Rotation {
  /** Everything that the credential will have been written to when this run is over: what is recorded never shrinks. */
  readonly scopes: readonly string[]
  /** Ids of credentials that later runs must not take for leftovers: written to other targets, or retained earlier. */
  readonly retained: readonly string[]
  readonly superseded: readonly SupersededToken[]
  /** Whether a target held anything of this action: if not, no target remembers what earlier runs retained. */
  readonly hasRecords: boolean
}

/** A minted credential that this run replaces. */
export interface SupersededToken {
  readonly tokenId: string
  /** Everything that it was written to, as its secrets record it. */
  readonly scopes: readonly string[]
  /** The passwords that stood next to its id: the id alone may have been written by anyone who may edit the secret. */
  readonly references: readonly StoredCredential[]
}

/** @param stored what the targets held before they were written */
export function planRotation(rotation: Rotation, stored: readonly Stored[]): RotationPlan {
  const recorded = stored.filter(isRecorded)
  const replaced = recorded.filter(
    ({ provenance: { tokenId } }) => tokenId !== rotation.tokenId && !isProvided(tokenId),
  )
  return {
    ...rotation,
    scopes: scopesAfter(rotation, recorded),
    retained: retainedAfter(rotation, recorded),
    superseded: [...Map.groupBy(replaced, ({ provenance }) => provenance.tokenId)].map(([tokenId, secrets]) => ({
      tokenId,
      scopes: unique(secrets.flatMap(({ provenance }) => provenance.scopes)),
      references: referencesIn(secrets, rotation.username),
    })),
    hasRecords: recorded.length > 0,
  }
}

/** The plan by what the writes really replaced: another run may have changed a target between the read and the write. */
export function refinePlan({ tokenId, scope, username }: RotationPlan, replaced: readonly Stored[]): RotationPlan {
  return planRotation({ tokenId, scope, username }, replaced)
}

type RecordedSecret = StoredSecret & { readonly provenance: Provenance }

function isRecorded(stored: Stored): stored is RecordedSecret {
  return stored.kind === 'present' && stored.provenance !== undefined
}

function scopesAfter({ tokenId, scope }: Rotation, recorded: readonly RecordedSecret[]): string[] {
  const own = recorded.filter(({ provenance }) => provenance.tokenId === tokenId)
  return unique([...own.flatMap(({ provenance }) => provenance.scopes), scope]).sort()
}

function retainedAfter({ tokenId, scope }: Rotation, recorded: readonly RecordedSecret[]): string[] {
  const ids = recorded.flatMap(({ provenance }) => {
    const isOnlyHere = provenance.scopes.every((one) => one === scope)
    return [...provenance.retained, ...(isOnlyHere ? [] : [provenance.tokenId])]
  })
  return unique(ids)
    .filter((id) => id !== tokenId && !isProvided(id))
    .sort()
}

function referencesIn(secrets: readonly RecordedSecret[], username: string): StoredCredential[] {
  const references = secrets.flatMap(({ entries, provenance }) =>
    Object.values(entries).flatMap((entry) => {
      const login = asObject(entry)
      const value = login.username === username ? asText(login.password) : undefined
      return value === undefined ? [] : [{ id: provenance.tokenId, value }]
    }),
  )
  return [...new Map(references.map((reference) => [reference.value, reference])).values()]
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
