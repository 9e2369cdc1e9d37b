import { getState, saveState } from '@actions/core'

/** What the main step leaves for the post step: how to find what was minted, never the token itself. */
export interface MintState {
  readonly description: string
  readonly organizationGuid: string
  /** Absent when the run ended before it knew. */
  readonly tokenId: string | undefined
  readonly phase: Phase
}

/**
 * How far a mint has come: `minting` until it is proven, `writing` from before the first write until every write is
 * answered, `settled` when it is in use or revoked.
 */
export type Phase = 'minting' | 'writing' | 'settled'

/** Before the mint: from now on a token may exist. */
export function saveMint(description: string, organizationGuid: string): void {
  saveState('description', description)
  saveState('organization-guid', organizationGuid)
  savePhase('minting')
}

export function saveTokenId(tokenId: string): void {
  saveState('token-id', tokenId)
}

export function savePhase(phase: Phase): void {
  saveState('phase', phase)
}

/** @returns undefined when nothing was minted */
export function loadMint(): MintState | undefined {
  const description = getState('description')
  if (description === '') return undefined
  return {
    description,
    organizationGuid: getState('organization-guid'),
    tokenId: getState('token-id') || undefined,
    phase: getState('phase') as Phase,
  }
}
