// An error about a name that does not exist offers those that do.
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { expectKnownCommands, expectOneError } from './failed-run.ts'
import { describeScenarios, isOurs, type Scenario } from './harness.ts'

const messages = ({ annotations }: StepResult) => annotations.map(({ message }) => message)
const listing = (body: unknown): Fault => ({ kind: 'status', status: 200, body: JSON.stringify(body) })

/** What a list can do instead of listing. */
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 500 },
  { kind: 'hang' },
  { kind: 'truncated-json' },
  { kind: 'redirect', to: 'http://127.0.0.1:1/' },
  { kind: 'echo' },
]

describeScenarios('a name that does not exist', (openScenario) => {
  it('is a tag: the warning offers the tags of the repository', async () => {
    await using scenario = await openScenario()

    const result = await scenario.run({ 'verify-image': 'team/app:2' })

    expect(result).toMatchObject({ code: 0, annotations: [{ level: 'warning' }] })
    expect(messages(result)[0]).toContain('does not have image team/app:2. Check `verify-image`')
    expect(messages(result)[0]).toContain('another region. Existing tags of team/app: "1".')
    expect(scenario.requests(/tags.list|_catalog|images/)).toEqual(['registry GET /v2/team/app/tags/list'])
  })

  it.each(['dedicated', 'ibmcloud'] as const)(
    'is a repository: the error offers those of the registry, with provider: %s',
    async (provider) => {
      await using scenario = await openScenario()
      const { ibm } = scenario
      const inputs = provider === 'ibmcloud' ? scenario.ibmcloud : {}

      const result = await scenario.run({ ...inputs, 'verify-image': 'taem/app:1' })

      expectOneError(result, ['returned 403 DENIED', 'Repositories near "taem/app": "team/app".'])
      const [listed, ...more] = ibm.journal.filter(({ server }) => server === 'images')
      expect(more).toEqual([])
      expect(listed).toMatchObject({ method: 'GET', path: '/api/v1/images', status: 200 })
      const { organization, account } = listed?.headers ?? {}
      expect([organization, account]).toEqual(
        provider === 'ibmcloud' ? [undefined, ibm.serviceId.account] : [ibm.organization.guid, undefined],
      )
      expect([...ibm.liveTokens(), ...ibm.liveKeys()]).toEqual([])
    },
  )

  it('is a repository, and the token is reused: nothing logs in for it', async () => {
    await using scenario = await openScenario()
    await scenario.run()
    scenario.forget()

    expectOneError(await scenario.run({ 'verify-image': 'taem/app:1' }), ['403 DENIED', 'it may pull.'])
    expect(scenario.requests(/^(uaa|images|cf)/)).toEqual([])
  })

  it('is the image of a Pod: its error offers the tags, which are looked up once', async () => {
    await using scenario = await openScenario()
    const namespaces = [scenario.namespace, await scenario.createNamespace()].join()
    const inputs = { namespaces, image: 'team/app:1.0', 'pod-name': 'web' }

    const result = await scenario.run(inputs)

    expect(result.code).toBe(1)
    expect(messages(result)).toEqual([
      expect.stringMatching(
        /app:1\.0 does not exist.* The credential was accepted\. Existing tags of team\/app: "1"\./,
      ),
    ])
    const { log, ...other } = JSON.parse(result.outputs.workloads ?? '')[0]
    expect(JSON.stringify(other)).not.toContain('Existing')
    expect(scenario.requests(/tags.list/)).toEqual(['registry GET /v2/team/app/tags/list'])

    scenario.forget()
    expect((await scenario.run({ ...inputs, verify: 'false', 'verify-image': '', 'recreate-pods': 'true' })).code).toBe(
      1,
    )
    expect(scenario.requests(/^registry/)).toEqual([])
  })

  it('is a namespace: the error offers those of the cluster that are near', async () => {
    await using scenario = await openScenario()
    const wrong = `${scenario.namespace.slice(0, -1)}x`
    const far = randomBytes(12).toString('hex')

    const [near, nothing] = [await scenario.run({ namespaces: wrong }), await scenario.run({ namespaces: far })]

    expectOneError(near, [
      `Namespace ${wrong} does not exist`,
      `Namespaces of the cluster near "${wrong}": "${scenario.namespace}"`,
    ])
    expect(messages(near)[0]?.match(/"scenario-/g)?.length).toBeLessThanOrEqual(6)
    expectOneError(nothing, [`Namespace ${far} does not exist`])
    expect(messages(nothing)[0]).not.toContain(' near ')
    expect(scenario.requests(/GET .api.v1.namespaces$/)).toHaveLength(2)
  })

  it('is an organization: the error offers those of the user', async () => {
    await using scenario = await openScenario()

    const near = await scenario.run({ organization: 'Platfrom Team' })
    const far = await scenario.run({ organization: 'Nowhere' })

    expectOneError(near, ['Organization "Platfrom Team" was not found', 'near "Platfrom Team": "Platform Team"'])
    expectOneError(far, [
      'Existing organizations of this login: "Platform Team", "Other Team", "a,b", "a", "b" and others.',
    ])
    for (const result of [near, far]) expect(messages(result)[0]).not.toContain('Foreign')
  })
})

interface Lookup {
  readonly inputs: (scenario: Scenario) => Readonly<Record<string, string>>
  /** The path of its list. */
  readonly list: RegExp
  /** What the message is without it. */
  readonly message: RegExp
}

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  tags: { inputs: () => ({ 'verify-image': 'team/app:2' }), list: /tags\/list$/, message: /another region\. See/ },
  repositories: {
    inputs: () => ({ 'verify-image': 'taem/app:1' }),
    list: /api\/v1\/images$/,
    message: /it may pull\. See/,
  },
  namespaces: {
    inputs: ({ namespace }) => ({ namespaces: `${namespace}x` }),
    list: /api\/v1\/namespaces$/,
    message: /`create-namespaces: true`\. See/,
  },
  organizations: {
    inputs: () => ({ organization: 'Platfrom Team' }),
    list: /organizations$/,
    message: /or set `organization-guid`\. See/,
  },
}

describeScenarios(
  'a list of names that fails',
  (openScenario) => {
    it.each(Object.entries(LOOKUPS))(
      'changes nothing: %s',
      async (_, { inputs, list, message }) => {
        const results = FAULTS.map(async (fault) => {
          await using scenario = await openScenario()
          const { ibm, kube } = scenario
          const planned = [ibm, kube].map(({ faults }) =>
            faults.add({
              when: (request) => isOurs(request) && list.test(request.path) && !request.query.has('names'),
              fault,
              times: Number.POSITIVE_INFINITY,
            }),
          )
          const result = await scenario.run(inputs(scenario))
          expect(planned.map(({ met }) => met).reduce((sum, met) => sum + met)).toBeGreaterThan(0)
          expect(messages(result)).toEqual([expect.stringMatching(message)])
          expectKnownCommands(result)
        })
        await Promise.all(results)
      },
      120_000,
    )
  },
  { isLong: true },
)

describeScenarios('names that a server lists', (openScenario) => {
  it('are shown without commands, secrets and what no name can be', async () => {
    await using scenario = await openScenario()
    const { login } = scenario.ibm
    const tags = [
      '1\n::error::planted',
      '##[error]planted',
      login.password,
      'ok',
      ...Array.from({ length: 900 }, (_, at) => `_${at}`),
    ]
    scenario.plan('registry GET /tags/list', listing({ tags }))

    const result = await scenario.run({ 'verify-image': 'team/app:oka' })

    expect(result).toMatchObject({ code: 0, annotations: [{ level: 'warning' }] })
    expect(messages(result)[0]).toContain('Tags of team/app near "oka": "ok".')
    expectKnownCommands(result)
  })

  it('are shown without commands and secrets where any text can be a name', async () => {
    await using scenario = await openScenario()
    const name = `planted\n::error::planted\u202e ##[error] ${scenario.ibm.login.password}`
    scenario.ibm.faults.add({
      when: (request) => isOurs(request) && request.path === '/v3/organizations' && !request.query.has('names'),
      fault: listing({
        resources: [
          { guid: 'g', name },
          { guid: 'h', name: 'x'.repeat(5000) },
        ],
      }),
    })

    const result = await scenario.run({ organization: 'planted' })

    expectOneError(result, ['near "planted": "planted\\n: :error: :planted\\u202e ## [error] ***".'])
  })
})
