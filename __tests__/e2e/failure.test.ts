// Failures, and the one error that each of them reports.
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

const FOREVER = Number.POSITIVE_INFINITY

function status(code: number, body: unknown, headers: Record<string, string> = {}): Fault {
  return { kind: 'status', status: code, body: typeof body === 'string' ? body : JSON.stringify(body), headers }
}

interface FailureCase {
  readonly inputs?: Readonly<Record<string, string>>
  readonly when?: (scenario: Scenario) => void
  /** Parts of the one error: the operation, the server, its response, and the hint. */
  readonly parts: (scenario: Scenario) => readonly string[]
  /** The requests to UAA and to the token API, as `uaa POST, tokens GET`. */
  readonly requests?: string
}

/** The requests when the login, the mint or the verification fails; the latter revokes the new token. */
const LOGIN = 'uaa POST'
const MINT = 'uaa POST, tokens POST'
const VERIFICATION = 'uaa POST, tokens POST, tokens DELETE'

const failures: Readonly<Record<string, FailureCase>> = {
  'a wrong password, which is sent once': {
    inputs: { password: 'not-the-password' },
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'returned 401 invalid_client: Bad credentials', 'Check `username`'],
    requests: LOGIN,
  },
  'an organization that does not exist': {
    inputs: { organization: 'Nobody' },
    parts: ({ ibm }) => [`Organization "Nobody" was not found at ${ibm.api}`, 'Check `organization`'],
    requests: LOGIN,
  },
  'an organization in another case': {
    inputs: { organization: 'platform team' },
    parts: () => ['Organization "platform team"', 'similar names: "Platform Team"', 'case-sensitive'],
    requests: LOGIN,
  },
  'two organizations with the same name': {
    inputs: { organization: 'twin' },
    parts: () => ['2 organizations have the name "twin"', '-000000000040, ', '-000000000041', '`organization-guid`'],
    requests: LOGIN,
  },
  'a user who is not allowed to mint': {
    when: (scenario) => scenario.plan('tokens POST', status(403, { code: 'CRG0020E', message: 'Not you.' })),
    parts: ({ ibm }) => [
      `mint a registry token at ${ibm.registry}`,
      '403 CRG0020E: Not you.',
      'ask the organization manager',
    ],
    requests: MINT,
  },
  'a registry that no longer mints': {
    when: ({ ibm }) => Object.assign(ibm.switches, { discontinued: true }),
    parts: ({ ibm }) => [
      `mint a registry token at ${ibm.registry}`,
      '410 CRT0002E: The creation',
      '`provider: ibmcloud`',
    ],
    requests: MINT,
  },
  'a token API that returns 429 every time': {
    when: (scenario) => scenario.plan('tokens POST', status(429, 'Slow down', { 'retry-after': '1' })),
    parts: () => ['mint a registry token', 'returned 429 Slow down', 'run the job again in 1 s'],
    requests: 'uaa POST, tokens POST, tokens POST, tokens POST',
  },
  'a token API that returns 503, and the tokens are listed before each retry': {
    when: (scenario) => scenario.plan('tokens POST', status(503, '<h1>Service Unavailable</h1>')),
    parts: () => ['mint a registry token', 'returned 503 Service Unavailable', 'run the job again later'],
    requests: 'uaa POST, tokens POST, tokens GET, tokens POST, tokens GET, tokens POST, tokens GET',
  },
  'a token API that closes each connection': {
    when: (scenario) => scenario.plan('tokens POST', { kind: 'reset-before' }),
    parts: ({ ibm }) => [
      'mint a registry token',
      `${ibm.registry}/api/v1/tokens did not respond`,
      'Check that the host is up',
    ],
    requests: 'uaa POST, tokens POST, tokens GET, tokens POST, tokens GET, tokens POST, tokens GET',
  },
  'a Cloud Foundry API that returns 503': {
    when: (scenario) => scenario.plan('cf GET', status(503, 'down')),
    parts: ({ ibm }) => [`find the login server of ${ibm.api}`, 'returned 503 down', 'run the job again later'],
    requests: '',
  },
  'a login server that returns 503, which gets the password once': {
    when: (scenario) => scenario.plan('uaa POST', status(503, 'down')),
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'returned 503 down', 'run the job again later'],
    requests: LOGIN,
  },
  'a login server that closes the connection, which gets the password once': {
    when: (scenario) => scenario.plan('uaa POST', { kind: 'reset-after' }),
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'did not respond', 'ECONNRESET', 'Check that the host is up'],
    requests: LOGIN,
  },
  'half of the JSON of a login': {
    when: (scenario) => scenario.plan('uaa POST', { kind: 'truncated-json' }),
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'is not a JSON object', 'Check the endpoint'],
    requests: LOGIN,
  },
  'half of the response to a login': {
    when: (scenario) => scenario.plan('uaa POST', { kind: 'truncate' }),
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'did not respond', 'Check that the host is up'],
    requests: LOGIN,
  },
  'a login that hangs': {
    inputs: { timeout: '10s' },
    when: (scenario) => scenario.plan('uaa POST', { kind: 'hang' }),
    parts: ({ ibm }) => [`log in at ${ibm.uaa}`, 'longer than its `timeout` of 10 s', 'raise `timeout`'],
    requests: LOGIN,
  },
}

const clusterFailures: Readonly<Record<string, FailureCase>> = {
  'a cluster that does not accept the user': {
    when: (scenario) =>
      scenario.plan('kubernetes GET', status(401, { kind: 'Status', reason: 'Unauthorized', message: 'no' })),
    parts: ({ kube }) => [`in the cluster ${kube.name}`, 'returned 401 Unauthorized: no', 'in the kubeconfig'],
    requests: '',
  },
  'a cluster that refuses the read': {
    when: (scenario) =>
      scenario.plan('kubernetes GET', status(403, { reason: 'Forbidden', message: 'secrets is forbidden' })),
    parts: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      '403 Forbidden: secrets is forbidden',
      'Grant the user of this kubeconfig the verbs get',
    ],
    requests: '',
  },
  'a cluster that returns 503': {
    when: (scenario) => scenario.plan('kubernetes GET', status(503, { reason: 'ServiceUnavailable', message: 'etcd' })),
    parts: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      '503 ServiceUnavailable: etcd',
      'run the job again',
    ],
    requests: '',
  },
  'a cluster that hangs': {
    inputs: { timeout: '10s' },
    when: (scenario) => scenario.plan('kubernetes GET', { kind: 'hang' }),
    parts: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      'longer than its `timeout` of 10 s',
      'raise `timeout`',
    ],
    requests: '',
  },
  'a namespace that does not exist': {
    inputs: { namespaces: 'nowhere' },
    parts: ({ kube }) => [`Namespace nowhere does not exist in cluster ${kube.name}`, 'Check `namespaces`'],
    requests: '',
  },
  'a cluster that refuses the write': {
    when: (scenario) =>
      scenario.plan('kubernetes PATCH', status(403, { reason: 'Forbidden', message: 'cannot patch' })),
    parts: ({ namespace }) => [
      `write the secret ${namespace}/${SECRET}`,
      '403 Forbidden: cannot patch',
      'Grant the user of this kubeconfig the verbs',
    ],
    requests: VERIFICATION,
  },
  'a new token without permission to pull the image': {
    inputs: { 'verify-image': 'other/app:1' },
    parts: ({ ibm }) => [
      `read the manifest of other/app:1 in registry ${ibm.registryHost}`,
      'returned 403 DENIED: You are not authorized',
      'permission to pull',
    ],
    requests: VERIFICATION,
  },
  'an account over its quota': {
    when: (scenario) =>
      scenario.plan('realm GET', status(403, denied('Your account has exceeded its pull traffic quota.'))),
    parts: ({ ibm }) => [
      `log in to registry ${ibm.registryHost}`,
      'returned 403 DENIED: Your account has exceeded its pull traffic',
      'The credential is valid',
    ],
    requests: VERIFICATION,
  },
  'an account of the private network': {
    when: (scenario) =>
      scenario.plan('realm GET', status(403, denied('You must access this account over the private network'))),
    parts: ({ ibm }) => [
      `log in to registry ${ibm.registryHost}`,
      'over the private network',
      'inside the private network',
    ],
    requests: VERIFICATION,
  },
  'a server that is not a registry': {
    when: (scenario) => scenario.plan('registry GET', status(404, 'nothing here')),
    parts: ({ ibm }) => [
      `reach registry ${ibm.registryHost}`,
      'status 404 and no login challenge: it is not a registry',
      'Check `docker-server`',
    ],
    requests: VERIFICATION,
  },
  'a registry that returns 503': {
    when: (scenario) => scenario.plan('registry GET', status(503, 'down')),
    parts: ({ ibm }) => [`reach registry ${ibm.registryHost}`, 'returned 503 down', 'run the job again later'],
    requests: VERIFICATION,
  },
  'a registry that hangs': {
    inputs: { timeout: '10s' },
    when: (scenario) => scenario.plan('registry GET', { kind: 'hang' }),
    parts: ({ ibm }) => [`reach registry ${ibm.registryHost}`, 'longer than its `timeout` of 10 s', 'raise `timeout`'],
    requests: VERIFICATION,
  },
}

function denied(message: string): object {
  return { errors: [{ code: 'DENIED', message }] }
}

describeScenarios('a failure', (openScenario) => {
  it.each(Object.entries({ ...failures, ...clusterFailures }))(
    'reports %s',
    async (_, { inputs, when, parts, requests }) => {
      await using scenario = await openScenario()
      when?.(scenario)

      const result = await scenario.run(inputs)

      expectOneError(result, parts(scenario))
      expect(
        scenario
          .requests(/^(uaa|tokens)/)
          .map(serverAndMethod)
          .join(', '),
      ).toBe(requests)
      if (requests === VERIFICATION) expectNotInUse(scenario, result)
      await expectNothingLeft(scenario)
    },
  )

  it.each([
    ['gets one 429', status(429, 'later', { 'retry-after': '1' }), 'tokens POST, tokens POST'],
    ['gets half of the JSON', { kind: 'truncated-json' }, 'tokens POST, tokens GET, tokens GET'],
    ['gets half of the response', { kind: 'truncate' }, 'tokens POST, tokens GET, tokens GET'],
    ['loses the response', { kind: 'reset-after' }, 'tokens POST, tokens GET, tokens GET'],
    ['loses its connection before the server acts', { kind: 'reset-before' }, 'tokens POST, tokens GET, tokens POST'],
  ] as const)('does not happen when a mint %s: one token exists', async (_, fault: Fault, requests) => {
    await using scenario = await openScenario()
    scenario.plan('tokens POST', fault, 1)

    const result = await scenario.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const sent = scenario
      .requests(/^tokens/)
      .map(serverAndMethod)
      .join(', ')
    expect(sent.slice(0, requests.length)).toBe(requests)
    expect(sent.match(/POST/g)).toHaveLength(requests.match(/POST/g)?.length ?? 0)
    expect(scenario.ibm.tokens()).toMatchObject([{ id: result.outputs['token-id'], revoked: false }])
  })

  it('does not happen when the image is public or missing: the login is verified, with a warning', async () => {
    await using scenario = await openScenario()

    const results = [
      await scenario.run({ 'verify-image': 'public/app:1' }),
      await scenario.run({ 'verify-image': 'team/app:none', 'max-age': '0' }),
    ]

    expect(results.map(({ code }) => code)).toEqual([0, 0])
    expect(results.flatMap(({ annotations }) => annotations)).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining(
          'public/app:1 is public, so permission to pull private images was not verified',
        ),
      },
      { level: 'warning', message: expect.stringContaining('does not have image team/app:none') },
    ])
  })

  it('does not happen when the registry refuses a new token at first: the action retries', async () => {
    await using scenario = await openScenario()
    Object.assign(scenario.ibm.switches, { acceptAfter: 2 })

    const result = await scenario.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log).toContain('A new credential can take some seconds')
  })

  it('happens when the registry never accepts a new token', async () => {
    await using scenario = await openScenario()
    Object.assign(scenario.ibm.switches, { acceptAfter: FOREVER })

    const result = await scenario.run({ 'verify-image': '' })

    expectOneError(result, [
      `log in to registry ${scenario.ibm.registryHost}`,
      'returned 401 UNAUTHORIZED: The login credentials are not valid',
    ])
    await expectNothingLeft(scenario)
  })

  it('is reported once for each cause', async () => {
    await using scenario = await openScenario()

    const result = await scenario.run({ namespaces: `${scenario.namespace},nowhere,never` })

    expect(result.code).toBe(1)
    expect(result.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Namespace nowhere does not exist in cluster .* The same in 1 other namespace: never\. .* See https:\S+#namespace-not-found$/,
      ),
    ])
    expect(await scenario.secret()).toBeDefined()
  })
})

function serverAndMethod(request: string): string {
  return request.replace(/ \/.*/, '')
}

async function expectNothingLeft({ ibm, secret }: Scenario): Promise<void> {
  expect(ibm.liveTokens()).toEqual([])
  expect(await secret()).toBeUndefined()
}

/** The token that was minted and revoked again is in no output, and the summary shows it as revoked. */
function expectNotInUse({ ibm }: Scenario, { outputs, summary }: StepResult): void {
  const withdrawn = {
    token: '',
    'token-id': '',
    'token-expires-at': '',
    'next-rotation': '',
    'docker-config-json': '',
    minted: 'false',
  }
  expect(outputs).toMatchObject(withdrawn)
  const [token] = ibm.tokens()
  expect(Object.values(outputs).join()).not.toContain(token?.id)
  expect(summary).toContain(`~~\`${token?.id}\`~~ revoked: this run minted it and did not use it |`)
  expect(summary).not.toContain('minted by this run')
}
