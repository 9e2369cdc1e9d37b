import type { ActionError } from '../core/errors.ts'
import { knownLifeOf } from '../issuer/known-life.ts'
import type { Logins } from '../policy/credential.ts'
import type { RunContext } from './context.ts'

/** A credential that the workflow provides: the run neither mints nor revokes it. */
export interface ProvidedCredential {
  readonly logins: Logins
  /** The earliest expiry that is known of them. */
  readonly expiresAt: Date | undefined
  /** Why there is no credential for a cluster, by the name of the cluster. */
  readonly failed: ReadonlyMap<string, ActionError>
}

/** The context with what the workflow provides, and with the registry hosts that it is for. */
export async function readProvided(context: RunContext): Promise<RunContext> {
  const { inputs, login } = context
  const { credential, registry } = inputs
  if (credential.provider !== 'static') return context
  const { password } = credential
  const { servers, username = '' } = registry
  const logins: Logins = [{ servers, username, password }]
  const expiresAt = knownLifeOf(password, context.clock.now())?.expiresAt
  return { ...context, provided: { logins, expiresAt, failed: new Map() }, login: { ...login, provided: logins } }
}
