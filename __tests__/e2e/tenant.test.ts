// A tenant may edit the secret of a target: whatever it records, no token of another team is revoked.
import { expect, it } from 'vitest'
import { signHs256 } from '../support/ibm/jwt.ts'
import { leaks } from '../support/secrecy.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

/** What a tenant writes in place of the credential of this action. */
interface Edit {
  /** Default: that of the scenario. */
  readonly namespace?: string
  readonly id: string
  readonly username: string
  readonly password: string
}

const rotate = { 'max-age': '0' }

describeScenarios('the edit of a tenant', (openScenario) => {
  it('does not revoke the token of another team: its id with a made-up token', async () => {
    await using scenario = await openScenario()
    await scenario.run()
    const theirs = scenario.ibm.mintToken({ description: 'another team' })
    const password = madeUpToken(scenario, theirs.id)
    await writeAsTenant(scenario, { id: theirs.id, username: 'token', password })
    scenario.forget()

    const rotated = await scenario.run(rotate)

    expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
    expect(scenario.ibm.liveTokens().map(({ id }) => id)).toContain(theirs.id)
    expect(scenario.requests(new RegExp(`^tokens DELETE .*${theirs.id}`))).toEqual([])
    expect(JSON.parse(rotated.outputs.revoked ?? '')).not.toContain(theirs.id)
    expect(await scenario.ibm.pullsWith('token', theirs.value, scenario.ibm.image)).toBe(200)
    expect(leaks(scenario, rotated)).toEqual([])
  })

  it('does not revoke the token of another team in a run that mints nothing', async () => {
    await using scenario = await openScenario()
    const namespace = await scenario.createNamespace()
    const inputs = { namespaces: `${scenario.namespace},${namespace}` }
    const first = await scenario.run(inputs)
    const theirs = scenario.ibm.mintToken({ description: 'another team' })
    const password = madeUpToken(scenario, theirs.id)
    await writeAsTenant(scenario, { namespace, id: theirs.id, username: 'token', password })
    scenario.forget()

    const second = await scenario.run(inputs)

    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(second.outputs).toMatchObject({ minted: 'false', 'token-id': first.outputs['token-id'], revoked: '[]' })
    expect(scenario.requests(/^tokens DELETE/)).toEqual([])
    expect(scenario.ibm.liveTokens().map(({ id }) => id)).toEqual([first.outputs['token-id'], theirs.id])
    expect(passwordIn(scenario, await scenario.secret(namespace))).toBe(first.outputs.token)
  })

  it.each(['..', '?secondaryOwner=', 'two words'])(
    'does not make the action send a request for "%s", which is not an id',
    async (id) => {
      await using scenario = await openScenario()
      await scenario.run()
      await writeAsTenant(scenario, { id, username: 'token', password: madeUpToken(scenario, id) })
      scenario.forget()

      const rotated = await scenario.run(rotate)

      expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
      const live = scenario.ibm.liveTokens().map((token) => token.id)
      expect(live).toContain(rotated.outputs['token-id'])
      // Revoking the token of the first run, which no secret holds any more, is not what this is about.
      expect(scenario.requests(/^\w+ DELETE (?!\/api\/v1\/tokens\/[0-9a-f-]{36}$)/)).toEqual([])
      expect(scenario.requests(/^tokens GET \/api\/v1\/tokens\//)).toEqual([])
    },
  )

  it('does not stop the rotation of an API key by a value that no header can contain', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run(scenario.ibmcloud)
    const id = outputs['token-id'] ?? ''
    await writeAsTenant(scenario, { id, username: 'iamapikey', password: 'two\nlines\0' })
    scenario.forget()

    const rotated = await scenario.run({ ...scenario.ibmcloud, ...rotate })

    expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
    expect(scenario.requests(/^iam .*\/details/)).toEqual([])
    expect(passwordIn(scenario, await scenario.secret())).toBe(rotated.outputs.token)
  })
})

/** The only place that knows how the secret records a credential. The request is one that any editor of Secrets may send. */
async function writeAsTenant(
  { kube, ibm, namespace: own }: Scenario,
  { namespace = own, id, username, password }: Edit,
): Promise<void> {
  const config = { auths: { [ibm.registryHost]: { username, password } } }
  const change = {
    metadata: {
      annotations: {
        'registry-pull-secret/token-id': id,
        'registry-pull-secret/minted-at': new Date().toISOString(),
      },
    },
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') },
  }
  const merge = { 'content-type': 'application/merge-patch+json' }
  const { status } = await kube.request('PATCH', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`, change, merge)
  expect(status).toBe(200)
}

/** Not signed by the registry, which only the registry can tell. */
function madeUpToken({ ibm }: Scenario, jti: string): string {
  return signHs256({ jti, iss: ibm.registryHost }, 'made up')
}

// biome-ignore lint/suspicious/noExplicitAny: a secret as the API server has it
function passwordIn({ ibm }: Scenario, { data }: any): string {
  return JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).auths[ibm.registryHost].password
}
