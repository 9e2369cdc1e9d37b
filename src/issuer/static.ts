import { Failure } from '../core/errors.ts'
import { claimsOf, expiryOf } from '../core/json.ts'
import type { Issuer, Provider } from './issuer.ts'

/** A credential that an earlier step of the workflow got from its registry. */
export interface StaticRequest {
  readonly provider: 'static'
  readonly password: string
}

/** There is nobody to log in to: such a credential is only carried. Where the password is a JWT, its end is known. */
export function givenCredential({ password }: StaticRequest): Provider {
  return {
    given: { value: password, expiresAt: expiryOf(claimsOf(password)) },
    open: async () => ({ organizationGuid: undefined, issuer: () => nobody }),
    revocationByHand: (id) => `Revoke ${id} where it was issued.`,
  }
}

const nobody: Issuer = {
  mint: unable,
  list: async () => [],
  recover: unable,
  isOurs: async () => false,
  revoke: unable,
}

async function unable(): Promise<never> {
  throw new Failure('`provider: static` only carries a credential: it can neither mint nor revoke one')
}
