import type { ListedCredential } from '../issuer/issuer.ts'

/** How the description of each token that is minted for a scope begins. */
export function descriptionPrefix(description: string, scope: string): string {
  return [description, ...(scope ? [`[${scope}]`] : []), ''].join(' ')
}

/** The description of one mint: unique, and it tells when the token was minted. */
export function describeMint(
  prefix: string,
  { run, mintedAt, unique }: { readonly run: string; readonly mintedAt: Date; readonly unique: string },
): string {
  return prefix + [run, mintedAt.toISOString(), unique].filter(Boolean).join(' ')
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
