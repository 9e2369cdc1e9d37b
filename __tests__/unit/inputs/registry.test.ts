import { describe, expect, it } from 'vitest'
import { type Provided, read, required } from './fixture.ts'

describe('docker-server', () => {
  it('is a list of which each host counts once', async () => {
    const hosts = 'b.example.com\n a.example.com:5000 ,\n\n,https://index.docker.io/v1/, b.example.com\n'
    const { registry } = await read({ ...required, 'docker-server': hosts })
    expect(registry.servers).toEqual(['b.example.com', 'a.example.com:5000', 'https://index.docker.io/v1/'])
  })
})

const HOST = 'registry.d1.example.net'

describe('verify-image', () => {
  it.each([
    ['team/app', { repository: 'team/app', reference: 'latest' }],
    ['team/app:1.2', { repository: 'team/app', reference: '1.2' }],
    [`team/app@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    [`team/app:1@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    [`team/app@sha512:${'0'.repeat(128)}`, { repository: 'team/app', reference: `sha512:${'0'.repeat(128)}` }],
    // Of an algorithm that only the registry may know.
    [`team/app@blake3:${'0'.repeat(64)}`, { repository: 'team/app', reference: `blake3:${'0'.repeat(64)}` }],
    ['registry.d1.example.net/team/app:1', { host: HOST, repository: 'team/app', reference: '1' }],
    ['registry.d1.example.net/team/app', { host: HOST, repository: 'team/app', reference: 'latest' }],
  ])('accepts %s', async (image, reference) => {
    expect((await read({ ...required, 'verify-image': image })).registry.image).toEqual(reference)
  })
})

it.each<[Provided, object]>([
  [
    { 'docker-server': 'https://index.docker.io/v1/', 'verify-image': 'docker.io/busybox:1' },
    { host: 'docker.io', repository: 'library/busybox', reference: '1' },
  ],
  [
    { 'docker-server': 'https://index.docker.io/v1/,ghcr.io', 'verify-image': 'index.docker.io/acme/app' },
    { host: 'index.docker.io', repository: 'acme/app', reference: 'latest' },
  ],
  [
    { 'docker-server': 'ghcr.io/acme', 'verify-image': 'ghcr.io/acme/app' },
    { host: 'ghcr.io', repository: 'acme/app', reference: 'latest' },
  ],
])('reads the registry host of an image as the kubelet does: %j', async (inputs, image) => {
  const { registry, warnings } = await read({ ...required, ...inputs })
  expect(registry.image).toMatchObject(image)
  expect(warnings).toEqual([])
})

it.each<[server: string, image: string, reads: string]>([
  ['registry.example.com/local', 'registry.example.com/local/app', 'local/app'],
  ['registry.example.com/local', 'local/app', 'local/app'],
  // A mirror: the host of another registry is part of the repository.
  ['registry.example.com', 'registry.example.com/docker.io/library/nginx', 'docker.io/library/nginx'],
  ['registry.example.com/a,registry.example.com/b', 'b/app', 'b/app'],
  ['ghcr.io/acme,https://index.docker.io/v1/', 'nginx', 'nginx'],
])('with docker-server %s accepts verify-image %s', async (server, image, repository) => {
  const { registry, warnings } = await read({ ...required, 'docker-server': server, 'verify-image': image })
  expect(registry.image).toMatchObject({ repository, reference: 'latest' })
  expect(warnings).toEqual([])
})

it('takes the registry host of an image as it is when only the credentials store knows the registries', async () => {
  const config = { provider: 'docker-config', 'docker-config': '{"credsStore":"pass"}' }
  const { registry, warnings } = await read({ ...config, 'verify-image': 'ghcr.io/acme/app:1' })
  expect(registry.image).toEqual({ host: 'ghcr.io', repository: 'acme/app', reference: '1' })
  expect(warnings).toEqual([])
})

it.each<[keys: string[], warnings: string[]]>([
  [['ghcr.io', 'https://index.docker.io/v1/', 'https://index.docker.io/v1/access-token'], []],
  [
    ['ghcr.io', 'US.ICR.IO'],
    ['`docker-config` has a credential for "US.ICR.IO", which matches no image. Log in to us.icr.io instead.'],
  ],
  [
    ['ghcr.io', 'US.ICR.IO', 'registry'],
    [
      '`docker-config` has a credential for "US.ICR.IO", "registry", which matches no image. Log in to us.icr.io instead. Log in to the host that the names of images start with instead.',
    ],
  ],
])('warns of keys of a docker config that match no image: %j', async (keys, warnings) => {
  const auths = Object.fromEntries(keys.map((key) => [key, { auth: btoa('jo:password-of-jo') }]))
  const config = { provider: 'docker-config', 'docker-config': JSON.stringify({ auths }) }
  const inputs = await read(config)
  expect(inputs.warnings).toEqual(warnings)
  expect(inputs.registry.servers).toContain('ghcr.io')
  // The workflow names what it needs.
  expect((await read({ ...config, 'docker-server': 'ghcr.io' })).warnings).toEqual([])
})
