import { MANAGER } from '../core/constants.ts'
import { asText } from '../core/json.ts'

/** Where a credential came from and what it serves, for the next run and for people: annotations of the secret. */
export interface Provenance {
  /** The issuer's id of the credential. */
  readonly tokenId: string
  readonly mintedAt: Date
  /** Absent when it never ends. */
  readonly expiresAt: Date | undefined
  /** URL of the workflow run that wrote it here. */
  readonly run: string
  /** The scopes of all runs that have written the credential: together all that it was ever written to. */
  readonly scopes: readonly string[]
  /** Ids of replaced credentials that others may still hold: no later run of this scope takes them for leftovers. */
  readonly spared: readonly string[]
}

/** Between two scopes, which hold spaces and commas themselves. */
const SEPARATOR = '; '

export function annotationsOf({
  tokenId,
  mintedAt,
  expiresAt,
  run,
  scopes,
  spared,
}: Provenance): Record<string, string> {
  return {
    [`${MANAGER}/token-id`]: tokenId,
    // In milliseconds: of two runs at once the later one wins, and both must see which that is.
    [`${MANAGER}/minted-at`]: mintedAt.toISOString(),
    ...(expiresAt && { [`${MANAGER}/expires-at`]: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z') }),
    ...(run && { [`${MANAGER}/run`]: run }),
    [`${MANAGER}/scope`]: scopes.join(SEPARATOR),
    ...(spared.length > 0 && { [`${MANAGER}/spared`]: spared.join(' ') }),
  }
}

/** @returns undefined where this action recorded nothing */
export function provenanceOf(annotations: Readonly<Record<string, unknown>>): Provenance | undefined {
  const text = (name: string) => asText(annotations[`${MANAGER}/${name}`])
  const tokenId = text('token-id')
  if (tokenId === undefined) return undefined
  return {
    tokenId,
    mintedAt: pastOf(text('minted-at')) ?? new Date(0),
    expiresAt: dateOf(text('expires-at')),
    run: text('run') ?? '',
    scopes: (text('scope') ?? '').split(SEPARATOR),
    spared: text('spared')?.split(' ') ?? [],
  }
}

/** Milliseconds by which the clocks of two runners may differ. */
const CLOCKS = 10 * 60_000

/** A date that is still to come is none: it would keep a credential for ever. */
function pastOf(text: string | undefined): Date | undefined {
  const date = dateOf(text)
  return date && date.getTime() < Date.now() + CLOCKS ? date : undefined
}

function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}
