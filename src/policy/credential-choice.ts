/** Which credential a run distributes, and why. */
export type CredentialChoice = {
  /** As it reads after "Minting a new token: ". */
  readonly reason: string
} & (
  | { readonly action: 'reuse'; readonly tokenId: string }
  /** `write`: the one that the workflow provides. */
  | { readonly action: 'mint' | 'write' }
)
