// What goes wrong, and what a person is told.
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import { leaks } from '../support/secrecy.ts'
import { expectOneError } from './failed-run.ts'
import { type Scene, SECRET, tell } from './harness.ts'

const FOREVER = Number.POSITIVE_INFINITY

function status(code: number, body: unknown, headers: Record<string, string> = {}): Fault {
  return { kind: 'status', status: code, body: typeof body === 'string' ? body : JSON.stringify(body), headers }
}

interface Failure {
  readonly inputs?: Readonly<Record<string, string>>
  readonly when?: (scene: Scene) => void
  /** What the one error says: what was being done, where, what came back, and the cure. */
  readonly says: (scene: Scene) => readonly string[]
  /** What was asked of UAA and of the token API, as `uaa POST, tokens GET`. */
  readonly asks?: string
}

/** The password or the mint were sent, and nothing came of it. */
const LOGIN = 'uaa POST'
const MINT = 'uaa POST, tokens POST'
const PROOF = 'uaa POST, tokens POST, tokens DELETE'

const failures: Readonly<Record<string, Failure>> = {
  'a wrong password, which is tried once': {
    inputs: { password: 'not-the-password' },
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'answered 401 invalid_client: Bad credentials', 'Check `username`'],
    asks: LOGIN,
  },
  'an organization that nobody has': {
    inputs: { organization: 'Nobody' },
    says: ({ ibm }) => [`No organization "Nobody" at ${ibm.api}`, 'Check `organization`'],
    asks: LOGIN,
  },
  'an organization in other letters': {
    inputs: { organization: 'platform team' },
    says: () => ['No organization "platform team"', 'only "Platform Team"', 'upper and lower case count'],
    asks: LOGIN,
  },
  'two organizations of one name': {
    inputs: { organization: 'twin' },
    says: () => ['2 organizations are called "twin"', '-000000000040, ', '-000000000041', '`organization-guid`'],
    asks: LOGIN,
  },
  'a login without the right to mint': {
    when: (scene) => scene.plan('tokens POST', status(403, { code: 'CRG0020E', message: 'Not you.' })),
    says: ({ ibm }) => [`mint a registry token at ${ibm.registry}`, '403 CRG0020E: Not you.', 'ask its manager'],
    asks: MINT,
  },
  'a registry that mints no more': {
    when: ({ ibm }) => Object.assign(ibm.switches, { discontinued: true }),
    says: ({ ibm }) => [
      `mint a registry token at ${ibm.registry}`,
      '410 CRT0002E: The creation',
      '`provider: ibmcloud`',
    ],
    asks: MINT,
  },
  'too many mints for ever': {
    when: (scene) => scene.plan('tokens POST', status(429, 'Slow down', { 'retry-after': '1' })),
    says: () => ['mint a registry token', 'answered 429 Slow down', 'run the job again in 1 s'],
    asks: 'uaa POST, tokens POST, tokens POST, tokens POST',
  },
  'a token API in trouble, which is never asked again without a look': {
    when: (scene) => scene.plan('tokens POST', status(503, '<h1>Service Unavailable</h1>')),
    says: () => ['mint a registry token', 'answered 503 Service Unavailable', 'run the job again later'],
    asks: 'uaa POST, tokens POST, tokens GET, tokens POST, tokens GET, tokens POST, tokens GET',
  },
  'a token API that cuts each connection': {
    when: (scene) => scene.plan('tokens POST', { kind: 'reset-before' }),
    says: ({ ibm }) => [
      'mint a registry token',
      `${ibm.registry}/api/v1/tokens gave no answer`,
      'Check that the host is up',
    ],
    asks: 'uaa POST, tokens POST, tokens GET, tokens POST, tokens GET, tokens POST, tokens GET',
  },
  'a Cloud Foundry API in trouble': {
    when: (scene) => scene.plan('cf GET', status(503, 'down')),
    says: ({ ibm }) => [`find the login server of ${ibm.api}`, 'answered 503 down', 'run the job again later'],
    asks: '',
  },
  'a login server in trouble, which gets the password once': {
    when: (scene) => scene.plan('uaa POST', status(503, 'down')),
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'answered 503 down', 'run the job again later'],
    asks: LOGIN,
  },
  'a login server that cuts the connection, which gets the password once': {
    when: (scene) => scene.plan('uaa POST', { kind: 'reset-after' }),
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'gave no answer', 'ECONNRESET', 'Check that the host is up'],
    asks: LOGIN,
  },
  'half of the JSON of a login': {
    when: (scene) => scene.plan('uaa POST', { kind: 'truncated-json' }),
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'is not a JSON object', 'Check that the endpoint is right'],
    asks: LOGIN,
  },
  'half of the answer to a login': {
    when: (scene) => scene.plan('uaa POST', { kind: 'truncate' }),
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'gave no answer', 'Check that the host is up'],
    asks: LOGIN,
  },
  'a login that hangs': {
    inputs: { timeout: '2s' },
    when: (scene) => scene.plan('uaa POST', { kind: 'hang' }),
    says: ({ ibm }) => [`log in at ${ibm.uaa}`, 'longer than its `timeout` of 2 s', 'raise `timeout`'],
    asks: LOGIN,
  },
}

const clusterFailures: Readonly<Record<string, Failure>> = {
  'a cluster that does not know us': {
    when: (scene) =>
      scene.plan('kubernetes GET', status(401, { kind: 'Status', reason: 'Unauthorized', message: 'no' })),
    says: ({ kube }) => [`in the cluster ${kube.name}`, 'answered 401 Unauthorized: no', 'in the kubeconfig'],
    asks: '',
  },
  'a cluster that lets us read nothing': {
    when: (scene) =>
      scene.plan('kubernetes GET', status(403, { reason: 'Forbidden', message: 'secrets is forbidden' })),
    says: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      '403 Forbidden: secrets is forbidden',
      'Grant the verbs get',
    ],
    asks: '',
  },
  'a cluster in trouble': {
    when: (scene) => scene.plan('kubernetes GET', status(503, { reason: 'ServiceUnavailable', message: 'etcd' })),
    says: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      '503 ServiceUnavailable: etcd',
      'run the job again',
    ],
    asks: '',
  },
  'a cluster that hangs': {
    inputs: { timeout: '2s' },
    when: (scene) => scene.plan('kubernetes GET', { kind: 'hang' }),
    says: ({ namespace }) => [
      `read the secret ${namespace}/${SECRET}`,
      'longer than its `timeout` of 2 s',
      'raise `timeout`',
    ],
    asks: '',
  },
  'a namespace that is not there': {
    inputs: { namespaces: 'nowhere' },
    says: ({ kube }) => [`namespace nowhere is not in the cluster ${kube.name}`, 'Check `namespaces`'],
    asks: '',
  },
  'a cluster that refuses the write': {
    when: (scene) => scene.plan('kubernetes PATCH', status(403, { reason: 'Forbidden', message: 'cannot patch' })),
    says: ({ namespace }) => [
      `write the secret ${namespace}/${SECRET}`,
      '403 Forbidden: cannot patch',
      'Grant the verbs',
    ],
    asks: PROOF,
  },
  'a new token without the right to the image': {
    inputs: { 'verify-image': 'other/app:1' },
    says: ({ ibm }) => [ibm.registryHost, 'no right to the image (403 DENIED: You are not authorized', 'right to pull'],
    asks: PROOF,
  },
  'an account over its quota': {
    when: (scene) => scene.plan('realm GET', status(403, denied('Your account has exceeded its pull traffic quota.'))),
    says: ({ ibm }) => [ibm.registryHost, 'over its quota', 'exceeded its pull traffic', 'The credential is fine'],
    asks: PROOF,
  },
  'an account of the private network': {
    when: (scene) =>
      scene.plan('realm GET', status(403, denied('You must access this account over the private network'))),
    says: ({ ibm }) => [ibm.registryHost, 'not to be reached from here', 'inside the private network'],
    asks: PROOF,
  },
  'something that is no registry': {
    when: (scene) => scene.plan('registry GET', status(404, 'nothing here')),
    says: ({ ibm }) => [ibm.registryHost, 'answers GET /v2/ with 404', 'Check `docker-server`'],
    asks: PROOF,
  },
  'a registry in trouble': {
    when: (scene) => scene.plan('registry GET', status(503, 'down')),
    says: ({ ibm }) => [`reach the registry ${ibm.registryHost}`, 'answered 503 down', 'run the job again later'],
    asks: PROOF,
  },
  'a registry that hangs': {
    inputs: { timeout: '2s' },
    when: (scene) => scene.plan('registry GET', { kind: 'hang' }),
    says: ({ ibm }) => [
      `reach the registry ${ibm.registryHost}`,
      'longer than its `timeout` of 2 s',
      'raise `timeout`',
    ],
    asks: PROOF,
  },
}

function denied(message: string): object {
  return { errors: [{ code: 'DENIED', message }] }
}

tell('a failure', (openScene) => {
  it.each(Object.entries({ ...failures, ...clusterFailures }))(
    'tells of %s',
    async (_, { inputs, when, says, asks }) => {
      await using scene = await openScene()
      when?.(scene)

      const result = await scene.run(inputs)

      expectOneError(scene, result, says(scene))
      expect(
        scene
          .requests(/^(uaa|tokens)/)
          .map(serverAndMethod)
          .join(', '),
      ).toBe(asks)
      await expectNothingLeft(scene)
    },
  )

  it.each([
    ['is asked to wait once', status(429, 'later', { 'retry-after': '1' }), 'tokens POST, tokens POST'],
    ['gets half of the JSON', { kind: 'truncated-json' }, 'tokens POST, tokens GET, tokens GET'],
    ['gets half of the answer', { kind: 'truncate' }, 'tokens POST, tokens GET, tokens GET'],
    ['loses the answer', { kind: 'reset-after' }, 'tokens POST, tokens GET, tokens GET'],
    ['is cut off before the server has acted', { kind: 'reset-before' }, 'tokens POST, tokens GET, tokens POST'],
  ] as const)('does not come of a mint that %s: there is one token', async (_, fault: Fault, asks) => {
    await using scene = await openScene()
    scene.plan('tokens POST', fault, 1)

    const result = await scene.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const asked = scene
      .requests(/^tokens/)
      .map(serverAndMethod)
      .join(', ')
    expect(asked.slice(0, asks.length)).toBe(asks)
    expect(asked.match(/POST/g)).toHaveLength(asks.match(/POST/g)?.length ?? 0)
    expect(scene.ibm.tokens()).toMatchObject([{ id: result.outputs['token-id'], revoked: false }])
    expect(leaks(scene, result)).toEqual([])
  })

  it('does not come of an image that is public or not there: the login is proven, and a warning says so', async () => {
    await using scene = await openScene()

    const results = [
      await scene.run({ 'verify-image': 'public/app:1' }),
      await scene.run({ 'verify-image': 'team/app:none', 'max-age': '0' }),
    ]

    expect(results.map(({ code }) => code)).toEqual([0, 0])
    expect(results.flatMap(({ annotations }) => annotations)).toMatchObject([
      { level: 'warning', message: expect.stringContaining('public/app:1 is public, so it proves nothing') },
      { level: 'warning', message: expect.stringContaining('has no team/app:none') },
    ])
  })

  it('is no refusal of a token that is new: the registry gets its time', async () => {
    await using scene = await openScene()
    Object.assign(scene.ibm.switches, { acceptAfter: 2 })

    const result = await scene.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log).toContain('A new credential may need some seconds')
  })

  it('comes of a new token that the registry never takes', async () => {
    await using scene = await openScene()
    Object.assign(scene.ibm.switches, { acceptAfter: FOREVER })

    const result = await scene.run({ 'verify-image': '' })

    expectOneError(scene, result, ['refuses the credential (401 UNAUTHORIZED: The login credentials are not valid'])
    await expectNothingLeft(scene)
  })

  it('is told once for each cause', async () => {
    await using scene = await openScene()

    const result = await scene.run({ namespaces: `${scene.namespace},nowhere,never` })

    expect(result.code).toBe(1)
    expect(result.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The namespace nowhere is not in the cluster .* The same in 1 other namespace: never\.$/),
    ])
    expect(await scene.secret()).toBeDefined()
  })
})

function serverAndMethod(request: string): string {
  return request.replace(/ \/.*/, '')
}

async function expectNothingLeft({ ibm, secret }: Scene): Promise<void> {
  expect(ibm.liveTokens()).toEqual([])
  expect(await secret()).toBeUndefined()
}
