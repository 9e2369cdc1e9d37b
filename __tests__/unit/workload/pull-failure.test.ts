import { describe, expect, it } from 'vitest'
import { classify, PULL_FAILURES } from '../../../src/workload/pull-failure.ts'

/** What nodes say, as it stands in events and statuses; the image is taken out before it is classified. */
const words: readonly [code: string, runtime: string, text: string][] = [
  [
    'rate limit',
    'containerd, Docker Hub',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
  ],
  [
    'rate limit',
    'docker',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ],
  [
    'rate limit',
    'CRI-O',
    'initializing source docker://nginx:latest: reading manifest latest in docker.io/library/nginx: toomanyrequests: You have reached your pull rate limit',
  ],
  [
    'no space',
    'containerd',
    'failed to extract layer sha256:3f4ca61aafcd: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/lib: no space left on device: unknown',
  ],
  ['platform', 'containerd', 'failed to pull and unpack image "": no match for platform in manifest: not found'],
  ['platform', 'docker', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
  [
    'platform',
    'CRI-O',
    'choosing an image from manifest list docker://: no image found in image index for architecture arm64, variant "v8", OS linux',
  ],
  [
    'DNS',
    'containerd',
    'failed to do request: Head "https://registry.invalid/v2/team/app/manifests/1": dial tcp: lookup registry.invalid on 10.96.0.10:53: no such host',
  ],
  [
    'DNS',
    'CRI-O',
    'pinging container registry registry.invalid: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: Temporary failure in name resolution',
  ],
  [
    'DNS',
    'docker',
    'Error response from daemon: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 127.0.0.53:53: server misbehaving',
  ],
  [
    'unreachable',
    'containerd',
    'failed to do request: Head "https://127.0.0.1:5000/v2/team/app/manifests/1": dial tcp 127.0.0.1:5000: connect: connection refused',
  ],
  [
    'unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": dial tcp 10.0.0.9:443: i/o timeout',
  ],
  [
    'unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": net/http: TLS handshake timeout',
  ],
  [
    'unreachable',
    'docker',
    'Error response from daemon: Get "https://10.0.0.9/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ],
  [
    'unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: no route to host',
  ],
  ['unreachable', 'containerd', 'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": EOF'],
  [
    'unreachable',
    'containerd',
    'pulling from host registry.example.com failed with status code [manifests 1]: 503 Service Unavailable',
  ],
  ['unreachable', 'kubelet', 'context deadline exceeded'],
  [
    'TLS',
    'containerd',
    'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1": x509: certificate signed by unknown authority',
  ],
  [
    'TLS',
    'containerd 2',
    'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1": tls: failed to verify certificate: x509: certificate is valid for other.example.com, not registry.example.com',
  ],
  [
    'TLS',
    'containerd',
    'failed to do request: Head "https://10.0.0.9:5000/v2/team/app/manifests/1": http: server gave HTTP response to HTTPS client',
  ],
  [
    'TLS',
    'CRI-O',
    'pinging container registry registry.example.com: Get "https://registry.example.com/v2/": x509: certificate has expired or is not yet valid',
  ],
  [
    'no credential',
    'containerd',
    'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
  ],
  [
    'no credential',
    'containerd 1.6',
    'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
  ],
  [
    'no credential',
    'containerd 2',
    'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized',
  ],
  [
    'no credential',
    'docker',
    'Error response from daemon: Get "https://registry.example.com/v2/team/app/manifests/1": no basic auth credentials',
  ],
  [
    'refused',
    'containerd 1.6',
    'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
  ],
  [
    'refused',
    'containerd 1.7',
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example.com/oauth/token: 401 Unauthorized',
  ],
  ['refused', 'containerd 1.5', 'unexpected status code [manifests 1]: 401 Unauthorized'],
  ['refused', 'containerd', 'pulling from host 127.0.0.1:5000 failed with status code [manifests 1]: 401 Unauthorized'],
  [
    'refused',
    'CRI-O',
    'reading manifest 1 in registry.example.com/team/app: unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
  ],
  [
    'refused',
    'docker',
    'Error response from daemon: Get "https://registry.example.com/v2/": unauthorized: authentication required',
  ],
  [
    'refused',
    'docker, Docker Hub',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
  ],
  [
    'refused',
    'docker, ECR',
    'Error response from daemon: denied: Your authorization token has expired. Reauthenticate and try again.',
  ],
  [
    'no right',
    'containerd',
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  ['no right', 'containerd', 'unexpected status code [manifests 1]: 403 Forbidden'],
  [
    'no right',
    'containerd 1.7',
    'unexpected status from HEAD request to https://registry.example.com/v2/team/app/manifests/1: 403 Forbidden',
  ],
  [
    'no right',
    'docker',
    "Error response from daemon: pull access denied for team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  [
    'no right',
    'CRI-O',
    'reading manifest 1 in docker.io/acme/app: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required',
  ],
  ['not found', 'containerd', 'failed to pull and unpack image "": failed to resolve reference "": : not found'],
  ['not found', 'docker', 'Error response from daemon: manifest for  not found: manifest unknown: manifest unknown'],
  ['not found', 'CRI-O', 'reading manifest nope in registry.example.com/team/app: manifest unknown: manifest unknown'],
  ['not found', 'CRI-O, Quay', 'reading manifest 1 in quay.io/acme/none: name unknown: repository not found'],
  ['other', 'kubelet', 'Back-off pulling image ""'],
]

describe('a failed pull', () => {
  it.each(words)('is "%s" in the words of %s', (code, _, text) => {
    expect(classify(text).code).toBe(code)
  })

  it('is known in each of its kinds', () => {
    const tested = new Set(words.map(([code]) => code))
    expect(PULL_FAILURES.filter(({ code }) => !tested.has(code))).toEqual([])
  })
})
