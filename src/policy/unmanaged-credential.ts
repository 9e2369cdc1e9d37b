import { asObject, asText } from '../core/json.ts'
import { hasLastApplied } from '../pull-secret/annotations.ts'
import { isFailed, type TargetOutcome, type WrittenTarget } from '../pull-secret/target.ts'
import type { Credential } from './credential.ts'
import { holdsCredential, type LoginRequest } from './held.ts'

/** Targets that held a credential which this action did not mint, and so does not revoke. */
export interface UnmanagedCredentials {
  /** Its secret was taken over. */
  readonly replaced: readonly WrittenTarget[]
  /** `kubectl apply` had left a copy of it in an annotation. */
  readonly copied: readonly WrittenTarget[]
}

export function unmanagedCredentials(
  outcomes: readonly TargetOutcome[],
  credential: Pick<Credential, 'logins'>,
  login: LoginRequest,
): UnmanagedCredentials {
  const written = outcomes.filter((outcome) => !isFailed(outcome))
  return {
    replaced: written.filter(({ replaced }) => {
      if (replaced.kind === 'absent' || replaced.ours || holdsCredential(replaced, credential, login)) return false
      return login.owner.hosts.some((host) => hasLogin(replaced.entries[host]))
    }),
    copied: written.filter(({ replaced }) => replaced.kind === 'present' && hasLastApplied(replaced)),
  }
}

function hasLogin(entry: unknown): boolean {
  const { password, auth, identitytoken, registrytoken } = asObject(entry)
  return [password, auth, identitytoken, registrytoken].some((value) => asText(value) !== undefined)
}
