import { describe, expect, it } from 'vitest'
import { type Provided, read, required } from './fixture.ts'

it.each<[Provided, RegExp[]]>([
  [{ 'verify-image': 'us.icr.io/team/app' }, [/^`verify-image` starts with "us\.icr\.io", which is not in /]],
  [{ 'verify-image': 'registry.d1.example.net/team/app' }, []],
])('warns of a host that is read as a namespace: %j', async (inputs, warnings) => {
  expect((await read({ ...required, ...inputs })).warnings).toEqual(warnings.map((one) => expect.stringMatching(one)))
})

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
    ['registry.d1.example.net/team/app:1', { server: HOST, repository: 'team/app', reference: '1' }],
    ['registry.d1.example.net/team/app', { server: HOST, repository: 'team/app', reference: 'latest' }],
  ])('accepts %s', async (image, reference) => {
    expect((await read({ ...required, 'verify-image': image })).registry.image).toEqual(reference)
  })
})
