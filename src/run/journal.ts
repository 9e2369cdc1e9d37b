import { ActionError } from '../core/errors.ts'
import { type JournalRecord, type RunPhase, saveRecord } from '../runner/state.ts'

/** From which phase a run may go to which: what the post step has to be prepared for. */
const TRANSITIONS: Readonly<Record<RunPhase, readonly RunPhase[]>> = {
  // A run that mints nothing begins to write; one whose own mint was revoked continues with another token.
  settled: ['minting', 'writing', 'revoking', 'settled'],
  minting: ['minting', 'writing', 'settled'],
  // It writes again when a concurrent run wrote a newer credential, and mints again when one ended its rotation.
  writing: ['minting', 'writing', 'revoking', 'settled'],
  revoking: ['settled'],
}

/** Records how far a run has come before each step that the post step may have to finish or undo. */
export class RunJournal {
  #phase: RunPhase = 'settled'
  readonly #save: (record: Partial<JournalRecord>) => void

  constructor(save: (record: Partial<JournalRecord>) => void = saveRecord) {
    this.#save = save
  }

  get phase(): RunPhase {
    return this.#phase
  }

  /** Before the mint: from now on a token with this description may exist. */
  mintStarts(description: string): void {
    this.#enter('minting', { description })
  }

  minted(mintedId: string): void {
    this.#enter('minting', { mintedId })
  }

  /** Before the first write: from now on targets may hold the token. */
  writeStarts(currentId: string, superseded: readonly string[]): void {
    this.#enter('writing', { currentId, superseded })
  }

  /** Before the first revocation. */
  revocationStarts(superseded: readonly string[]): void {
    this.#enter('revoking', { superseded })
  }

  /** Nothing is left for the post step. */
  settled(): void {
    this.#enter('settled', {})
  }

  #enter(phase: RunPhase, record: Partial<JournalRecord>): void {
    if (!TRANSITIONS[this.#phase].includes(phase)) {
      throw new ActionError('internal-error', `This is a bug in registry-pull-secret: ${phase} after ${this.#phase}`)
    }
    this.#phase = phase
    this.#save({ ...record, phase })
  }
}
