import { ActionError } from '../core/errors.ts'
import type { Issuer, Provider } from './issuer.ts'
import { knownLifeOf } from './known-life.ts'

/** A credential that an earlier step of the workflow got from its registry. */
export interface StaticRequest {
  readonly provider: 'static'
  readonly password: string
}

/** The provider of a credential that this action neither mints nor revokes. Its expiry is known where its form shows it. */
export function createStaticProvider({ password }: StaticRequest): Provider {
  return {
    provided: { value: password, expiresAt: knownLifeOf(password, new Date())?.expiresAt },
    open: async () => ({ organizationGuid: undefined, issuer: () => STATIC_ISSUER }),
    manualRevocation: (id) => `Revoke credential ${id} where it was issued.`,
  }
}

const STATIC_ISSUER: Issuer = {
  mint: rejectUnsupported,
  list: async () => [],
  recover: rejectUnsupported,
  confirm: async () => 'mismatch',
  revoke: rejectUnsupported,
}

async function rejectUnsupported(): Promise<never> {
  throw new ActionError('internal-error', '`provider: static` can neither mint nor revoke a credential')
}
