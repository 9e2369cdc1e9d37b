import { dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { type Cluster, connect } from '../../../src/kubernetes/client.ts'
import { explain } from '../../../src/report/error-text.ts'
import { redact } from '../../../src/runner/mask.ts'
import { errorOf } from '../../support/error-of.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const EXPIRED = signHs256({ exp: 1_700_000_000 }, 's')
const READ = { operation: 'read the namespace default', path: '/api/v1/namespaces/default' }

async function open(tokenHost?: string, clientIn?: 'header' | 'form') {
  await using resources = new AsyncDisposableStack()
  const server = resources.use(await startFakeApiServer())
  const issuer = resources.use(await startOidcIssuer(() => server.adminToken, tokenHost, clientIn))
  const running = resources.move()
  /** One user in two contexts. */
  const connectWith = (change: object = {}): [Cluster, Cluster] => {
    const parts = load(server.kubeconfig({ context: 'one' })) as {
      users: [{ user: object }]
      contexts: { name: string; context: object }[]
    }
    parts.users[0].user = { 'auth-provider': { name: 'oidc', config: { ...providerOf(issuer), ...change } } }
    parts.contexts.push({ ...parts.contexts[0], name: 'two' } as { name: string; context: object })
    const config = loadKubeConfig({ kind: 'text', text: dump(parts) })
    const connectTo = (name: string) => connect({ config, concurrency: 16 }, name, new AbortController().signal)
    return [connectTo('one'), connectTo('two')]
  }
  return { server, issuer, connectWith, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

function providerOf({ url, refreshToken, certificateAuthority }: OidcIssuer) {
  return {
    'idp-issuer-url': url,
    'client-id': 'kube',
    'client-secret': 'kube-secret',
    'id-token': EXPIRED,
    'refresh-token': refreshToken,
    'idp-certificate-authority-data': btoa(certificateAuthority),
  }
}

it('refreshes an expired id-token once for all requests of all contexts of its user', async () => {
  await using opened = await open()
  const [one, two] = opened.connectWith()
  const reads = [one, two, one, two].map((cluster) => cluster.request(READ))
  for (const { status } of await Promise.all(reads)) expect(status).toBe(200)
  expect(opened.issuer.refreshes).toHaveLength(1)
  expect(opened.issuer.refreshes[0]?.headers.authorization).toBe(`Basic ${btoa('kube:kube-secret')}`)
  for (const token of opened.issuer.issued) expect(redact(token)).toBe('***')
})

it('refreshes again with the new refresh token when the API server rejects the id-token', async () => {
  await using opened = await open()
  const [cluster] = opened.connectWith()
  await cluster.request(READ)
  opened.server.faults.add({ when: {}, times: 1, fault: { kind: 'status', status: 401 } })
  expect((await cluster.request(READ)).status).toBe(200)
  expect(opened.issuer.refreshes).toHaveLength(2)
})

it('does not refresh an id-token that has not expired', async () => {
  await using opened = await open()
  const [cluster] = opened.connectWith({ 'id-token': opened.server.adminToken })
  expect((await cluster.request(READ)).status).toBe(200)
  expect(opened.issuer.refreshes).toEqual([])
})

it('sends the secret of the client in the form when the issuer does not accept it in a header', async () => {
  await using opened = await open(undefined, 'form')
  const [cluster] = opened.connectWith()
  expect((await cluster.request(READ)).status).toBe(200)
  const forms = opened.issuer.refreshes.map(({ body }) => new URLSearchParams(body))
  expect(forms.map((form) => [form.get('client_id'), form.get('client_secret')])).toEqual([
    [null, null],
    ['kube', 'kube-secret'],
  ])
  expect(opened.issuer.refreshes[1]?.headers.authorization).toBeUndefined()
})

it('sends the client id in the form when there is no secret', async () => {
  await using opened = await open()
  const [cluster] = opened.connectWith({ 'client-secret': '' })
  expect((await cluster.request(READ)).status).toBe(200)
  expect(opened.issuer.refreshes[0]?.headers).not.toHaveProperty('authorization')
  expect(new URLSearchParams(opened.issuer.refreshes[0]?.body).get('client_id')).toBe('kube')
})

it.each<[string, object, RegExp]>([
  ['has ended', { 'refresh-token': 'refresh-old' }, /returned 400 invalid_grant: the session has ended/],
  ['cannot be refreshed', { 'refresh-token': '' }, /it has no refresh-token/],
  ['has no client', { 'client-id': '' }, /it has no client-id/],
  ['has no issuer', { 'idp-issuer-url': '' }, /it has no idp-issuer-url/],
  ['is of an issuer that is not trusted', { 'idp-certificate-authority-data': '' }, /its certificate is not trusted/],
])('a login that %s is an error that says what to use instead', async (_, change, problem) => {
  await using opened = await open()
  const [cluster] = opened.connectWith(change)
  const error = await errorOf(cluster.request(READ))
  expect(error).toMatchObject({ code: 'cluster-login-failed' })
  const text = explain(error).join('\n')
  expect(text).toMatch(/^Could not authenticate to the cluster one: the id-token .* could not be refreshed: /)
  expect(text).toMatch(problem)
  expect(text).toContain('the interactive login of a person')
  expect(text).not.toContain('refresh-old')
})

it('reports the host that the issuer names as its token endpoint', async () => {
  await using opened = await open('127.0.0.2')
  const [cluster] = opened.connectWith()
  using captured = captureLog()
  await errorOf(cluster.request(READ))
  expect(captured.lines.join('\n')).toMatch(/127\.0\.0\.1:\d+ names 127\.0\.0\.2:\d+ as its login server/)
})
