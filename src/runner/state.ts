import { getState, saveState } from '@actions/core'

/** What the main step leaves for the post step: ids and descriptions, never a token. */
export interface State {
  /** How the run's own mint is described; absent when it minted nothing. */
  readonly description: string | undefined
  /** The id of the run's own mint; absent when it minted nothing, or ended before it knew. */
  readonly mintedId: string | undefined
  /** The id of the token that the run brings to its targets: its own, one that it keeps, or that of a faster run. */
  readonly broughtId: string | undefined
  readonly phase: Phase
  /** Ids of the tokens that nobody needs any more once every target holds the new one. */
  readonly superseded: readonly string[]
}

/**
 * How far a run has come: `minting` until its token is proven, `writing` from before the first write, `revoking` while
 * replaced tokens are revoked, `settled` when nothing is left to do.
 */
export type Phase = 'minting' | 'writing' | 'revoking' | 'settled'

/** Before the mint: from now on a token may exist. */
export function saveMint(description: string): void {
  saveState('description', description)
  savePhase('minting')
}

export function saveMintedId(tokenId: string): void {
  saveState('token-id', tokenId)
}

/** Before the first write: from now on targets may hold the token. */
export function saveWriting(tokenId: string, superseded: readonly string[]): void {
  saveState('brought-id', tokenId)
  saveState('superseded', superseded.join(' '))
  savePhase('writing')
}

/** Before the first revocation. */
export function saveRevoking(superseded: readonly string[]): void {
  saveState('superseded', superseded.join(' '))
  savePhase('revoking')
}

export function savePhase(phase: Phase): void {
  saveState('phase', phase)
}

export function loadState(): State {
  return {
    description: getState('description') || undefined,
    mintedId: getState('token-id') || undefined,
    broughtId: getState('brought-id') || undefined,
    phase: (getState('phase') || 'settled') as Phase,
    superseded: getState('superseded').split(' ').filter(Boolean),
  }
}
