// Tokens that a run could not revoke: each later run names them and tries again, also one that reuses.
import { describe, expect, it } from 'vitest'
import { grant } from '../support/grant.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { describeScenarios, type Scenario, SECRET, type StepRequest } from './harness.ts'
import { interrupt } from './interrupt.ts'
import { expectFinished, reuse, rotate, withNamespaces } from './step.ts'

const LOGIN = /^(uaa|iam|cf|tokens) /

const secretPath = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets/${SECRET}`

/** What a run reports about a token that is alive in addition to the one in use, and of which it sees no holder. */
function expectAlive({ outputs, annotations }: StepResult, id: string | undefined) {
  expect(outputs).toMatchObject({ revoked: '[]', unrevoked: JSON.stringify([id]) })
  expectWarning(annotations, id)
}

function expectWarning(annotations: StepResult['annotations'], id: string | undefined) {
  expect(annotations.filter(({ level }) => level === 'warning')).toMatchObject([
    { message: expect.stringContaining(`${id} (`), properties: { title: 'Token still alive' } },
  ])
}

/** Grants a permission in the whole cluster to the user of that name. */
async function grantEverywhere({ kube }: Scenario, user: string, rule: { resources: string[]; verbs: string[] }) {
  const [name] = [`${user}-${rule.verbs}-${rule.resources}`]
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  await kube.request('POST', `${rbac}/clusterroles`, { metadata: { name }, rules: [{ apiGroups: [''], ...rule }] })
  const binding = {
    metadata: { name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: user }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  }
  expect((await kube.request('POST', `${rbac}/clusterrolebindings`, binding)).status).toBe(201)
}

describeScenarios(
  'a token that stays alive',
  (openScenario) => {
    describe('a token that a run could not revoke because a new namespace failed', () => {
      it('is named until the user may list all secrets, and revoked then', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 3)
        const [first, second, added = ''] = step.namespaces
        const user = `user-${scenario.namespace}`
        const kubeconfig = scenario.kube.kubeconfig({ token: await scenario.kube.createToken(user) })
        await grantEverywhere(scenario, user, { resources: ['namespaces'], verbs: ['get'] })
        const rule = { resources: ['secrets'], verbs: ['get', 'create', 'patch'] }
        for (const namespace of step.namespaces) await grant(scenario.kube, namespace, user, rule)
        const run = (more: object) => step.run({ kubeconfig, ...more })
        const { outputs } = await run({ namespaces: `${first},${second}` })
        const id = outputs['token-id']
        await scenario.kube.request('POST', `/api/v1/namespaces/${added}/secrets`, { metadata: { name: SECRET } })

        const failed = await run(rotate)
        expect(failed.code).toBe(1)
        expect(failed.annotations).toContainEqual({
          level: 'error',
          message: expect.stringContaining(`Secret ${added}/${SECRET}`),
          properties: { title: 'Secret not managed' },
        })
        expectAlive(failed, id)

        await scenario.kube.request('DELETE', secretPath(added))
        const repaired = await run(reuse)
        expect(repaired).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'true' } })
        expectAlive(repaired, id)

        const rotated = await run(rotate)
        expect(rotated.code).toBe(0)
        expect(rotated.outputs).toMatchObject({
          revoked: JSON.stringify([repaired.outputs['token-id']]),
          unrevoked: JSON.stringify([id]),
        })
        expectWarning(rotated.annotations, id)

        const reused = await run(reuse)
        expect(reused).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
        expectAlive(reused, id)

        await grantEverywhere(scenario, user, { resources: ['secrets'], verbs: ['list'] })
        const last = await run(reuse)
        expect(last).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: `["${id}"]` } })
        await expectFinished(step, last)
      })

      it('is revoked by the run that finds the namespace repaired, when the user may list all secrets', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 3)
        const [first, second, added] = step.namespaces
        const { outputs } = await step.run({ namespaces: `${first},${second}` })
        const down = scenario.plan(`kubernetes GET /namespaces/${added}/`, {
          kind: 'status',
          status: 503,
          body: 'down',
        })

        const failed = await step.run(rotate)
        expect(failed.code).toBe(1)
        expect(down.met).toBeGreaterThan(0)
        expectAlive(failed, outputs['token-id'])
        const again = await step.run(reuse)
        expect(again.code).toBe(1)
        expectAlive(again, outputs['token-id'])

        scenario.kube.faults.clear()
        const repaired = await step.run(reuse)
        expect(repaired).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'true' } })
        expect(repaired.outputs.revoked).toBe(`["${outputs['token-id']}"]`)
        await expectFinished(step, repaired)
      })
    })

    describe('a token that an unlisted namespace holds', () => {
      it('is named without a warning and without a login, and revoked when its last secret is deleted', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 1)
        const other = await scenario.createNamespace()
        const { outputs } = await step.run({ namespaces: `${scenario.namespace},${other}` })
        const unrevoked = `["${outputs['token-id']}"]`

        const rotated = await step.run(rotate)
        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { revoked: '[]', unrevoked } })
        scenario.forget()
        const reused = await step.run(reuse)
        expect(reused).toMatchObject({
          code: 0,
          annotations: [],
          outputs: { changed: 'false', revoked: '[]', unrevoked },
        })
        expect(scenario.requests(LOGIN)).toEqual([])
        const again = await step.run(rotate)
        expect(again.outputs).toMatchObject({ revoked: `["${rotated.outputs['token-id']}"]`, unrevoked })
        expect(again).toMatchObject({ code: 0, annotations: [] })

        await scenario.kube.request('DELETE', secretPath(other))
        const last = await step.run(reuse)
        expect(last).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: unrevoked } })
        await expectFinished(step, last)

        // Nothing names it any more.
        scenario.forget()
        await expectFinished(step, await step.run(reuse))
        expect(scenario.requests(LOGIN)).toEqual([])
      })
    })

    describe('a token that a failed namespace holds', () => {
      it('is named also after the namespace was taken off the list, and revoked when its secret is deleted', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 1)
        const other = await scenario.createNamespace()
        const both = { namespaces: `${scenario.namespace},${other}` }
        const { outputs } = await step.run(both)
        const unrevoked = `["${outputs['token-id']}"]`
        scenario.plan(`kubernetes PATCH /namespaces/${other}/`, { kind: 'status', status: 403, body: '{}' })

        expect(await step.run({ ...both, ...rotate })).toMatchObject({ code: 1, outputs: { revoked: '[]', unrevoked } })
        scenario.kube.faults.clear()
        scenario.forget()
        const narrowed = await step.run(reuse)
        expect(narrowed).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', unrevoked } })
        expect(scenario.requests(LOGIN)).toEqual([])

        await scenario.kube.request('DELETE', secretPath(other))
        const last = await step.run(reuse)
        expect(last).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: unrevoked } })
        await expectFinished(step, last)
      })

      it('is revoked by the run that finds the namespace repaired', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        const { outputs } = await step.run({})
        scenario.plan(`kubernetes PATCH /namespaces/${step.namespaces[1]}/`, {
          kind: 'status',
          status: 403,
          body: '{}',
        })
        expect((await step.run(rotate)).code).toBe(1)
        scenario.kube.faults.clear()

        const repaired = await step.run(reuse)

        expect(repaired).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'true' } })
        expect(repaired.outputs.revoked).toBe(`["${outputs['token-id']}"]`)
        await expectFinished(step, repaired)
      })
    })

    describe('a revocation that failed', () => {
      it.each<[string, 'dedicated' | 'ibmcloud', StepRequest]>([
        ['refuses it', 'dedicated', 'tokens DELETE'],
        ['does not list its tokens', 'dedicated', 'tokens GET'],
        ['refuses it', 'ibmcloud', 'iam DELETE'],
        ['does not list its keys', 'ibmcloud', 'iam GET'],
      ])('because the issuer %s (%s) is tried again by the next run, which reuses', async (_, provider, request) => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2, provider)
        const { outputs } = await step.run({})
        const id = outputs['token-id']
        scenario.plan(request, { kind: 'status', status: 403, body: '{}' })

        const refused = await step.run(rotate)
        expect(refused).toMatchObject({ code: 1, outputs: { revoked: '[]', unrevoked: `["${id}"]` } })
        scenario.ibm.faults.clear()

        const next = await step.run(reuse)
        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: `["${id}"]` } })
        await expectFinished(step, next)
      })

      it('because a key is locked is tried again by each run until it is unlocked', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2, 'ibmcloud')
        const { outputs } = await step.run({})
        const id = outputs['token-id'] ?? ''
        scenario.ibm.lockKey(id)

        const runs = [await step.run(rotate), await step.run(reuse), await step.run(reuse)]
        for (const { outputs, annotations } of runs) {
          expect(outputs).toMatchObject({ revoked: '[]', unrevoked: `["${id}"]` })
          expect(annotations).toMatchObject([{ message: expect.stringContaining('the key is locked. Unlock it') }])
        }

        scenario.ibm.unlockKey(id)
        const last = await step.run(reuse)
        expect(last).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: `["${id}"]` } })
        await expectFinished(step, last)
      })

      it('by a run that was killed is no error of a run that reuses and cannot log in', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        const { outputs } = await step.run({})
        const moment = { request: 'tokens DELETE', fault: { kind: 'hang' } } as const
        await interrupt(scenario, moment, 'SIGKILL', { ...step.inputs, ...rotate })

        const reused = await step.run({ ...reuse, password: 'wrong' })
        expect(reused).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
        expectAlive(reused, outputs['token-id'])

        const next = await step.run(reuse)
        expect(next).toMatchObject({ code: 0, annotations: [] })
        await expectFinished(step, next)
      })
    })
  },
  { onlyOnReal: true },
)
