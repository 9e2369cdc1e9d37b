import { ActionError } from '../core/errors.ts'
import type { Issuer, Provider } from './issuer.ts'

/** The provider of a credential that the workflow provides: this action neither mints nor revokes it. */
export const PROVIDED: Provider = {
  endpoint: undefined,
  open: async () => ({ organizationGuid: undefined, issuer: () => NO_ISSUER }),
  manualRevocation: (id) => `Revoke credential ${id} where it was issued.`,
}

const NO_ISSUER: Issuer = {
  mint: rejectUnsupported,
  list: async () => [],
  recover: rejectUnsupported,
  confirm: async () => 'mismatch',
  revoke: rejectUnsupported,
}

async function rejectUnsupported(): Promise<never> {
  throw new ActionError('internal-error', 'A credential that the workflow provides can be neither minted nor revoked')
}
