// The logins of a provider that has several.
import type { ProviderName } from '../../src/inputs/table/row.ts'
import type { InputName } from '../../src/inputs/table.ts'

export interface LoginMethod {
  readonly id: string
  /** What a person chooses. */
  readonly title: string
  readonly inputs: readonly InputName[]
  /** The runner must have the session of a CLI. */
  readonly needsOwnRunner?: true
}

/** In the order of docs/registries.md: the recommended one first. */
const DEDICATED: readonly LoginMethod[] = [
  { id: 'api-key', title: 'API key (recommended)', inputs: ['api-key'] },
  { id: 'password', title: 'User name and password', inputs: ['username', 'password'] },
  { id: 'oauth-token', title: 'UAA token', inputs: ['oauth-token'] },
  { id: 'passcode', title: 'One-time passcode', inputs: ['passcode'] },
  { id: 'cli', title: 'Session of a CLI on a self-hosted runner', inputs: [], needsOwnRunner: true },
]

export const LOGIN_INPUTS: readonly InputName[] = DEDICATED.flatMap(({ inputs }) => inputs)

/** Empty for a provider that has one login. */
export function loginsOf(provider: ProviderName): readonly LoginMethod[] {
  return provider === 'dedicated' ? DEDICATED : []
}
