import { getState, saveState } from '@actions/core'

/**
 * How far a run has come: `minting` until its token is verified, `writing` from before the first write, `revoking` while
 * superseded tokens are revoked, `settled` when nothing is left to do.
 */
export type RunPhase = 'minting' | 'writing' | 'revoking' | 'settled'

/** What the main step leaves for the post step: ids and descriptions, never a token. */
export interface JournalRecord {
  readonly phase: RunPhase
  /** How the run's own mint is described; absent when it minted nothing. */
  readonly description: string | undefined
  /** The id of the run's own mint; absent when it minted nothing, or ended before it knew. */
  readonly mintedId: string | undefined
  /** The id of the token that the run writes: its own, a reused one, or that of a concurrent run. */
  readonly currentId: string | undefined
  /** Ids of the tokens that nothing needs any more once every target holds the current one. */
  readonly superseded: readonly string[]
}

/**
 * Saves only the values that are provided: the runner keeps the last value of each name.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#sending-values-to-the-pre-and-post-actions
 */
export function saveRecord({ phase, description, mintedId, currentId, superseded }: Partial<JournalRecord>): void {
  if (description !== undefined) saveState('description', description)
  if (mintedId !== undefined) saveState('minted-id', mintedId)
  if (currentId !== undefined) saveState('current-id', currentId)
  if (superseded !== undefined) saveState('superseded', superseded.join(' '))
  // Last: a phase without what belongs to it would mislead the post step.
  if (phase !== undefined) saveState('phase', phase)
}

export function loadRecord(): JournalRecord {
  return {
    phase: (getState('phase') || 'settled') as RunPhase,
    description: getState('description') || undefined,
    mintedId: getState('minted-id') || undefined,
    currentId: getState('current-id') || undefined,
    superseded: getState('superseded').split(' ').filter(Boolean),
  }
}
