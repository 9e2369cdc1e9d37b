import { mayInclude } from '../kubernetes/namespace-patterns.ts'
import type { TargetSelection } from '../pull-secret/targets.ts'
import type { Reader } from './reader.ts'

/** A Secret in the manifests. */
export interface ManifestSecret {
  readonly input: 'manifest' | 'manifest-files'
  /** What errors call its manifest. */
  readonly source: string
  readonly name: string
  /** Empty: it is applied to all targets. */
  readonly namespace: string
}

interface PullSecretTargets {
  readonly secretName: string
  /** Undefined when it is not valid. */
  readonly selection: Pick<TargetSelection, 'config' | 'contexts' | 'patterns' | 'selector'> | undefined
}

/**
 * Adds an error for each Secret in the manifests that would overwrite the pull secret, after its token was written and
 * before the replaced one is revoked.
 */
export function checkSecretsInManifests(
  read: Reader,
  secrets: readonly ManifestSecret[],
  { secretName, selection }: PullSecretTargets,
): void {
  const isTarget = (namespace: string) =>
    selection?.contexts.some((context) => {
      const own = selection.config.getContextObject(context)?.namespace ?? 'default'
      return mayInclude(selection, own, namespace)
    }) === true
  for (const { input, source, name, namespace } of secrets) {
    if (name !== secretName || !(namespace === '' || isTarget(namespace))) continue
    const secret = namespace === '' ? name : `${namespace}/${name}`
    read.addError(
      input,
      `is not valid: ${source} contains Secret ${secret}, which would overwrite the secret that this action writes`,
      'Remove this Secret from the manifest, or choose another `secret-name`.',
    )
  }
}
