import type { ListedCredential } from '../issuer/issuer.ts'
import { scopeOf } from '../pull-secret/scope.ts'
import type { Target } from '../pull-secret/target.ts'

/** What tokens are minted for. */
export interface MintPurpose {
  /** The input `token-description`. */
  readonly description: string
  /** Undefined when the run writes no secret. */
  readonly secretName: string | undefined
  readonly targets: readonly Target[]
}

/** How the descriptions of all tokens begin that are minted for these targets. */
export function descriptionPrefix({ description, secretName, targets }: MintPurpose): string {
  const scope = secretName === undefined ? [] : [`[${scopeOf(targets, secretName)}]`]
  return [description, ...scope, ''].join(' ')
}

/** The description of one mint: unique, and it tells when the token was minted. */
export function describeMint(
  purpose: MintPurpose,
  { run, mintedAt, unique }: { readonly run: string; readonly mintedAt: Date; readonly unique: string },
): string {
  return descriptionPrefix(purpose) + [run, mintedAt.toISOString(), unique].filter(Boolean).join(' ')
}

function mintedAtIn(description: string): Date {
  return new Date(description.split(' ').at(-2) ?? '')
}

/** The last mint of a run: the beginning of its description, and when it was. */
export interface Mint {
  readonly prefix: string
  readonly at: Date
}

/**
 * Tokens that killed runs left behind: minted for this very scope before this run's token, which every target holds by
 * now; or with it, when the mint was sent twice.
 */
export function leftoversAmong(tokens: readonly ListedCredential[], { prefix, at }: Mint): string[] {
  return tokens
    .filter(({ description }) => description.startsWith(prefix) && mintedAtIn(description) <= at)
    .map(({ id }) => id)
}
