import type { ErrorCode } from '../core/error-codes.ts'

/** What the kubelet's message about a failed pull means. */
export interface PullFailure {
  readonly code: ErrorCode
  /** Matches the message; its image name is removed before. */
  readonly pattern: RegExp
  /** `{image}`, `{host}` and `{repository}` stand for those of the image. */
  readonly meaning: string
  readonly hint: string
  /** Whether a secret that arrives a moment later can fix it. */
  readonly dependsOnSecret?: true
  /** Whether no pull was tried: the kubelet does it later, so this is no reason to give up. */
  readonly isDeferred?: true
}

const UNAUTHORIZED = {
  code: 'image-pull-unauthorized',
  meaning: 'registry {host} refused the credential',
  hint: 'Run this action again, and check what else writes the secret. The credential was revoked, has expired, or belongs to another registry.',
  dependsOnSecret: true,
} as const

/**
 * In the order in which they are tried. The kubelet quotes the container runtime, which quotes the registry:
 * containerd: https://github.com/containerd/containerd/tree/main/core/remotes/docker (authorizer.go, fetcher.go, resolver.go);
 * CRI-O: https://github.com/containers/image/blob/main/docker/docker_client.go and its `manifest` folder, quoted by
 * https://github.com/cri-o/cri-o/blob/main/internal/storage/image.go;
 * registries: https://distribution.github.io/distribution/spec/api/#errors-2.
 */
export const PULL_FAILURES: readonly PullFailure[] = [
  // https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/helpers.go
  {
    code: 'image-pull-rate-limited',
    pattern: /pull QPS exceeded/i,
    meaning: 'the kubelet starts more pulls than `registryPullQPS` of its configuration allows, and tries again later',
    hint: 'Raise `wait-timeout`, or `registryPullQPS` and `registryBurst` in the kubelet configuration of the nodes. No registry refused anything.',
    isDeferred: true,
  },
  // https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/cri-api/pkg/errors/errors.go
  {
    code: 'image-pull-failed',
    pattern: /SignatureValidationFailed|signature validation failed|Source image rejected|is rejected by policy/,
    meaning: 'the signature policy of the node refuses the image',
    hint: 'Sign the image as the policy of the nodes (policy.json) requires, or ask their administrators. The registry delivered the image.',
  },
  {
    code: 'image-pull-rate-limited',
    pattern: /toomanyrequests|too many requests|\b429\b|rate limit|(?<!disk )quota exceeded/i,
    meaning: 'registry {host} limits the rate of pulls',
    hint: 'Wait, or pull with an account that has a higher limit. The credential itself was not refused.',
  },
  {
    code: 'node-disk-full',
    pattern: /no space left on device|disk quota exceeded/i,
    meaning: 'the node has no disk space left for the image',
    hint: 'Free disk space on the node. The registry delivered the image.',
  },
  // Docker schema 1: https://github.com/containerd/containerd/blob/main/core/images/image.go
  {
    code: 'image-pull-failed',
    pattern: /manifest\.v1\+(?:prettyjws|json)/,
    meaning: 'the image has a format (Docker schema 1) that the node no longer supports',
    hint: 'Build and push the image again with a current program. The registry delivered it.',
  },
  {
    code: 'image-pull-failed',
    pattern: /unexpected media type|StatusCode: \d{3}, /,
    meaning: 'the server at {host} returned something else than an image',
    hint: 'Check the host of the image, and that no proxy or login page responds in its place.',
  },
  {
    code: 'image-pull-failed',
    pattern: /failed to extract layer|failed to unpack image on snapshotter|ApplyLayer|applying layer/,
    meaning: 'the node could not unpack the image',
    hint: 'See the log of the container runtime on the node. The registry delivered the image.',
  },
  // https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
  {
    code: 'image-name-invalid',
    pattern: /short-name "|short name mode is enforcing/,
    meaning: 'image {image} names no registry host, and the node searches none',
    hint: 'Write the image with its registry host, such as docker.io/library/nginx:1.',
  },
  {
    code: 'image-pull-failed',
    pattern: /registry \S+ is blocked in/,
    meaning: 'the configuration of the node blocks registry {host}',
    hint: 'Use an image of another registry, or ask the administrators of the nodes (registries.conf).',
  },
  {
    code: 'image-registry-unreachable',
    pattern: /proxyconnect|proxy authentication required/i,
    meaning: 'the node could not reach registry {host} through its proxy',
    hint: 'Check the proxy in the configuration of the container runtime of the nodes (HTTPS_PROXY, NO_PROXY). No credential was refused.',
  },
  {
    code: 'image-platform-mismatch',
    pattern: /no match for platform|no matching manifest for|no image found in (?:manifest list|image index)/i,
    meaning: 'the image exists, but not for the platform of the node',
    hint: 'Build the image for the platform of the node as well, or select other nodes with `nodeSelector`.',
  },
  {
    code: 'image-registry-unresolved',
    pattern: /no such host|server misbehaving|name resolution|dial tcp: lookup /i,
    meaning: 'the node could not resolve the registry host {host}',
    hint: 'Check the registry host of the image and the DNS configuration of the nodes.',
  },
  {
    code: 'image-registry-unreachable',
    pattern:
      /connection refused|connection reset|no route to host|network is unreachable|timeout|deadline exceeded|timed out|: EOF|unexpected EOF|\b50[0234] /i,
    meaning: 'the node could not reach registry {host}',
    hint: 'Check that the registry is up and that the nodes can reach it (firewall, proxy, port). No credential was refused.',
  },
  {
    code: 'image-registry-untrusted',
    pattern: /x509|tls: |server gave HTTP response to HTTPS client|certificate/i,
    meaning: 'the node could not open a trusted TLS connection to registry {host}',
    hint: 'Add the certificate authority of the registry to the container runtime configuration of the nodes.',
  },
  {
    code: 'image-pull-credential-missing',
    pattern: /no basic auth credentials|fetch anonymous token/i,
    meaning: 'the node had no credential for registry {host}',
    hint: 'Check that the Pod names the secret in `imagePullSecrets` and that the secret has an entry for exactly this host.',
    dependsOnSecret: true,
  },
  {
    pattern:
      /401 Unauthorized|authorization token has expired|invalid username\/password|incorrect username or password|fetch oauth token: unexpected status/i,
    ...UNAUTHORIZED,
  },
  {
    code: 'image-pull-denied',
    pattern: /403 Forbidden|(?<!permission )denied|insufficient_scope|access forbidden/i,
    meaning: 'the credential is not allowed to pull from repository {repository}, or the repository does not exist',
    hint: 'Compare the repository with the one in the registry, then check which organization or policy the credential belongs to.',
    dependsOnSecret: true,
  },
  // Weaker than a denial: CRI-O reports both for a repository that the credential cannot pull from.
  { pattern: /unauthorized|authentication required|authorization failed/i, ...UNAUTHORIZED },
  {
    code: 'image-not-found',
    pattern: /not found|manifest unknown|name unknown/i,
    meaning: 'image {image} does not exist',
    hint: 'Compare the repository and the tag with what was pushed. The credential was accepted.',
  },
]

const OTHER_FAILURE: PullFailure = {
  code: 'image-pull-failed',
  pattern: /^/,
  meaning: 'the image could not be pulled',
  hint: 'See the events in `kubectl describe pod`. Compare the registry host of the image with the hosts of the secret, then check the name and the tag.',
  dependsOnSecret: true,
}

/** The first kind of failure that the kubelet's message matches. */
export function classifyPullFailure(message: string): PullFailure {
  return PULL_FAILURES.find(({ pattern }) => pattern.test(message)) ?? OTHER_FAILURE
}
