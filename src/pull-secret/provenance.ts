import { MANAGER_NAME } from '../core/constants.ts'
import { asText } from '../core/json.ts'

/** What this action records about a credential in the annotations of its secrets. */
export interface Provenance {
  /** The issuer's id of the credential. */
  readonly tokenId: string
  readonly mintedAt: Date
  /** Absent when it does not expire. */
  readonly expiresAt: Date | undefined
  /** URL of the workflow run that wrote it here. */
  readonly run: string
  /** The scopes of all runs that wrote the credential: together, everything that it was ever written to. */
  readonly scopes: readonly string[]
  /** Ids of superseded credentials that other targets may still hold: later runs do not take them for leftovers. */
  readonly retained: readonly string[]
}

/** Between two scopes, which hold spaces and commas themselves. */
const SEPARATOR = '; '

export function annotationsOf({
  tokenId,
  mintedAt,
  expiresAt,
  run,
  scopes,
  retained,
}: Provenance): Record<string, string> {
  return {
    [`${MANAGER_NAME}/token-id`]: tokenId,
    // In milliseconds: of two concurrent runs the later one wins, and both must see which one that is.
    [`${MANAGER_NAME}/minted-at`]: mintedAt.toISOString(),
    ...(expiresAt && { [`${MANAGER_NAME}/expires-at`]: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z') }),
    ...(run && { [`${MANAGER_NAME}/run`]: run }),
    [`${MANAGER_NAME}/scope`]: scopes.join(SEPARATOR),
    ...(retained.length > 0 && { [`${MANAGER_NAME}/retained`]: retained.join(' ') }),
  }
}

/** @returns undefined where this action recorded nothing */
export function provenanceOf(annotations: Readonly<Record<string, unknown>>): Provenance | undefined {
  const text = (name: string) => asText(annotations[`${MANAGER_NAME}/${name}`])
  const tokenId = text('token-id')
  if (tokenId === undefined) return undefined
  return {
    tokenId,
    mintedAt: pastOf(text('minted-at')) ?? new Date(0),
    expiresAt: dateOf(text('expires-at')),
    run: text('run') ?? '',
    scopes: (text('scope') ?? '').split(SEPARATOR),
    retained: text('retained')?.split(' ') ?? [],
  }
}

/** By how much the clocks of two runners may differ. */
const MAX_CLOCK_SKEW_MS = 10 * 60_000

/** A date in the future is ignored: it would let a credential be reused without end. */
function pastOf(text: string | undefined): Date | undefined {
  const date = dateOf(text)
  return date && date.getTime() < Date.now() + MAX_CLOCK_SKEW_MS ? date : undefined
}

function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}
