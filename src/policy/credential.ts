import type { Provenance } from '../pull-secret/provenance.ts'
import type { Verdict } from '../registry/verdict.ts'

/** The credential that a run works with. */
export interface Credential extends Pick<Provenance, 'tokenId' | 'mintedAt' | 'expiresAt'> {
  readonly password: string
  /** Minted in this run, kept from an earlier one, given by the workflow, or none at all where nothing may be minted. */
  readonly origin: 'minted' | 'kept' | 'given' | 'rehearsed'
}

/** A credential, and what each registry says of it. */
export interface Proven {
  readonly credential: Credential
  readonly verdicts: readonly Verdict[]
}
