import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import {
  identityInKubeconfig,
  identityOfUid,
  isUidIdentity,
  userInKubeconfig,
} from '../../../src/kubernetes/cluster-identity.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'

const authority = await createAuthority('login')
const certificateOf = async (commonName: string, organization?: string) => {
  const { certificate, key } = await authority.issue({ commonName, ...(organization && { organization }) })
  return { 'client-certificate-data': btoa(certificate), 'client-key-data': btoa(key) }
}
const certificates = {
  prod: await certificateOf('jo', 'prod'),
  renewed: await certificateOf('jo', 'prod'),
  stage: await certificateOf('jo', 'stage'),
}
const folder = mkdtempDisposableSync(join(tmpdir(), 'cluster-identity-'))
afterAll(() => folder.remove())

function inFile(authority: string) {
  const path = join(folder.path, authority)
  writeFileSync(path, authority)
  return { 'certificate-authority-data': '', 'certificate-authority': path }
}

const exec = (more: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'tsh', args: ['login', 'prod'], ...more },
})

interface Change {
  readonly cluster?: object
  readonly user?: object
  readonly userName?: string
  readonly context?: string
}

function configOf({ cluster = {}, user = { token: 'secret' }, userName = 'deployer', context = 'prod' }: Change) {
  const server = 'https://k.example.com:6443/k8s/clusters/c-1'
  const settings = { server, 'certificate-authority-data': btoa('authority'), ...cluster }
  const text = dump({
    contexts: [{ name: context, context: { cluster: 'cluster', user: userName, namespace: 'shop' } }],
    clusters: [{ name: 'cluster', cluster: settings }],
    users: [{ name: userName, user }],
  })
  return [loadKubeConfig({ kind: 'text', text }), context] as const
}

const identify = (change: Change = {}) => identityInKubeconfig(...configOf(change))
const identityOf = (change: Change = {}) => identify(change).identity
const userOf = (change: Change = {}) => userInKubeconfig(...configOf(change))

describe('the identity in a kubeconfig', () => {
  it.each<[string, Change, Change?]>([
    ['the host', { cluster: { server: 'https://other.example.com:6443/k8s/clusters/c-1' } }],
    ['the port', { cluster: { server: 'https://k.example.com/k8s/clusters/c-1' } }],
    ['the path', { cluster: { server: 'https://k.example.com:6443/k8s/clusters/c-2' } }],
    ['the certificate authority', { cluster: { 'certificate-authority-data': btoa('other') } }],
    ['the server name', { cluster: { 'tls-server-name': 'stage.example.com' } }],
    ['the proxy', { cluster: { 'proxy-url': 'http://proxy.example.com' } }],
    ['the name of the user', { userName: 'stage' }],
    ['the user that is impersonated', { user: { token: 'secret', as: 'stage' } }],
    [
      'the groups of that user',
      { user: { token: 'secret', as: 'stage', 'as-groups': ['a'] } },
      { user: { token: 'secret', as: 'stage', 'as-groups': ['b'] } },
    ],
    ['the subject of the client certificate', { user: certificates.prod }, { user: certificates.stage }],
    ['the command of the exec plugin', { user: exec() }, { user: exec({ command: 'aws' }) }],
    ['the arguments of the exec plugin', { user: exec() }, { user: exec({ args: ['login', 'stage'] }) }],
    [
      'the environment of the exec plugin',
      { user: exec() },
      { user: exec({ env: [{ name: 'AWS_PROFILE', value: 'stage' }] }) },
    ],
  ])('differs by %s', (_, one, other = {}) => {
    expect(identityOf(one)).not.toBe(identityOf(other))
  })

  it.each<[string, Change, Change?]>([
    ['the name of the context', { context: 'green' }],
    ['a renewed token', { user: { token: 'renewed' } }],
    ['a renewed client certificate', { user: certificates.prod }, { user: certificates.renewed }],
    ['whether the certificate authority is in a file', { cluster: inFile('authority') }],
    ['a slash at the end', { cluster: { server: 'https://k.example.com:6443/k8s/clusters/c-1/' } }],
    [
      'a renewed secret in the environment of the exec plugin',
      { user: exec({ env: [{ name: 'AWS_SESSION_TOKEN', value: 'a' }] }) },
      { user: exec({ env: [{ name: 'AWS_SESSION_TOKEN', value: 'b' }] }) },
    ],
  ])('does not depend on %s', (_, one, other = {}) => {
    expect(identityOf(one)).toBe(identityOf(other))
  })

  it('does without a file that is missing', () => {
    const missing = { 'certificate-authority-data': '', 'certificate-authority': join(folder.path, 'missing') }
    expect(identityOf({ cluster: missing })).toBe(identityOf({ cluster: { 'certificate-authority-data': '' } }))
    expect(userOf({ user: { 'client-certificate': join(folder.path, 'missing') } })).toBe(userOf())
  })

  it('has no character that separates the parts of a scope', () => {
    expect(identityOf()).toMatch(/^k\.example\.com:6443~[0-9a-f]{16}$/)
    expect(identityOf({ cluster: { server: 'https://a,b/c d' } })).toMatch(/^a_b~[0-9a-f]{16}$/)
    expect(identityOf({ cluster: { server: 'https://[::1]:6443' } })).toMatch(/^\[::1\]:6443~[0-9a-f]{16}$/)
  })

  it('is certain with a certificate authority', () => {
    expect(identify().isIdentityCertain).toBe(true)
  })

  it.each<[string, object]>([
    ['without a certificate authority', { 'certificate-authority-data': '' }],
    ['with an unverified certificate', { 'insecure-skip-tls-verify': true }],
    ['by http', { server: 'http://k.example.com:8001' }],
    ['at an address of this machine', { server: 'https://127.0.0.1:6443' }],
    ['at the name of this machine', { server: 'https://localhost:6443' }],
  ])('is not certain %s', (_, cluster) => {
    expect(identify({ cluster }).isIdentityCertain).toBe(false)
  })
})

describe('the user in a kubeconfig', () => {
  it('is the same with a renewed credential, at another address', () => {
    expect(userOf({ user: { token: 'renewed' }, cluster: { server: 'https://other.example.com' } })).toBe(userOf())
    expect(userOf({ user: certificates.renewed })).toBe(userOf({ user: certificates.prod }))
  })

  it('differs by its name, and by the subject of its certificate', () => {
    expect(userOf({ userName: 'stage' })).not.toBe(userOf())
    expect(userOf({ user: certificates.stage })).not.toBe(userOf({ user: certificates.prod }))
  })

  it('may have a certificate that cannot be parsed', () => {
    expect(userOf({ user: { 'client-certificate-data': btoa('no certificate') } })).toBe(userOf())
  })
})

it('the identity of a uid is its first 16 digits, and certain', () => {
  const { identity, isIdentityCertain } = identityOfUid('34EFFA5C-baa8-43b1-af0f-a3d91e8d69f7')
  expect([identity, isIdentityCertain]).toEqual(['34effa5cbaa843b1', true])
  expect([identity, identityOf()].map(isUidIdentity)).toEqual([true, false])
})
