import { MANAGER_NAME } from '../core/constants.ts'
import { asObjects, asText } from '../core/json.ts'
import { isTokenId } from '../issuer/token-id.ts'
import { type HostOwner, isOwn } from './record.ts'

/** A rotation that has begun: recorded in one target before its mint, and removed when nothing is left to do. */
export interface PendingRotation extends HostOwner {
  /** Unique to the run that recorded it. */
  readonly key: string
  /** Descriptions of mints, of which a credential may exist that no target holds. */
  readonly descriptions: readonly string[]
  /** Ids of credentials that are superseded when every target holds the new one. */
  readonly superseded: readonly string[]
}

/** The annotation of pending rotations. */
export const PENDING = `${MANAGER_NAME}/pending`

const MAX_ANNOTATION_LENGTH = 32 * 1024
const MAX_VALUES = 50
const TEXT = /^\P{Cc}{1,2000}$/u

export function parsePending(annotation: unknown): PendingRotation[] {
  const text = asText(annotation)
  if (text === undefined || text.length > MAX_ANNOTATION_LENGTH) return []
  try {
    return asObjects(JSON.parse(text))
      .slice(0, MAX_VALUES)
      .flatMap(({ key, repository, provider, hosts, descriptions, superseded }) => {
        const [ownKey, ownProvider] = [textsOf([key])[0], textsOf([provider])[0]]
        if (ownKey === undefined || ownProvider === undefined) return []
        const lists = {
          hosts: textsOf(hosts),
          descriptions: textsOf(descriptions),
          superseded: textsOf(superseded).filter(isTokenId),
        }
        return [{ key: ownKey, provider: ownProvider, repository: textsOf([repository])[0] ?? '', ...lists }]
      })
  } catch {
    return []
  }
}

function textsOf(values: unknown): string[] {
  const texts = Array.isArray(values) ? values.slice(0, MAX_VALUES) : []
  return texts.filter((value): value is string => typeof value === 'string' && TEXT.test(value))
}

/** The pending rotations of this step. */
export function ownPending(pending: readonly PendingRotation[], owner: HostOwner): PendingRotation[] {
  return pending.filter((rotation) => isOwn(rotation, owner))
}

export function formatPending(pending: readonly PendingRotation[]): string | null {
  return pending.length === 0 ? null : JSON.stringify(pending)
}
