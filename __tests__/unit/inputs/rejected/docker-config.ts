import { dockerConfig, file, SECRET, withSecret } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

const configOf = (config: object) => ({ ...dockerConfig, 'docker-config': JSON.stringify(config) })
const auth = btoa(`jo:${SECRET}-docker`)
const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`r${at}.example.com`, { auth }]))
const { 'dedicated-domain': _domain, organization: _organization, ...cluster } = withSecret

export const DOCKER_CONFIG_CASES: readonly RejectedCase[] = [
  [
    'no docker config at the usual place',
    { provider: 'docker-config' },
    'docker-config',
    /is not set, and ".+\.docker\/config\.json" does not exist\. .*docker\/login-action/,
  ],
  [
    'a docker config at a path that does not exist',
    { ...dockerConfig, 'docker-config': '/nowhere/config.json' },
    'docker-config',
    /is "\/nowhere\/config\.json", which does not exist/,
  ],
  [
    'a docker config that is no JSON',
    { ...dockerConfig, 'docker-config': file('docker-config', `not json ${SECRET}`) },
    'docker-config',
    /which is not a docker config: it is not a JSON object\. Allowed: a path, or the JSON text/,
  ],
  [
    'a docker config that is a pipe or device',
    { ...dockerConfig, 'docker-config': '/dev/zero' },
    'docker-config',
    /it is not a regular file/,
  ],
  [
    'a docker config text that is cut',
    { ...dockerConfig, 'docker-config': '{"auths":' },
    'docker-config',
    /not a JSON/,
  ],
  ['a docker config with a list', configOf({ auths: [auth] }), 'docker-config', /its `auths` or `credHelpers` is not/],
  [
    'a credential helper with a path',
    configOf({ auths: {}, credsStore: '../../bin/sh' }),
    'docker-config',
    /names a credential helper that is not a plain name/,
  ],
  ['a docker config without a credential', configOf({ auths: {} }), 'docker-config', /contains no credential of a/],
  [
    'a docker config with an empty entry',
    configOf({ auths: { 'ghcr.io': {} } }),
    'docker-config',
    /contains no credential of a registry/,
  ],
  ...[
    ['GHCR.IO', 'ghcr.io'],
    ['ghcr.io/Acme', 'ghcr.io/acme'],
    ['registry', 'the host that the names of images start with'],
    ['github.com', 'ghcr.io'],
  ].map(
    ([key = '', instead]): RejectedCase => [
      `a docker config with the key ${key} alone`,
      configOf({ auths: { [key]: { auth } } }),
      'docker-config',
      new RegExp(`has a credential for "${key}", which matches no image\\. Log in to ${instead} instead\\.`),
    ],
  ),
  [
    'a docker config with the tokens of Docker Hub alone',
    configOf({ auths: { 'https://index.docker.io/v1/access-token': { auth } } }),
    'docker-config',
    /contains no credential of a registry\. Let the step .* before this one\.$/,
  ],
  [
    'a docker config with more than 100 hosts',
    configOf({ auths: many }),
    'docker-config',
    /has 101 registry hosts\. Set/,
  ],
  [
    'a host that the docker config does not have',
    { ...dockerConfig, 'docker-server': 'us.icr.io' },
    'docker-config',
    /has no credential for us\.icr\.io\. .* It has "ghcr\.io"\./,
  ],
  [
    'a token that only docker can use',
    configOf({ auths: { 'acme.azurecr.io': { auth: btoa('0:'), identitytoken: `${SECRET}-token` } } }),
    'docker-config',
    /has only an identity token for acme\.azurecr\.io, which nodes cannot use\. .*--expose-token/,
  ],
  [
    'a user name for a docker config',
    { ...dockerConfig, 'docker-username': 'jo' },
    'docker-username',
    /needs .*but `provider` is `docker-config`/,
  ],
  [
    'an image without a host, when only the credentials store knows the hosts',
    { ...cluster, ...configOf({ credsStore: 'pass' }), image: 'team/app', 'pod-name': 'web' },
    'image',
    /names no registry host\. Start it with the host, or set `docker-server`/,
  ],
  [
    'a source secret without a namespace',
    { ...cluster, provider: 'docker-config', 'docker-config-secret': 'all-icr-io' },
    'docker-config-secret',
    /is "all-icr-io"\. Allowed: namespace\/name of a Secret/,
  ],
  [
    'a source secret without a secret to write',
    { provider: 'docker-config', 'docker-config-secret': 'default/all-icr-io' },
    'docker-config-secret',
    /needs `secret-name`, which is not set/,
  ],
  [
    'a source secret and a docker config',
    { ...cluster, ...dockerConfig, 'docker-config-secret': 'default/all-icr-io' },
    'docker-config-secret',
    /cannot be combined with `docker-config`/,
  ],
]
