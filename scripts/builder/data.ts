// What the page of the workflow builder embeds besides its code. `readData` makes it from the files of this repository.

export interface BuilderData {
  readonly registries: readonly Registry[]
  /** The kinds of objects that a workflow can deploy. */
  readonly kinds: readonly Kind[]
  /** The ServiceAccount with its namespace and its token: the objects of examples/rbac. */
  readonly account: readonly KubernetesManifest[]
  /** The command of the README that stores the kubeconfig of that ServiceAccount. It uses `$namespace`. */
  readonly storeKubeconfig: string
  /** The lines of the step that checks out the repository. */
  readonly checkout: string
}

export interface Registry {
  readonly id: string
  readonly title: string
  /** How long its credential is valid, in Markdown. */
  readonly lifetime: string
  /** The example that the workflow starts from. */
  readonly example: Example
}

/** A workflow of `examples/`, as far as the builder uses it. */
export interface Example {
  readonly file: string
  readonly name: string
  /** Says why the schedule is what it is. */
  readonly scheduleComment: string
  readonly cron: string
  readonly permissions: Readonly<Record<string, string>>
  /** The lines of the steps before this action; empty when there are none. */
  readonly steps: string
  /** This action, as `uses` names it. */
  readonly action: string
  /** The inputs of this action. */
  readonly inputs: Readonly<Record<string, string>>
}

export interface Kind {
  readonly kind: string
  readonly group: string
  /** As a URL has it, for example `deployments`. */
  readonly plural: string
  /** Whether a run waits until such an object is ready. */
  readonly isFollowed: boolean
}

export interface KubernetesManifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}
