import { getState, saveState } from '@actions/core'

/** What the main step leaves for the post step: how to find what was minted, never the token itself. */
export interface MintState {
  readonly description: string
  readonly organizationGuid: string
  /** Absent when the run ended before it knew. */
  readonly tokenId: string | undefined
  /** Whether the token may be in use: then nobody may revoke it. */
  readonly kept: boolean
}

/** Before the mint: from now on a token may exist. */
export function saveMint(description: string, organizationGuid: string): void {
  saveState('description', description)
  saveState('organization-guid', organizationGuid)
}

export function saveTokenId(tokenId: string): void {
  saveState('token-id', tokenId)
}

/** Before the first write, or after the token was revoked: from now on the post step leaves it alone. */
export function saveKept(): void {
  saveState('kept', 'true')
}

export function loadMint(): MintState | undefined {
  const description = getState('description')
  if (description === '') return undefined
  return {
    description,
    organizationGuid: getState('organization-guid'),
    tokenId: getState('token-id') || undefined,
    kept: getState('kept') === 'true',
  }
}
