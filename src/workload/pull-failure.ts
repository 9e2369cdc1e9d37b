/** What a failed pull means: the first pattern that matches the node's words. */
export interface PullFailure {
  readonly code: string
  readonly pattern: RegExp
  /** `{image}`, and its `{host}` and `{repository}`, stand for those at hand. */
  readonly says: string
  readonly cure: string
  /** Whether a secret that comes a moment later can mend it. */
  readonly bySecret?: true
}

/** The words of containerd, CRI-O and docker, and of the registries that they quote. */
export const PULL_FAILURES: readonly PullFailure[] = [
  {
    code: 'rate limit',
    pattern: /toomanyrequests|too many requests|\b429\b|rate limit|quota exceeded/i,
    says: 'the registry {host} limits its callers',
    cure: 'Wait, or pull with an account of a higher limit: the credential itself is not refused.',
  },
  {
    code: 'no space',
    pattern: /no space left on device|disk quota exceeded/i,
    says: 'the node has no space left for the image',
    cure: 'Clean up the disk of the node: the registry has given the image.',
  },
  {
    code: 'platform',
    pattern: /no match for platform|no matching manifest for|no image found in (?:manifest list|image index)/i,
    says: 'the image is there, but not for the platform of the node',
    cure: 'Build the image for the platform of the node, too, or choose nodes by `nodeSelector`.',
  },
  {
    code: 'DNS',
    pattern: /no such host|server misbehaving|name resolution|dial tcp: lookup /i,
    says: 'the node cannot resolve the host {host}',
    cure: 'Check the registry host of the image, and the DNS of the nodes.',
  },
  {
    code: 'unreachable',
    pattern:
      /connection refused|connection reset|no route to host|network is unreachable|timeout|deadline exceeded|timed out|: EOF|\b50[0234] /i,
    says: 'the registry {host} gives the node no answer',
    cure: 'Check that the registry is up and that the nodes reach it: firewall, proxy, port. No credential was refused.',
  },
  {
    code: 'TLS',
    pattern: /x509|tls: |server gave HTTP response to HTTPS client|certificate/i,
    says: 'the node does not trust the TLS of the registry {host}',
    cure: 'Give the nodes the certificate authority of the registry, in the configuration of their container runtime.',
  },
  {
    code: 'no credential',
    pattern: /no basic auth credentials|fetch anonymous token/i,
    says: 'the node has no credential for the host {host}',
    cure: 'Check that the Pod names the secret in `imagePullSecrets`, and that the secret holds this host, to the letter.',
    bySecret: true,
  },
  {
    code: 'refused',
    pattern:
      /401 Unauthorized|authorization token has expired|invalid username\/password|incorrect username or password/i,
    says: 'the registry {host} refuses the credential',
    cure: 'It was revoked, has ended, or belongs to another registry: run this action again, or look who else writes the secret.',
    bySecret: true,
  },
  {
    code: 'no right',
    pattern: /403 Forbidden|denied|insufficient_scope|access forbidden/i,
    says: 'the credential has no right to the repository {repository}, or the repository is not there',
    cure: 'Compare the repository with that in the registry, then look which organization or policy the credential belongs to.',
    bySecret: true,
  },
  {
    code: 'refused',
    pattern: /unauthorized|authentication required|authorization failed/i,
    says: 'the registry {host} refuses the credential',
    cure: 'It was revoked, has ended, or belongs to another registry: run this action again, or look who else writes the secret.',
    bySecret: true,
  },
  {
    code: 'not found',
    pattern: /not found|manifest unknown|name unknown/i,
    says: 'there is no image {image}',
    cure: 'Compare the repository and the tag with what was pushed: the credential was accepted.',
  },
]

export const OTHER_FAILURE: PullFailure = {
  code: 'other',
  pattern: /^/,
  says: 'the image cannot be pulled',
  cure: 'See the events in `kubectl describe pod`: compare the registry host of the image with those of the secret, then the name and the tag.',
  bySecret: true,
}

/** The first that the words of a node match. */
export function classify(words: string): PullFailure {
  return PULL_FAILURES.find(({ pattern }) => pattern.test(words)) ?? OTHER_FAILURE
}
