/** A Kubernetes API to test against: the real kube-apiserver or the in-process fake, held to the same suite. */
export interface KubernetesServer extends AsyncDisposable {
  /** `kube-apiserver` or `fake`. */
  readonly name: string
  readonly url: string
  /** PEM. */
  readonly certificateAuthority: string
  /** Bearer token of a cluster administrator. */
  readonly adminToken: string
  /** YAML text with its current context set; the administrator's unless a token is provided. */
  kubeconfig(options?: KubeconfigOptions): string
  /** Creates the namespace with its `default` ServiceAccount, as a controller manager would. */
  createNamespace(name: string): Promise<void>
  /** A request of the administrator, for what a test asserts. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<KubernetesResponse>
}

export interface KubeconfigOptions {
  readonly namespace?: string
  readonly token?: string
  readonly context?: string
}

export interface KubernetesResponse {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server returns; a test asserts its shape
  readonly body: any
}
