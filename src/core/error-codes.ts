/** The server of an HTTP error: a Kubernetes API server, a container registry, a credential issuer or GitHub's OIDC service. */
export type Service = 'cluster' | 'registry' | 'issuer' | 'oidc'

const SERVICES: readonly Service[] = ['cluster', 'registry', 'issuer', 'oidc']

const HTTP_PROBLEMS = [
  /** 401. */
  'login-failed',
  /** 403. */
  'access-denied',
  /** 404 and 410. */
  'not-found',
  /** Any other status below 500. */
  'rejected',
  /** 429. */
  'rate-limited',
  /** 5xx. */
  'server-error',
  /** No response: name resolution, connection, timeout. */
  'unreachable',
  'untrusted-certificate',
  /** A complete response that its API does not define. */
  'unexpected-response',
] as const

const OTHER_CODES = [
  'invalid-input',
  'internal-error',
  'timeout',
  'cancelled',
  'insecure-endpoint',
  'cli-login-failed',
  'organization-not-found',
  'service-id-not-found',
  'invalid-token-id',
  'mint-result-unknown',
  'minting-discontinued',
  'api-key-limit-reached',
  'api-key-locked',
  'credential-expired',
  'credential-helper-failed',
  'source-secret-unusable',
  'registry-quota-exceeded',
  'registry-private-network',
  'permission-missing',
  'contexts-same-cluster',
  'namespace-not-found',
  'namespace-terminating',
  'secret-not-managed',
  'host-owner-conflict',
  'secret-has-controller',
  'secret-type-conflict',
  'secret-immutable',
  'secret-terminating',
  'secret-changed-on-write',
  'secret-changed-after-write',
  'secret-keeps-changing',
  'scope-not-recorded',
  'service-account-not-found',
  'kind-not-found',
  'manifest-invalid',
  'admission-denied',
  'object-terminating',
  'workload-failed',
  'workload-timeout',
  'workload-deleted',
  'pod-creation-refused',
  'pod-unschedulable',
  'pull-secret-missing',
  'pull-secret-host-mismatch',
  'image-name-invalid',
  'image-not-on-node',
  'image-not-found',
  'image-platform-mismatch',
  'image-pull-credential-missing',
  'image-pull-unauthorized',
  'image-pull-denied',
  'image-pull-rate-limited',
  'image-pull-failed',
  'image-registry-unresolved',
  'image-registry-unreachable',
  'image-registry-untrusted',
  'node-disk-full',
  'container-config-invalid',
  'container-start-failed',
  'container-failed',
] as const

type HttpProblem = (typeof HTTP_PROBLEMS)[number]

/** Stable: workflows, search engines and `docs/troubleshooting.md` refer to it. */
export type ErrorCode = `${Service}-${HttpProblem}` | (typeof OTHER_CODES)[number]

export const ERROR_CODES: readonly ErrorCode[] = [
  ...OTHER_CODES,
  ...SERVICES.flatMap((service) => HTTP_PROBLEMS.map((problem) => `${service}-${problem}` as const)),
]

/** Stable like the codes of errors. A warning does not fail the step. */
export const WARNING_CODES = [
  'questionable-input',
  'verification-incomplete',
  'verification-skipped',
  'certificate-not-verified',
  'server-in-other-domain',
  'unmanaged-namespace',
  'cached-image',
  'unused-token-alive',
  'token-still-alive',
  'rotation-overdue',
  'record-lost',
  'cleanup-incomplete',
] as const

export type WarningCode = (typeof WARNING_CODES)[number]
