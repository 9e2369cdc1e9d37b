import { required, SECRET } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

export const ROTATION_CASES: readonly RejectedCase[] = [
  ['a duration without a unit', { ...required, 'max-age': '30' }, 'max-age', /is "30"\. Allowed: 0, or a number with/],
  ['a negative duration', { ...required, 'max-age': '-1d' }, 'max-age', /is "-1d"\. Allowed: 0, or a number with/],
  ['an unknown choice', { ...required, revoke: 'always' }, 'revoke', /is "always"\. Allowed: superseded, never\./],
  [
    'an image that is not a name',
    { ...required, 'verify-image': 'team//app' },
    'verify-image',
    /is "team\/\/app"\. Allowed: namespace\/image with :tag or @digest, also with a host of `docker-server` in front\./,
  ],
  ...[
    ['Team/App', 'team/app'],
    ['Team/App:1.A', 'team/app'],
    ['ghcr.io/Acme/App:1', 'ghcr.io/acme/app'],
    ['GHCR.IO/Acme/App@sha256:1', 'ghcr.io/acme/app'],
  ].map(
    ([image = '', fixed]): RejectedCase => [
      `an image in upper case, ${image}`,
      { ...required, 'docker-server': 'ghcr.io', 'verify-image': image },
      'verify-image',
      new RegExp(
        `is "${image}", but the name of an image is in lower case\\. Use "${fixed}", then the tag or digest\\.`,
      ),
    ],
  ),
  ...[
    ['https://ghcr.io/acme/app:1', 'https', 'ghcr.io/acme/app'],
    ['docker://ghcr.io/Acme/App:1', 'docker', 'ghcr.io/acme/app'],
    ['oci://acme/app', 'oci', 'acme/app'],
  ].map(
    ([image = '', scheme, fixed]): RejectedCase => [
      `an image with a scheme, ${image}`,
      { ...required, 'docker-server': 'ghcr.io', 'verify-image': image },
      'verify-image',
      new RegExp(`is "${image}", which starts with ${scheme}://\\. Use "${fixed}", then the tag or digest\\.`),
    ],
  ),
  [
    'an image with a scheme and a login',
    { ...required, 'verify-image': `https://jo:${SECRET}/x@ghcr.io/acme/app:1` },
    'verify-image',
    /is "https:\/\/\*\*\*@ghcr\.io\/acme\/app:1", which starts with https:\/\/\. Leave it out\./,
  ],
  ...[
    'sha256:1',
    `sha256:${'a'.repeat(40)}`,
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'a'.repeat(65)}`,
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'g'.repeat(64)}`,
    `sha512:${'a'.repeat(64)}`,
    `sha512:${'a'.repeat(127)}`,
    'a'.repeat(64),
    '',
  ].map(
    (digest): RejectedCase => [
      `the digest "${digest}"`,
      { ...required, 'verify-image': `a@${digest}` },
      'verify-image',
      /, whose digest cannot exist\. After sha256: it has 64 hex digits in lower case, after sha512: it has 128\./,
    ],
  ),
  ...[
    ['registry.d1.example.net', 'us.icr.io/team/app', 'registry.d1.example.net/'],
    ['registry.example.com/local', 'registry.example.com/other/app', 'registry.example.com/local'],
    ['registry.example.com/local', 'team/app', 'registry.example.com/local'],
    ['registry.example.com:443', 'registry.example.com/team/app', 'registry.example.com:443/'],
    ['https://index.docker.io/v1/', 'ghcr.io/team/app', 'docker.io/'],
    ['docker.io/acme', 'nginx', 'docker.io/acme'],
  ].map(
    ([server = '', image = '', prefix]): RejectedCase => [
      `an image that nodes do not use a credential for ${server} for: ${image}`,
      { ...required, 'docker-server': server, 'verify-image': image },
      'verify-image',
      new RegExp(
        `names "${image}", for which nodes do not use the credential. They use it for images that start with ${prefix}\\.`,
      ),
    ],
  ),
  [
    'an image with a user name and password',
    { ...required, 'verify-image': `user:${SECRET}@ghcr.io/acme/app:1` },
    'verify-image',
    /is "\*\*\*@ghcr\.io\/acme\/app:1"\. Allowed: namespace\/image/,
  ],
  [
    'an image to verify without a verification',
    { ...required, verify: 'false', 'verify-image': 'team/app:1' },
    'verify',
    /cannot be combined with `verify-image`/,
  ],
  ['dry-run that is not a flag', { ...required, 'dry-run': 'on' }, 'dry-run', /is "on"\. Allowed: true, false\./],
  ['a timeout of 0', { ...required, timeout: '0' }, 'timeout', /is "0"\. Allowed: a number with a unit/],
  ['a duration with a fraction', { ...required, timeout: '1.5h' }, 'timeout', /is "1\.5h"\. Allowed: a number with/],
  [
    'a concurrency of 0',
    { ...required, concurrency: '0' },
    'concurrency',
    /is "0"\. Allowed: a whole number from 1 to 256\./,
  ],
  [
    'a concurrency above the maximum',
    { ...required, concurrency: '257' },
    'concurrency',
    /Allowed: a whole number from 1 to 256\./,
  ],
  [
    'a count that is not a whole number',
    { ...required, concurrency: '1e2' },
    'concurrency',
    /is "1e2"\. Allowed: a whole number/,
  ],
  [
    'a path instead of certificates',
    { ...required, 'ca-certificates': '/etc/ssl/ca.pem' },
    'ca-certificates',
    /contains no valid certificate\. Allowed: PEM/,
  ],
  [
    'certificates that are not valid',
    { ...required, 'ca-certificates': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    'ca-certificates',
    /contains no valid certificate\. Allowed: PEM/,
  ],
  [
    'a private key instead of certificates',
    { ...required, 'ca-certificates': `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` },
    'ca-certificates',
    /contains no valid certificate\. Allowed: PEM/,
  ],
  [
    'an input that does not exist',
    { ...required, namespace: 'shop' },
    'namespace',
    /is not an input of this action\. Use `namespaces` instead\.$/,
  ],
]
