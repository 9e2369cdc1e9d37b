import { describe, expect, it } from 'vitest'
import { type DockerConfig, parseDockerConfig } from '../../../../src/issuer/docker-config/config.ts'
import { allHosts, findKey, hostOf, selectHosts } from '../../../../src/issuer/docker-config/select.ts'

const auth = (password: string) => ({ auth: btoa(`jo:${password}`) })
const login = (password: string) => ({ kind: 'login', username: 'jo', password })
const HUB = 'https://index.docker.io/v1/'

function configOf(config: object): DockerConfig {
  return parseDockerConfig(JSON.stringify(config))
}

describe('the key of a host', () => {
  it.each<[server: string, keys: readonly string[], expected: string | undefined]>([
    ['ghcr.io', ['quay.io', 'ghcr.io'], 'ghcr.io'],
    ['ghcr.io', ['https://ghcr.io', 'ghcr.io'], 'ghcr.io'],
    ['ghcr.io', ['https://ghcr.io'], 'https://ghcr.io'],
    ['ghcr.io', ['http://ghcr.io/v2/'], 'http://ghcr.io/v2/'],
    ['ghcr.io', ['https://ghcr.io/v1'], 'https://ghcr.io/v1'],
    ['https://ghcr.io', ['ghcr.io'], 'ghcr.io'],
    ['ghcr.io', ['ghcr.io:443', 'ghcr.io.example.com', 'xghcr.io'], undefined],
    ['ghcr.io', ['ghcr.io/acme'], undefined],
    ['ghcr.io/acme', ['ghcr.io'], undefined],
    ['ghcr.io/acme', ['https://ghcr.io/acme'], 'https://ghcr.io/acme'],
    ['127.0.0.1:5000', ['127.0.0.1', '127.0.0.1:5000/v2/'], '127.0.0.1:5000/v2/'],
    ['docker.io', [HUB], HUB],
    ['index.docker.io', [HUB], HUB],
    [HUB, ['docker.io'], 'docker.io'],
    [HUB, [`${HUB}access-token`, `${HUB}refresh-token`], undefined],
    ['docker.io', ['registry-1.docker.io', 'hub.docker.com'], undefined],
    ['ghcr.io', ['', '/', 'https://', '//ghcr.io'], undefined],
    ['ghcr.io', [], undefined],
  ])('%s in %j is %s', (server, keys, expected) => {
    expect(findKey(keys, server)).toBe(expected)
  })
})

describe('a requested host', () => {
  const config = configOf({
    auths: {
      'ghcr.io': auth('of-ghcr'),
      'https://quay.io': auth('of-quay'),
      'acme.azurecr.io': { identitytoken: 'identity-token' },
      'empty.example.com': {},
    },
  })

  it('is an entry, only a token, or missing', () => {
    const servers = ['quay.io', 'ghcr.io', 'acme.azurecr.io', 'empty.example.com', 'other.example.com']
    expect(selectHosts(config, servers)).toEqual([
      { kind: 'entry', server: 'quay.io', login: login('of-quay') },
      { kind: 'entry', server: 'ghcr.io', login: login('of-ghcr') },
      { kind: 'identity-token', server: 'acme.azurecr.io' },
      { kind: 'missing', server: 'empty.example.com' },
      { kind: 'missing', server: 'other.example.com' },
    ])
  })

  it('is what its own helper has, else the store, with the entry if they have nothing', () => {
    const withHelpers = configOf({
      auths: { 'ghcr.io': auth('of-ghcr'), 'acme.azurecr.io': { identitytoken: 'identity-token' } },
      credHelpers: { 'https://gcr.io': 'gcloud' },
      credsStore: 'pass',
    })
    const requested = selectHosts(withHelpers, ['gcr.io', 'ghcr.io', 'acme.azurecr.io', 'other.example.com'])
    const helper = { kind: 'helper', isRequested: true }
    expect(requested).toEqual([
      { ...helper, server: 'gcr.io', key: 'https://gcr.io', helper: 'gcloud', entry: { kind: 'empty' } },
      { ...helper, server: 'ghcr.io', key: 'ghcr.io', helper: 'pass', entry: login('of-ghcr') },
      {
        ...helper,
        server: 'acme.azurecr.io',
        key: 'acme.azurecr.io',
        helper: 'pass',
        entry: { kind: 'identity-token' },
      },
      { ...helper, server: 'other.example.com', key: 'other.example.com', helper: 'pass', entry: { kind: 'empty' } },
    ])
  })

  it('has the key of docker for Docker Hub, for the store as well', () => {
    const hub = configOf({ auths: { [HUB]: {} }, credsStore: 'desktop' })
    expect(selectHosts(hub, ['docker.io'])).toMatchObject([{ kind: 'helper', server: 'docker.io', key: HUB }])
  })

  it('is asked of its helper by the key of the helper, though the entry has another key', () => {
    const both = configOf({ auths: { 'https://gcr.io': {} }, credHelpers: { 'gcr.io': 'gcloud' } })
    expect(allHosts(both)).toMatchObject([
      { server: 'https://gcr.io', key: 'gcr.io', helper: 'gcloud' },
      { server: 'gcr.io', key: 'gcr.io', helper: 'gcloud' },
    ])
  })

  it('is not found by an empty key', () => {
    const empty = configOf({ auths: { '': auth('of-nobody') }, credHelpers: { '': 'nobody' } })
    expect(selectHosts(empty, ['ghcr.io'])).toEqual([{ kind: 'missing', server: 'ghcr.io' }])
  })
})

describe('all hosts', () => {
  it('are those with a credential, a token, or a helper, each under its key', () => {
    const config = configOf({
      auths: {
        [HUB]: auth('of-hub'),
        'empty.example.com': {},
        'acme.azurecr.io': { identitytoken: 'identity-token' },
        'gcr.io': {},
      },
      credHelpers: { 'gcr.io': 'gcloud', 'public.ecr.aws': 'ecr-login' },
    })
    expect(allHosts(config)).toMatchObject([
      { kind: 'entry', server: HUB, login: login('of-hub') },
      { kind: 'identity-token', server: 'acme.azurecr.io' },
      { kind: 'helper', server: 'gcr.io', key: 'gcr.io', helper: 'gcloud', isRequested: false },
      { kind: 'helper', server: 'public.ecr.aws', helper: 'ecr-login', isRequested: false },
    ])
  })

  it('of a config with a store are asked of the store', () => {
    const config = configOf({ auths: { 'ghcr.io': {} }, credsStore: 'pass' })
    expect(allHosts(config)).toMatchObject([{ kind: 'helper', server: 'ghcr.io', helper: 'pass', isRequested: false }])
  })
})

it('a response means a credential, only a token, or none for its host', () => {
  expect(hostOf('a', { kind: 'login', username: 'jo', password: 'p' })).toMatchObject({ kind: 'entry', server: 'a' })
  expect(hostOf('a', { kind: 'identity-token' })).toEqual({ kind: 'identity-token', server: 'a' })
  expect(hostOf('a', { kind: 'empty' })).toEqual({ kind: 'missing', server: 'a' })
})
