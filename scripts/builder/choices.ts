// What a person chooses on the page of the workflow builder.
import type { BuilderData, Registry } from './data.ts'

/** How the job gets into the cluster. */
export type Access = 'kubeconfig' | 'oidc' | 'earlier-step' | 'pod'

/** What the step deploys with the secret. */
export type Deployment = 'nothing' | 'image' | 'manifests'

export interface Choices {
  /** The id of a registry. */
  readonly registry: string
  /** The id of one of `loginsOf`. */
  readonly login: string
  readonly access: Access
  /** As the API server calls the user that gets the permissions; not used with `kubeconfig`, which has a ServiceAccount. */
  readonly user: string
  /** Whether the user may list all Secrets, where it may write to all namespaces. */
  readonly mayListSecrets: boolean
  readonly deployment: Deployment
  /** What the manifests contain. */
  readonly kinds: readonly string[]
  /** Empty: the workflow is started by hand. */
  readonly cron: string
  /** What is typed for the inputs, by name. For an input that holds a secret: the name of the secret of the repository. */
  readonly values: Readonly<Record<string, string>>
  /** What is typed for the steps before this action, by name. */
  readonly settings: Readonly<Record<string, string>>
}

/** @throws Error when there is no such registry */
export function registryOf(data: BuilderData, { registry }: Pick<Choices, 'registry'>): Registry {
  const found = data.registries.find(({ id }) => id === registry)
  if (found === undefined) throw new Error(`There is no registry ${registry}`)
  return found
}
