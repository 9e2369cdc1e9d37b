import type { Issuer } from '../issuer/issuer.ts'
import { claimsIn } from '../policy/revocation.ts'
import type { Stored } from '../pull-secret/read.ts'
import { mask } from '../runner/mask.ts'

/** Which of the ids that replaced secrets recorded are ours to revoke: an annotation may have been written by anybody. */
export type Identify = (tokenId: string, stored: readonly Stored[]) => Promise<ReadonlySet<string>>

/**
 * Asks the issuer whether replaced secrets held what they recorded, each once.
 * @param username of the credential
 */
export function createIdentify(username: string, login: () => Promise<Issuer>): Identify {
  const answers = new Map<string, boolean>()
  return async (tokenId, stored) => {
    const proven = new Set<string>()
    for (const { id, value } of claimsIn(tokenId, stored, username)) {
      const key = `${id} ${value}`
      const answer = answers.get(key) ?? (await (await login()).isOurs(id, mask(value)))
      answers.set(key, answer)
      if (answer) proven.add(id)
    }
    return proven
  }
}
