// No secret that a server repeats is shown, in whatever encoding; and only secrets are masked.
import { dump, load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { ENCODINGS, remainsOf } from '../support/encodings.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { signHs256 } from '../support/ibm/jwt.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { shownBy } from '../support/shown-by.ts'
import { describeScenarios, type Scenario, SECRET, type StepRequest } from './harness.ts'
import { editSecret } from './tenant.ts'

/** Each encoding changes something of it. */
const PASSWORD = `Zq7<w&"4 %+~!x\\9'Ω-k3/=Rv8  Jt(5)*m\u{1F511}`

describeScenarios(
  'secrets in a cluster',
  (openScenario) => {
    describe('a secret', () => {
      it.each<[StepRequest, (scenario: Scenario) => Readonly<Record<string, string>>]>([
        ['uaa POST', () => ({ password: PASSWORD })],
        ['realm GET', (scenario) => provided(scenario, PASSWORD)],
      ])('is not shown, in whatever encoding a server repeats it: %s', async (which, inputs) => {
        await using scenario = await openScenario()
        for (const body of [JSON.stringify({ message: repeated(PASSWORD) }), `<html><b>${repeated(PASSWORD)}</b>`]) {
          const planned = scenario.plan(which, { kind: 'status', status: 403, body }, 1)

          const result = await scenario.run(inputs(scenario))

          expect(result.code).toBe(1)
          expect(planned.met).toBe(1)
          expect(result.annotations[0]?.message).toContain('***')
          expectHidden(result, PASSWORD)
        }
      })

      it('of the cluster is not shown, in whatever encoding its API server repeats it', async () => {
        await using scenario = await openScenario()
        const kept = 'k>ept&-by <others>'
        await createSecret(scenario, {
          'kept.example.com': { username: 'jo', password: kept, auth: btoa(`jo:${kept}`) },
        })
        const secrets = () => [
          scenario.kube.adminToken,
          kept,
          btoa(`jo:${kept}`),
          scenario.ibm.tokens().at(-1)?.value ?? '',
        ]
        scenario.plan('kubernetes PATCH apply', {
          kind: 'status',
          status: 403,
          get body() {
            return JSON.stringify({ message: secrets().map(repeated).join(' ') })
          },
        })

        const result = await scenario.run({ adopt: 'true' })

        expect(result.code).toBe(1)
        expect(result.annotations[0]?.message).toContain('***')
        for (const secret of secrets()) expectHidden(result, secret)
      })

      it('is the user name where that is a JWT, and not the password `none`', async () => {
        await using scenario = await openScenario()
        const jwt = signHs256({ jti: 'subscription', exp: 4e9 }, 'secret')
        scenario.plan('realm GET', { kind: 'status', status: 403, body: JSON.stringify({ message: repeated(jwt) }) })

        const result = await scenario.run({ ...provided(scenario, 'none'), 'docker-username': jwt })

        expect(result).toMatchObject({ code: 1, annotations: [{ message: expect.stringContaining('***') }] })
        expectHidden(result, jwt)
        expect(result.masks).toContain(jwt)
        expect(result.masks).not.toContain('none')
      })

      it('of several lines is masked as a whole: neither its braces nor its private key are shown', async () => {
        await using scenario = await openScenario()
        const key = JSON.stringify({ type: 'service_account', private_key: 'Qx9/+\nWz7==\n' }, undefined, 2)
        const body = `<html>\n${key}\n<pre>${key.replaceAll('\n', ' ')}</pre> ${repeated(key)}`
        scenario.plan('realm GET', { kind: 'status', status: 403, body })

        const result = await scenario.run({ ...provided(scenario, key), 'docker-username': '_json_key' })

        expect(result.code).toBe(1)
        expect(Object.values(shownBy(result)).join()).not.toContain('Qx9/')
        for (const line of key.split('\n')) expect(result.masks).not.toContain(line.trim())
      })

      it.each(['e\na\no', 'kube', 'unchanged', SECRET])('is not what someone stores: %j', async (stored) => {
        await using scenario = await openScenario()
        await scenario.run()
        await editSecret(scenario, scenario.namespace, { login: { username: 'token', password: stored } })

        const result = await scenario.run()

        expect(result).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', changed: 'true' } })
        expectUnmasked(scenario, result)
        expect(result.masks).not.toContain(stored)
        const [token] = scenario.ibm.liveTokens().slice(-1)
        expect(result.outputs).toMatchObject({ 'token-id': token?.id, token: token?.value })
      })

      it('is not what a token server returns as token: one letter', async () => {
        await using scenario = await openScenario()
        await scenario.run()
        scenario.plan('realm GET', { kind: 'status', status: 200, body: JSON.stringify({ token: 'e' }) })

        const result = await scenario.run()

        expect(result.masks).not.toContain('e')
        expect(result.log).toContain('registry')
      })

      it('is not the public client secret in a kubeconfig of IBM', async () => {
        await using scenario = await openScenario()
        // biome-ignore lint/suspicious/noExplicitAny: a kubeconfig
        const config = load(scenario.inputs.kubeconfig ?? '') as any
        for (const name of ['kube', 'bx']) {
          const provider = { 'client-id': name, 'client-secret': name, 'id-token': '', 'refresh-token': '' }
          config.users.push({ name: `jo-${name}`, user: { 'auth-provider': { name: 'oidc', config: provider } } })
        }

        const result = await scenario.run({ kubeconfig: dump(config) })

        expect(result).toMatchObject({ code: 0, annotations: [] })
        expectUnmasked(scenario, result)
        for (const name of ['kube', 'bx']) expect(result.masks).not.toContain(name)
      })
    })

    describe('the annotation of kubectl apply', () => {
      it('is removed from an adopted secret, and again where it comes back: it holds the old password', async () => {
        await using scenario = await openScenario()
        const { kube, namespace, ibm } = scenario
        const old = { username: 'token', password: 'q7Zk-old-Vx4w', auth: btoa('token:q7Zk-old-Vx4w') }
        const annotation = await createSecret(scenario, { [ibm.registryHost]: old }, 'kubectl-client-side-apply')
        const before = (await scenario.secret()).metadata.resourceVersion

        const planned = await scenario.run({ adopt: 'true', 'dry-run': 'true' })
        expect(planned).toMatchObject({ code: 0, annotations: [] })
        expect(planned.summary).toContain('Would remove the annotation')
        expect((await scenario.secret()).metadata.resourceVersion).toBe(before)
        expect(scenario.requests(/^kubernetes PATCH/)).toHaveLength(1)

        const adopted = await scenario.run({ adopt: 'true' })
        expect(adopted).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true', revoked: '[]' } })
        for (const text of [adopted.log, adopted.summary]) {
          expect(text).toContain(
            `Took over the secret in ${kube.name}: ${namespace}. This action did not mint the credential`,
          )
          expect(text).toContain('revoke it where it was issued.')
        }
        expect(JSON.stringify(await scenario.secret())).not.toContain(
          Buffer.from('q7Zk-old-Vx4w').toString('base64').slice(0, 16),
        )
        expect((await scenario.secret()).metadata.annotations).not.toHaveProperty([LAST_APPLIED])

        scenario.forget()
        const reused = await scenario.run()
        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false', minted: 'false' } })
        expect(scenario.requests(/^kubernetes PATCH/)).toEqual([])
        expect(reused.summary).not.toContain('annotation')

        await editSecret(scenario, namespace, { annotations: { [LAST_APPLIED]: annotation } })
        scenario.plan(
          'kubernetes PATCH merge',
          { kind: 'status', status: 409, body: JSON.stringify({ reason: 'Conflict' }) },
          1,
        )
        const cleaned = await scenario.run()
        expect(cleaned).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true', minted: 'false' } })
        expect(cleaned.log).toContain('It held a copy of an earlier credential')
        expect((await scenario.secret()).metadata.annotations).not.toHaveProperty([LAST_APPLIED])
        expect(await scenario.secret()).toMatchObject({
          metadata: { labels: { 'app.kubernetes.io/managed-by': MANAGER } },
        })

        for (const result of [planned, adopted, reused, cleaned]) {
          expectHidden(result, 'q7Zk-old-Vx4w')
        }
      })
    })
  },
  { isLong: true },
)

const MANAGER = 'registry-pull-secret'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** @returns what `kubectl apply` records of it */
async function createSecret({ kube, namespace }: Scenario, auths: object, manager = 'kubectl-create'): Promise<string> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { annotations: {}, name: SECRET, namespace },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  }
  const applied = `${JSON.stringify(secret)}\n`
  const annotations = manager === 'kubectl-create' ? {} : { [LAST_APPLIED]: applied }
  const path = `/api/v1/namespaces/${namespace}/secrets?fieldManager=${manager}`
  const created = await kube.request('POST', path, { ...secret, metadata: { ...secret.metadata, annotations } })
  expect(created).toMatchObject({ status: 201 })
  return applied
}

/** A text with the secret in each encoding. */
function repeated(secret: string): string {
  return Object.values(ENCODINGS)
    .map((encode) => encode(secret))
    .join(' | ')
}

function expectHidden(result: StepResult, secret: string): void {
  const text = Object.values(shownBy(result)).join('\n')
  const remains = Object.entries(ENCODINGS).flatMap(([name, encode]) =>
    remainsOf(secret, encode(secret), text).map((part) => `${name}: ${part}`),
  )
  expect(remains).toEqual([])
}

/** Neither the log nor an output loses a part to a mask. */
function expectUnmasked({ kube, namespace }: Scenario, { log, masks, outputs }: StepResult): void {
  expect(log).toContain(`Secret ${namespace}/${SECRET} in cluster ${kube.name}: `)
  expect(log).not.toContain('***')
  for (const value of masks) {
    expect(outputs.targets).not.toContain(value)
    expect(outputs['token-id']).not.toContain(value)
  }
}

function provided({ ibm }: Scenario, password: string): Record<string, string> {
  return { ...staticInputs(ibm, password), 'docker-username': 'jo', 'verify-image': '' }
}
