import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { afterAll, expect, it } from 'vitest'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { credentialSourceOf } from '../../../src/kubernetes/authentication.ts'
import { clusterInfoOf } from '../../../src/kubernetes/cluster-info.ts'
import { errorOf } from '../../support/error-of.ts'
import { credentialLine, EXEC_V1, writePlugin } from '../../support/exec-plugin.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'cluster-info-'))
afterAll(() => folder.remove())

function configOf(cluster: object, user: object = {}) {
  const text = dump({
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: 'https://k.example.com', ...cluster } }],
    users: [{ name: 'a', user }],
  })
  return loadKubeConfig({ kind: 'text', text })
}

/** As JSON, in which an exec plugin gets it. */
function infoOf(cluster: object): unknown {
  return JSON.parse(JSON.stringify(clusterInfoOf(configOf(cluster).getCurrentCluster())))
}

it('has what the kubeconfig sets, and the `config` of the extension for exec plugins', () => {
  const name = 'client.authentication.k8s.io/exec'
  const cluster = {
    'certificate-authority-data': btoa('authority'),
    'insecure-skip-tls-verify': true,
    'tls-server-name': 'other.example.com',
    'proxy-url': 'http://proxy.example.com',
  }
  const extensions = [
    { name: 'other', extension: 1 },
    { name, extension: { audience: 'x' } },
  ]
  expect(infoOf({ ...cluster, extensions })).toEqual({
    server: 'https://k.example.com',
    ...cluster,
    config: { audience: 'x' },
  })
  expect(infoOf({ 'insecure-skip-tls-verify': false })).toEqual({ server: 'https://k.example.com' })
})

it('has the certificate authority of a file', () => {
  const path = join(folder.path, 'ca.pem')
  writeFileSync(path, 'authority')
  expect(infoOf({ 'certificate-authority': path })).toMatchObject({ 'certificate-authority-data': btoa('authority') })
})

it('is empty without a cluster', () => {
  expect(clusterInfoOf(null)).toEqual({})
})

it('is an error of the login when the file of the certificate authority was deleted', async () => {
  const command = writePlugin(folder.path, 'login', [credentialLine({ token: 't' })])
  const config = configOf(
    { 'certificate-authority': join(folder.path, 'deleted.pem') },
    { exec: { apiVersion: EXEC_V1, command } },
  )
  const { signal } = new AbortController()
  const source = credentialSourceOf({ config, name: 'a', environment: process.env, proxies: NO_PROXIES, signal })
  expect(await errorOf(source.current())).toMatchObject({
    code: 'cluster-login-failed',
    message: expect.stringContaining('deleted.pem'),
  })
})
