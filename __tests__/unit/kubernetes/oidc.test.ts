import { beforeEach, expect, it, vi } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { type Cluster, connect } from '../../../src/kubernetes/client.ts'
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts'
import { redact } from '../../../src/runner/mask.ts'
import { type GithubOidc, startGithubOidc } from '../../support/github-oidc.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startStandIn } from '../../support/kubernetes/fake-api-server.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const AUDIENCE = 'https://k.example.com/?team=a&b'

let github: GithubOidc
let server: ObservedKubernetesServer
let cluster: Cluster

beforeEach(async () => {
  const resources = new AsyncDisposableStack()
  github = resources.use(await startGithubOidc(AUDIENCE))
  server = resources.use(await startStandIn({ oidc: github }))
  cluster = connectWith(AUDIENCE)
  return () => resources.disposeAsync()
})

function connectWith(audience: string): Cluster {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = github.env
  const { url: address, certificateAuthority: certificate } = server
  const login = { url, requestToken, audience }
  const config = loadKubeConfig({ kind: 'server', url: address, certificate, login })
  return connect(config, config.getCurrentContext(), 16, new AbortController().signal)
}

/** The user has no rights, and is somebody all the same. */
const READ = { doing: 'read the namespace default', path: '/api/v1/namespaces/default', expect: [403] }

const read = () => cluster.request(READ)
const readOften = (times: number) => Promise.all(Array.from({ length: times }, read))
const usedTokens = () => server.journal.map(({ headers }) => headers.authorization?.replace('Bearer ', ''))

async function complaintOf(request: Promise<unknown>): Promise<string> {
  const failure = await request.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  )
  return explain(failure).join('\n')
}

function refuse(times: number) {
  server.faults.add({ when: () => true, times, fault: { kind: 'status', status: 401 } })
}

it("logs in by GitHub's token for the audience", async () => {
  expect((await read()).text).toContain(`User \\"github:${github.subject}\\" cannot get`)
  expect(github.journal.map(({ query }) => [...query])).toEqual([
    [
      ['api-version', '2.0'],
      ['audience', AUDIENCE],
    ],
  ])
  expect(usedTokens()).toEqual(github.issued)
})

it('asks for one token, however many requests there are at once and after one another', async () => {
  await readOften(20)
  await readOften(20)
  expect(github.issued).toHaveLength(1)
})

it('watches with that token, too', async () => {
  await read()
  const watch = cluster.stream({ ...READ, query: { watch: 'true' } }, new AbortController().signal)
  expect(await complaintOf(watch.next())).toContain(' 403 ')
  expect(usedTokens()).toEqual([...github.issued, ...github.issued])
})

it.each([
  ['two seconds before', 238, 1],
  ['two seconds after', 242, 2],
])('renews a token, once for all, when a fifth of its life is left: %s', async (_, seconds, tokens) => {
  await read()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + seconds * 1000)
  await readOften(20).finally(() => vi.restoreAllMocks())
  expect(github.issued).toHaveLength(tokens)
  expect(usedTokens().at(-1)).toBe(github.issued.at(-1))
})

it.each([
  ['before', 47, 1],
  ['after', 49, 2],
])('takes a token that does not tell its end for one of a minute: %s four fifths of it', async (_, seconds, asked) => {
  const fault: Fault = { kind: 'status', status: 200, body: JSON.stringify({ value: server.adminToken }) }
  github.faults.add({ when: () => true, times: 2, fault })
  await read()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + seconds * 1000)
  await read().finally(() => vi.restoreAllMocks())
  expect(github.journal).toHaveLength(asked)
})

it('replaces a refused token, once for all who were refused', async () => {
  await read()
  refuse(5)
  const answers = await readOften(5)
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  expect(github.issued).toHaveLength(2)
})

it('does not replace one token after another', async () => {
  refuse(Number.POSITIVE_INFINITY)
  const sentences = await Promise.all([1, 2, 3].map(() => complaintOf(read())))
  sentences.push(await complaintOf(read()))
  for (const sentence of sentences) {
    expect(sentence).toMatch(
      /^Could not read the namespace default: GET https:.* answered 401\. The API server must trust/,
    )
    expect(sentence).toContain(`the issuer ${github.issuer} for the audience ${AUDIENCE}, and its clock must be right.`)
  }
  expect(github.issued).toHaveLength(2)
})

it('tells it to a server that wants another audience', async () => {
  const other = connectWith('other')
  expect(await complaintOf(other.request(READ))).toMatch(/answered 401 .* for the audience other, and its clock/)
})

it('asks again when the service had no token', async () => {
  github.faults.add({ when: () => true, fault: { kind: 'status', status: 404 } })
  await complaintOf(read())
  expect((await read()).status).toBe(403)
})

const WHERE = String.raw`Could not get an OIDC token of GitHub for the cluster 127\.0\.0\.1:\d+: GET http:\/\/127\.0\.0\.1:\d+\/jobs\/4711\/idtoken`

it.each<[string, Fault, string]>([
  [
    'refuses the job',
    { kind: 'status', status: 403, body: '{"message":"no permission"}' },
    String.raw`answered 403 no permission\. Check that the job has \`permissions: id-token: write\`\.`,
  ],
  ['is down', { kind: 'status', status: 503 }, String.raw`answered 503\. The server is in trouble`],
  ['says nothing that is JSON', { kind: 'status', status: 200, body: '<html>' }, 'answered, but its body of 6'],
  ['gives no token', { kind: 'status', status: 200, body: '{"value":""}' }, 'answered, but it holds no token'],
  ['gives something else', { kind: 'status', status: 200, body: '{"value":7}' }, 'answered, but it holds no token'],
  ['cuts the connection', { kind: 'reset-before' }, 'gave no answer'],
])('fails when the service %s', async (_, fault, says) => {
  github.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault })
  expect(await complaintOf(read())).toMatch(new RegExp(`^${WHERE} ${says}`))
  expect(server.journal).toEqual([])
})

it('keeps its tokens out of the log', async () => {
  using captured = captureLog()
  refuse(2)
  const sentence = await complaintOf(read())
  expect(github.issued).toHaveLength(2)
  for (const token of github.issued) {
    expect(captured.log.masks).toContain(token)
    expect(redact(`it is ${token}.`)).toBe('it is ***.')
    expect([captured.log.text, sentence].join('\n')).not.toContain(token)
  }
})
