// A job without any secret of the cluster: it logs in by GitHub's OIDC tokens, which do not live as long as the run.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeReal } from '../support/describe-real.ts'
import { type GithubOidc, type OidcTrust, startGithubOidc } from '../support/github-oidc.ts'
import { grant } from '../support/grant.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { runStep, type StepResult } from '../support/runner/runner.ts'

describe('on the fake API server', () => describeOidc((oidc) => startFakeApiServer({ oidc })))
describeReal(['etcd', 'kube-apiserver'], 'on kube-apiserver', () =>
  describeOidc((oidc) => startKubeApiserver({ oidc })),
)

const AUDIENCE = 'https://k.example.com'
const NAMESPACE = 'shop'

/** There is no node: the test makes the Pod ready. */
function describeOidc(startCluster: (oidc: OidcTrust) => Promise<KubernetesServer>): void {
  const resources = new AsyncDisposableStack()
  let github: GithubOidc
  let kube: KubernetesServer
  let ibm: FakeIbm
  beforeAll(async () => {
    github = resources.use(await startGithubOidc(AUDIENCE))
    kube = resources.use(await startCluster(github))
    ibm = resources.use(await startFakeIbm())
    await kube.createNamespace(NAMESPACE)
    const user = { kind: 'User', name: `github:${github.subject}` }
    await grant(
      kube,
      NAMESPACE,
      'deployer',
      { resources: ['secrets', 'pods'], verbs: ['get', 'create', 'patch'] },
      user,
    )
  })
  afterAll(() => resources.disposeAsync())

  const run = (inputs: Readonly<Record<string, string>>) =>
    runStep({
      inputs: {
        'api-endpoint': ibm.api,
        'registry-endpoint': ibm.registry,
        'api-key': ibm.login.apiKey,
        organization: ibm.organization.name,
        'secret-name': 'regcred',
        namespaces: NAMESPACE,
        'kube-server': kube.url,
        'kube-ca': kube.certificateAuthority,
        'kube-oidc-audience': AUDIENCE,
        ...inputs,
      },
      env: github.env,
    })

  function expectNoToken({ stdout, stderr, summary, state }: StepResult): void {
    const shown = [stdout.replace(/^::add-mask::.*$/gm, ''), stderr, summary, JSON.stringify(state)].join('\n')
    expect(shown).not.toContain(github.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    for (const token of github.issued) expect(shown).not.toContain(token)
  }

  async function makeReady(pod: string): Promise<void> {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/status`
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
    const response = await kube.request('PATCH', path, { status }, { 'content-type': 'application/merge-patch+json' })
    expect(response.status).toBe(200)
  }

  it('a wait continues after its first token has expired', async () => {
    github.life = 6
    const { repository, tag } = ibm.image
    const running = run({ image: `${repository}:${tag}`, 'pod-name': 'web' })
    // A third one is fetched when the second is about to expire, and the first has expired.
    await vi.waitFor(() => expect(github.issued.length).toBeGreaterThanOrEqual(3), { timeout: 50_000 })
    await makeReady('web')
    const step = await running

    expect(step.annotations).toEqual([])
    expect(step.code).toBe(0)
    expect(JSON.parse(step.outputs.workloads ?? '')).toMatchObject([{ name: 'web', result: 'ready' }])
    expectNoToken(step)
  })

  it('an API server that expects another audience fails with a hint, and nothing is minted', async () => {
    const before = ibm.tokens().length
    const step = await run({ 'kube-oidc-audience': 'other' })

    expect(step.code).toBe(1)
    expect(step.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(/returned 401 .* must trust the issuer https:.* for the audience other,/),
      },
    ])
    expect(ibm.tokens()).toHaveLength(before)
    expectNoToken(step)
  })
}
