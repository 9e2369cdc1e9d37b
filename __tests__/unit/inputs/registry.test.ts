import { describe, expect, it } from 'vitest'
import { config, type Provided, read, required } from './fixture.ts'

it.each<[Provided, RegExp[]]>([
  [{ image: 'team/app' }, []],
  [{ image: 'registry.d1.example.net/team/app' }, []],
  [
    { image: 'us.icr.io/team/app' },
    [/^No entry of `docker-server` \(registry\.d1\.example\.net\) matches the `image` us\.icr/],
  ],
  [{ image: 'registry.d1.example.net:443/team/app' }, [/Host and port must be identical\.$/]],
  [{ image: 'team/app', 'docker-server': 'https://index.docker.io/v1/' }, []],
  [{ 'verify-image': 'us.icr.io/team/app' }, [/^`verify-image` starts with "us\.icr\.io", which is not in /]],
  [{ 'verify-image': 'registry.d1.example.net/team/app' }, []],
])('warns of an image whose host matches no registry: %j', async (inputs, warnings) => {
  const pod = 'image' in inputs ? { 'pod-name': 'web', kubeconfig: config } : {}
  expect((await read({ ...required, ...pod, ...inputs })).warnings).toEqual(
    warnings.map((one) => expect.stringMatching(one)),
  )
})

describe('docker-server', () => {
  it('is a list of which each host counts once', async () => {
    const hosts = 'b.example.com\n a.example.com:5000 ,\n\n,https://index.docker.io/v1/, b.example.com\n'
    const { registry } = await read({ ...required, 'docker-server': hosts })
    expect(registry.servers).toEqual(['b.example.com', 'a.example.com:5000', 'https://index.docker.io/v1/'])
  })
})

describe('verify-image', () => {
  it.each([
    ['team/app', { repository: 'team/app', reference: 'latest' }],
    ['team/app:1.2', { repository: 'team/app', reference: '1.2' }],
    [`team/app@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    [`team/app:1@sha256:${'a'.repeat(64)}`, { repository: 'team/app', reference: `sha256:${'a'.repeat(64)}` }],
    ['registry.d1.example.net/team/app:1', { repository: 'team/app', reference: '1' }],
    ['registry.d1.example.net/team/app', { repository: 'team/app', reference: 'latest' }],
  ])('accepts %s', async (image, reference) => {
    expect((await read({ ...required, 'verify-image': image })).registry.image).toEqual(reference)
  })
})
