import { beforeEach, expect, it, vi } from 'vitest'
import { type Proxies, parseProxyUrl } from '../../../src/http/proxy.ts'
import { type Cluster, connect } from '../../../src/kubernetes/client.ts'
import { explain } from '../../../src/report/error-text.ts'
import { redact } from '../../../src/runner/mask.ts'
import { errorOf } from '../../support/error-of.ts'
import { type GithubOidc, startGithubOidc } from '../../support/github-oidc.ts'
import { startConnectProxy } from '../../support/http/connect-proxy.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const AUDIENCE = 'https://k.example.com/?team=a&b'

let github: GithubOidc
let server: ObservedKubernetesServer
let cluster: Cluster

beforeEach(async () => {
  const resources = new AsyncDisposableStack()
  github = resources.use(await startGithubOidc(AUDIENCE))
  server = resources.use(await startFakeApiServer({ oidc: github }))
  cluster = connectWith(AUDIENCE)
  return () => resources.disposeAsync()
})

function connectWith(audience: string, more: { readonly url?: string; readonly proxies?: Proxies } = {}): Cluster {
  const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken, ACTIONS_ID_TOKEN_REQUEST_URL } = github.env
  const { url = ACTIONS_ID_TOKEN_REQUEST_URL, ...access } = more
  const { url: address, certificateAuthority: certificate } = server
  const login = { url, requestToken, audience }
  const config = loadKubeConfig({ kind: 'server', url: address, certificate, user: login })
  return connect(
    { config, concurrency: 16, firstRetryDelayMs: 10, ...access },
    config.getCurrentContext(),
    new AbortController().signal,
  )
}

/** The user is authenticated and has no permissions. */
const READ = { operation: 'read the namespace default', path: '/api/v1/namespaces/default', expectedStatuses: [403] }

const read = () => cluster.request(READ)
const readOften = (times: number) => Promise.all(Array.from({ length: times }, read))
const usedTokens = () => server.journal.map(({ headers }) => headers.authorization?.replace('Bearer ', ''))

async function errorTextOf(request: Promise<unknown>): Promise<string> {
  return explain(await errorOf(request)).join('\n')
}

function rejectTokens(times: number) {
  server.faults.add({ when: () => true, times, fault: { kind: 'status', status: 401 } })
}

it('requests its tokens through the proxy of the environment', async () => {
  await using proxy = await startConnectProxy({ 'token.actions.example': github.issuer })
  const proxies = { https: parseProxyUrl(proxy.address), exceptions: '' }
  const behind = connectWith(AUDIENCE, { url: 'https://token.actions.example/?job=1', proxies })
  // Its certificate is not trusted.
  expect(await errorOf(behind.request(READ))).toMatchObject({ code: 'oidc-untrusted-certificate' })
  expect(proxy.hosts()).toEqual(['token.actions.example'])
})

it("authenticates with GitHub's token for the audience", async () => {
  expect((await read()).text).toContain(`User \\"github:${github.subject}\\" cannot get`)
  expect(github.journal.map(({ query }) => [...query])).toEqual([
    [
      ['api-version', '2.0'],
      ['audience', AUDIENCE],
    ],
  ])
  expect(usedTokens()).toEqual(github.issued)
})

it('requests one token for concurrent and later requests', async () => {
  await readOften(20)
  await readOften(20)
  expect(github.issued).toHaveLength(1)
})

it('uses the same token for a watch', async () => {
  await read()
  const watch = cluster.stream({ ...READ, query: { watch: 'true' } }, new AbortController().signal)
  expect(await errorTextOf(watch.next())).toContain(' 403 ')
  expect(usedTokens()).toEqual([...github.issued, ...github.issued])
})

it.each([
  ['two seconds before', 238, 1],
  ['two seconds after', 242, 2],
])('renews a token once when a fifth of its life is left: %s', async (_, seconds, tokens) => {
  await read()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + seconds * 1000)
  await readOften(20).finally(() => vi.restoreAllMocks())
  expect(github.issued).toHaveLength(tokens)
  expect(usedTokens().at(-1)).toBe(github.issued.at(-1))
})

it.each([
  ['before', 47, 1],
  ['after', 49, 2],
])('renews a token without an expiry after four fifths of a minute: %s', async (_, seconds, asked) => {
  const fault: Fault = { kind: 'status', status: 200, body: JSON.stringify({ value: server.adminToken }) }
  github.faults.add({ when: () => true, times: 2, fault })
  await read()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + seconds * 1000)
  await read().finally(() => vi.restoreAllMocks())
  expect(github.journal).toHaveLength(asked)
})

it('replaces a rejected token once for concurrent requests', async () => {
  await read()
  rejectTokens(5)
  const responses = await readOften(5)
  expect(responses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  expect(github.issued).toHaveLength(2)
})

it('does not replace a token again within a minute', async () => {
  rejectTokens(Number.POSITIVE_INFINITY)
  const messages = await Promise.all([1, 2, 3].map(() => errorTextOf(read())))
  messages.push(await errorTextOf(read()))
  for (const message of messages) {
    expect(message).toMatch(
      /^Could not read the namespace default: GET https:.* returned 401\. The API server must trust/,
    )
    expect(message).toContain(`the issuer ${github.issuer} for the audience ${AUDIENCE}, and its clock must be right.`)
  }
  expect(github.issued).toHaveLength(2)
})

it('names the audience when the API server expects another one', async () => {
  const other = connectWith('other')
  expect(await errorTextOf(other.request(READ))).toMatch(/returned 401 .* for the audience other, and its clock/)
})

it('requests a token again after an error', async () => {
  github.faults.add({ when: () => true, fault: { kind: 'status', status: 404 } })
  await errorTextOf(read())
  expect((await read()).status).toBe(403)
})

const WHERE = String.raw`Could not request a GitHub OIDC token for the cluster 127\.0\.0\.1:\d+: GET http:\/\/127\.0\.0\.1:\d+\/jobs\/4711\/idtoken`

it.each<[string, Fault, string, string]>([
  [
    'rejects the job',
    { kind: 'status', status: 403, body: '{"message":"no permission"}' },
    'oidc-access-denied',
    String.raw`returned 403 no permission\. Check that the job has \`permissions: id-token: write\`\.`,
  ],
  ['is down', { kind: 'status', status: 503 }, 'oidc-server-error', String.raw`returned 503\. The server failed`],
  [
    'returns a body that is not JSON',
    { kind: 'status', status: 200, body: '<html>' },
    'oidc-unexpected-response',
    'responded, but its body of 6',
  ],
  [
    'returns an empty token',
    { kind: 'status', status: 200, body: '{"value":""}' },
    'oidc-unexpected-response',
    'responded, but it contains no token',
  ],
  [
    'returns something else',
    { kind: 'status', status: 200, body: '{"value":7}' },
    'oidc-unexpected-response',
    'responded, but it contains no token',
  ],
  ['cuts the connection', { kind: 'reset-before' }, 'oidc-unreachable', 'did not respond'],
])('fails when the service %s', async (_, fault, code, text) => {
  github.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault })
  const failure = await errorOf(read())
  expect(failure).toMatchObject({ code, details: { cluster: cluster.name } })
  expect(explain(failure).join('\n')).toMatch(new RegExp(`^${WHERE} ${text}`))
  expect(server.journal).toEqual([])
})

it('masks its tokens', async () => {
  using captured = captureLog()
  rejectTokens(2)
  const message = await errorTextOf(read())
  expect(github.issued).toHaveLength(2)
  for (const token of github.issued) {
    expect(captured.log.masks).toContain(token)
    expect(redact(`it is ${token}.`)).toBe('it is ***.')
    expect([captured.log.text, message].join('\n')).not.toContain(token)
  }
})
