import { describe, expect, it } from 'vitest'
import { keyForNodes, keysForNodes } from '../../../src/registry/config-key.ts'
import { matchesNoImage } from '../../../src/registry/reference.ts'
import { loginsFor } from '../../support/registry/docker-keyring.ts'

const HUB = 'https://index.docker.io/v1/'
const HUB_IMAGE = 'docker.io/library/busybox'

/** With an image that the kubelet pulls with the key for nodes. */
const KEYS: readonly [key: string, expected: string, image: string][] = [
  ['ghcr.io', 'ghcr.io', 'ghcr.io/acme/app'],
  ['https://ghcr.io', 'https://ghcr.io', 'ghcr.io/acme/app'],
  ['https://ghcr.io/', 'https://ghcr.io/', 'ghcr.io/acme/app'],
  ['https://ghcr.io/v2/', 'https://ghcr.io/v2/', 'ghcr.io/acme/app'],
  ['https://ghcr.io/v2', 'ghcr.io', 'ghcr.io/acme/app'],
  ['ghcr.io/v1', 'ghcr.io', 'ghcr.io/acme/app'],
  ['ghcr.io/v1/', 'ghcr.io/v1/', 'ghcr.io/acme/app'],
  ['http://ghcr.io', 'ghcr.io', 'ghcr.io/acme/app'],
  ['http://ghcr.io/v2', 'ghcr.io', 'ghcr.io/acme/app'],
  ['http://ghcr.io:8080/v2/', 'ghcr.io:8080/v2/', 'ghcr.io:8080/acme/app'],
  ['http://127.0.0.1:5000', 'http://127.0.0.1:5000', '127.0.0.1:5000/app'],
  ['http://localhost:5000/v2/', 'http://localhost:5000/v2/', 'localhost:5000/app'],
  ['localhost', 'localhost', 'localhost/app'],
  ['[::1]:5000', '[::1]:5000', '[::1]:5000/app'],
  ['https://[2001:db8::1]', 'https://[2001:db8::1]', '[2001:db8::1]/app'],
  ['http://[2001:db8::1]:80/v2', '[2001:db8::1]:80', '[2001:db8::1]:80/app'],
  ['registry.gitlab.com/acme/app', 'registry.gitlab.com/acme/app', 'registry.gitlab.com/acme/app'],
  ['https://quay.io/v2/acme', 'https://quay.io/v2/acme', 'quay.io/acme/app'],
  ['a_b.example.com', 'a_b.example.com', 'a_b.example.com/app'],
  [HUB, HUB, HUB_IMAGE],
  ['https://index.docker.io/', 'https://index.docker.io/', HUB_IMAGE],
  ['https://index.docker.io/v1', 'index.docker.io', HUB_IMAGE],
  ['http://index.docker.io/v1/', 'index.docker.io/v1/', HUB_IMAGE],
  ['index.docker.io', 'index.docker.io', HUB_IMAGE],
  ['docker.io', 'docker.io', HUB_IMAGE],
  ['https://docker.io/v2', 'docker.io', HUB_IMAGE],
  ['docker.io/acme', 'docker.io/acme', 'docker.io/acme/app'],
  ['registry-1.docker.io', HUB, HUB_IMAGE],
  ['https://registry-1.docker.io/v2/', HUB, HUB_IMAGE],
  ['https://hub.docker.com/v2', HUB, HUB_IMAGE],
]

describe('the key for nodes', () => {
  it.each(KEYS)('of %s is %s, for %s', (key, expected, image) => {
    expect(keyForNodes(key)).toBe(expected)
    expect(keyForNodes(expected)).toBe(expected)
    expect(isUsedFor(expected, image)).toBe(true)
  })

  // A key is changed only where the kubelet would not use it as it is, or where the action would have to send over http.
  it.each(KEYS.filter(([key, expected]) => key !== expected))('of %s is another one for a reason', (key, _, image) => {
    expect(!isUsedFor(key, image) || key.startsWith('http://')).toBe(true)
  })

  it.each([
    `${HUB}access-token`,
    `${HUB}refresh-token`,
    'https://index.docker.io/v2/acme',
    'registry-1.docker.io/acme',
    'github.com',
    'https://gitlab.com/acme',
    'cloud.google.com',
    'ghcr.io/Acme',
    'ghcr.io/acme?x=1',
    'ghcr.io/%2e%2e',
    'GHCR.io',
    'https://jo:hunter2@ghcr.io',
    'jo@ghcr.io',
    'ftp://ghcr.io',
    'https://https://ghcr.io',
    'ghcr.io:',
    'ghcr.io:https',
    'ghcr.io:99999',
    'ghcr.io:123456',
    '[::1',
    '[:::::]',
    '[::g]',
    '*.icr.io',
    '.ghcr.io',
    'ghcr.io.',
    '-ghcr.io',
    'ghcr.io\n',
    'ghcr .io',
    'ghcr.io/a b',
    'ghcr.io\0',
    'ghcr.io#x',
    'gh\u202ecr.io',
    'https://',
    '/',
    '',
    '__proto__',
    '::error::x',
    `${'a'.repeat(100_000)}!`,
  ])('of %j is none', (key) => {
    expect(keyForNodes(key)).toBeUndefined()
  })
})

describe('the keys for nodes', () => {
  it.each<[readonly string[], Record<string, string>]>([
    [['ghcr.io', 'quay.io'], { 'ghcr.io': 'ghcr.io', 'quay.io': 'quay.io' }],
    [[`${HUB}access-token`, HUB, `${HUB}refresh-token`], { [HUB]: HUB }],
    [['registry-1.docker.io', HUB], { [HUB]: HUB }],
    [[HUB, 'registry-1.docker.io'], { [HUB]: HUB }],
    [['hub.docker.com', 'registry-1.docker.io'], { [HUB]: 'hub.docker.com' }],
    [['http://ghcr.io', 'https://ghcr.io/v2'], { 'ghcr.io': 'http://ghcr.io' }],
    [['http://ghcr.io', 'ghcr.io'], { 'ghcr.io': 'ghcr.io' }],
    [[], {}],
  ])('of %j are %j', (keys, expected) => {
    expect(Object.fromEntries(keysForNodes(keys))).toEqual(expected)
  })
})

/** Whether a kubelet uses a key of a pull secret for an image, and the action knows that. */
function isUsedFor(key: string, image: string): boolean {
  const config = btoa(JSON.stringify({ auths: { [key]: { username: 'jo', password: 'p' } } }))
  const secret = { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': config } }
  return loginsFor(image, [secret]).length > 0 && !matchesNoImage(key)
}
