import type { Stored } from './cluster/stored-secret.ts'
import type { Issuer } from './issuer/issuer.ts'
import { mask } from './mask.ts'
import { replacedValues } from './plan.ts'

/** The ids, by their values, of the credentials in replaced secrets that their issuer says to be ours. */
export type Identify = (tokenId: string, stored: readonly Stored[]) => Promise<ReadonlyMap<string, string>>

/**
 * Asks the issuer what replaced secrets hold: only what it knows as a mint of this action may be revoked. Each value is
 * asked for once.
 * @param username of the credential: a value under another one is nothing of this issuer
 */
export function createIdentify(username: string, login: () => Promise<Issuer>): Identify {
  const known = new Map<string, string | undefined>()
  return async (tokenId, stored) => {
    const values = [...replacedValues(tokenId, stored, username)]
    for (const value of values.filter((one) => !known.has(one))) {
      known.set(value, await (await login()).identify(mask(value)))
    }
    return new Map(
      values.flatMap((value) => {
        const id = known.get(value)
        return id === undefined ? [] : [[value, id]]
      }),
    )
  }
}
