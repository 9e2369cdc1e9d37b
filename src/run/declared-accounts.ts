import type { SecretInputs } from '../inputs/secret.ts'
import type { DeclaredAccounts } from '../pull-secret/service-account.ts'
import type { Target } from '../pull-secret/target.ts'
import { isServiceAccount } from '../workload/pod-spec.ts'
import type { RunContext } from './context.ts'

/** The service accounts that the manifests have for a target, which may not exist yet when they get the secret. */
export function declaredAccounts({ inputs, signal }: RunContext, secret: SecretInputs) {
  const accounts = inputs.deploy?.objects.filter(isServiceAccount) ?? []
  return ({ cluster, namespace }: Target): DeclaredAccounts => {
    const own = accounts.filter(({ metadata }) => !metadata.namespace || metadata.namespace === namespace)
    return new Map(
      own.map((object) => [
        object.metadata.name,
        async () => {
          const { applyServiceAccount } = await import('../workload/service-accounts.ts')
          await applyServiceAccount(cluster, { object, namespace, secret }, signal)
        },
      ]),
    )
  }
}
