import { describe, expect, it } from 'vitest'
import { classifyPullFailure, PULL_FAILURES } from '../../../src/workload/pull-failure.ts'

/** The kubelet's messages in events and statuses, without the name of the image. */
const messages: readonly [code: string, runtime: string, message: string][] = [
  ['image-pull-rate-limited', 'kubelet', 'pull QPS exceeded'],
  [
    'image-pull-denied',
    'containerd 2',
    'failed to resolve image: unexpected status from HEAD request to https://ghcr.io/v2/acme/app/manifests/1: 403 Forbidden',
  ],
  [
    'image-pull-unauthorized',
    'CRI-O 1.33',
    'unable to pull image or OCI artifact: pull image err: initializing source docker://h/a:1: reading manifest 1 in h/a: unauthorized: unauthorized to access repository',
  ],
  [
    'image-registry-unreachable',
    'CRI-O 1.33',
    'unable to pull image or OCI artifact: pull image err: initializing source docker://h/a:1: reading manifest 1 in h/a: received unexpected HTTP status: 500 Internal Server Error',
  ],
  [
    'image-pull-rate-limited',
    'containerd, Docker Hub',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
  ],
  [
    'image-pull-rate-limited',
    'docker',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ],
  [
    'image-pull-rate-limited',
    'CRI-O',
    'initializing source docker://nginx:latest: reading manifest latest in docker.io/library/nginx: toomanyrequests: You have reached your pull rate limit',
  ],
  [
    'node-disk-full',
    'containerd',
    'failed to extract layer sha256:3f4ca61aafcd: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/lib: no space left on device: unknown',
  ],
  [
    'image-platform-mismatch',
    'containerd',
    'failed to pull and unpack image "": no match for platform in manifest: not found',
  ],
  ['image-platform-mismatch', 'docker', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
  [
    'image-platform-mismatch',
    'CRI-O',
    'choosing an image from manifest list docker://: no image found in image index for architecture arm64, variant "v8", OS linux',
  ],
  [
    'image-registry-unresolved',
    'containerd',
    'failed to do request: Head "https://registry.invalid/v2/team/app/manifests/1": dial tcp: lookup registry.invalid on 10.96.0.10:53: no such host',
  ],
  [
    'image-registry-unresolved',
    'CRI-O',
    'pinging container registry registry.invalid: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: Temporary failure in name resolution',
  ],
  [
    'image-registry-unresolved',
    'docker',
    'Error response from daemon: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 127.0.0.53:53: server misbehaving',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'failed to do request: Head "https://127.0.0.1:5000/v2/team/app/manifests/1": dial tcp 127.0.0.1:5000: connect: connection refused',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": dial tcp 10.0.0.9:443: i/o timeout',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": net/http: TLS handshake timeout',
  ],
  [
    'image-registry-unreachable',
    'docker',
    'Error response from daemon: Get "https://10.0.0.9/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: no route to host',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'failed to do request: Head "https://10.0.0.9/v2/team/app/manifests/1": EOF',
  ],
  [
    'image-registry-unreachable',
    'containerd',
    'pulling from host registry.example.com failed with status code [manifests 1]: 503 Service Unavailable',
  ],
  ['image-registry-unreachable', 'kubelet', 'context deadline exceeded'],
  [
    'image-registry-untrusted',
    'containerd',
    'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1": x509: certificate signed by unknown authority',
  ],
  [
    'image-registry-untrusted',
    'containerd 2',
    'failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1": tls: failed to verify certificate: x509: certificate is valid for other.example.com, not registry.example.com',
  ],
  [
    'image-registry-untrusted',
    'containerd',
    'failed to do request: Head "https://10.0.0.9:5000/v2/team/app/manifests/1": http: server gave HTTP response to HTTPS client',
  ],
  [
    'image-registry-untrusted',
    'CRI-O',
    'pinging container registry registry.example.com: Get "https://registry.example.com/v2/": x509: certificate has expired or is not yet valid',
  ],
  [
    'image-pull-credential-missing',
    'containerd',
    'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
  ],
  [
    'image-pull-credential-missing',
    'containerd 1.6',
    'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
  ],
  [
    'image-pull-credential-missing',
    'containerd 2',
    'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized',
  ],
  [
    'image-pull-credential-missing',
    'docker',
    'Error response from daemon: Get "https://registry.example.com/v2/team/app/manifests/1": no basic auth credentials',
  ],
  [
    'image-pull-unauthorized',
    'containerd 1.6',
    'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
  ],
  [
    'image-pull-unauthorized',
    'containerd 1.7',
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example.com/oauth/token: 401 Unauthorized',
  ],
  ['image-pull-unauthorized', 'containerd 1.5', 'unexpected status code [manifests 1]: 401 Unauthorized'],
  [
    'image-pull-unauthorized',
    'containerd',
    'pulling from host 127.0.0.1:5000 failed with status code [manifests 1]: 401 Unauthorized',
  ],
  [
    'image-pull-unauthorized',
    'CRI-O',
    'reading manifest 1 in registry.example.com/team/app: unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
  ],
  [
    'image-pull-unauthorized',
    'docker',
    'Error response from daemon: Get "https://registry.example.com/v2/": unauthorized: authentication required',
  ],
  [
    'image-pull-unauthorized',
    'docker, Docker Hub',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
  ],
  [
    'image-pull-unauthorized',
    'docker, ECR',
    'Error response from daemon: denied: Your authorization token has expired. Reauthenticate and try again.',
  ],
  [
    'image-pull-denied',
    'containerd',
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  ['image-pull-denied', 'containerd', 'unexpected status code [manifests 1]: 403 Forbidden'],
  [
    'image-pull-denied',
    'containerd 1.7',
    'unexpected status from HEAD request to https://registry.example.com/v2/team/app/manifests/1: 403 Forbidden',
  ],
  [
    'image-pull-denied',
    'docker',
    "Error response from daemon: pull access denied for team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  [
    'image-pull-denied',
    'CRI-O',
    'reading manifest 1 in docker.io/acme/app: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required',
  ],
  ['image-not-found', 'containerd', 'failed to pull and unpack image "": failed to resolve reference "": : not found'],
  [
    'image-not-found',
    'docker',
    'Error response from daemon: manifest for  not found: manifest unknown: manifest unknown',
  ],
  [
    'image-not-found',
    'CRI-O',
    'reading manifest nope in registry.example.com/team/app: manifest unknown: manifest unknown',
  ],
  ['image-not-found', 'CRI-O, Quay', 'reading manifest 1 in quay.io/acme/none: name unknown: repository not found'],
  ['image-pull-failed', 'kubelet', 'Back-off pulling image ""'],
  [
    'node-disk-full',
    'containerd, with project quotas',
    'failed to extract layer sha256:3f4ca61aafcd: write /var/lib/containerd/fs/lib: disk quota exceeded: unknown',
  ],
  [
    'image-registry-unreachable',
    'containerd 2, a connection that was cut',
    'failed to copy: httpReadSeeker: failed open: short read: expected 3028 bytes but got 0: unexpected EOF',
  ],
  [
    'image-registry-unreachable',
    'containerd, a proxy that cannot be resolved',
    'failed to do request: Head "https://h/v2/a/manifests/1": proxyconnect tcp: dial tcp: lookup proxy.corp: no such host',
  ],
  [
    'image-registry-unreachable',
    'containerd, a proxy that demands a login',
    'failed to do request: Head "https://h/v2/a/manifests/1": Proxy Authentication Required',
  ],
  [
    'image-pull-unauthorized',
    'containerd 2, Azure',
    'failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://a.azurecr.io/oauth2/token: 400 Bad Request',
  ],
  [
    'image-registry-unreachable',
    'containerd 2, a token server that failed',
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://h/token: 503 Service Unavailable',
  ],
  [
    'image-name-invalid',
    'CRI-O, in ImageInspectError',
    'short-name "nginx:latest" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
  ],
  [
    'image-name-invalid',
    'CRI-O 1.34',
    'short name mode is enforcing, but image name nginx:latest returns ambiguous list',
  ],
  [
    'image-pull-failed',
    'containerd, a proxy with a login page',
    'failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:0d17b565c37b: not found',
  ],
  [
    'image-pull-failed',
    'CRI-O, a server that is no registry',
    'initializing source docker://h/a:1: pinging container registry h: StatusCode: 404, "404 page not found"',
  ],
  [
    'image-pull-failed',
    'containerd 2.1, Docker schema 1',
    'failed to get converter for "": media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1',
  ],
  [
    'image-pull-failed',
    'containerd',
    'failed to extract layer sha256:3f4ca61aafcd: mount callback failed on /tmp/containerd-mount1: permission denied: unknown',
  ],
  ['image-pull-failed', 'CRI-O, registries.conf', 'registry h is blocked in /etc/containers/registries.conf'],
  ['image-pull-failed', 'CRI-O, policy.json', 'Running image docker://h/a:1 is rejected by policy.'],
]

/** The first words of what such messages mean. */
const meanings: Readonly<Record<string, string>> = {
  'unexpected media type text/html for sha256:0d17: not found': 'the server at {host} returned something else',
  'manifest.v1+prettyjws" is no longer supported': 'the image has a format (Docker schema 1)',
  'failed to extract layer sha256:3f: permission denied': 'the node could not unpack the image',
  'registry h is blocked in /etc/containers/registries.conf': 'the configuration of the node blocks',
  'is rejected by policy.': 'the signature policy of the node',
}

describe('the message of a failed pull', () => {
  it.each(messages)('means %s with %s', (code, _, message) => {
    expect(classifyPullFailure(message).code).toBe(code)
  })

  it.each(Object.entries(meanings))('%s is explained', (message, meaning) => {
    expect(classifyPullFailure(message).meaning).toContain(meaning)
  })

  it('is tested for every kind of failure', () => {
    const tested = new Set(messages.map(([code]) => code))
    expect(PULL_FAILURES.filter(({ code }) => !tested.has(code))).toEqual([])
  })
})
