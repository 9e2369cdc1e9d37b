// What is in namespaces that are no targets must not stop a run.
import { expect, it } from 'vitest'
import type { RecordedRequest } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { describeScenarios, isOurs, type Scenario, SECRET } from './harness.ts'

/** The annotations of an object: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const ANNOTATIONS_BYTES = 256 * 1024
/** A Secret of 1 MiB in base64: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size */
const SECRET_BYTES = 1.4 * 1024 * 1024

const LISTS = ['/api/v1/secrets', '/api/v1/namespaces', '/api/v1/serviceaccounts']

const createNamespaces = async ({ createNamespace }: Scenario, count: number) =>
  await Promise.all(Array.from({ length: count }, createNamespace))

/** A rotation without the last of the namespaces, which still needs the old token. Only a list shows that. */
const rotationWithoutLast = (namespaces: readonly string[]) => ({
  namespaces: namespaces.slice(0, -1).join(),
  'max-age': '0s',
})

/** Injects a fault into the lists of the whole cluster. */
function planLists({ kube }: Scenario, fault: Fault, isMeant: (request: RecordedRequest) => boolean = () => true) {
  const when = (request: RecordedRequest) => isOurs(request) && LISTS.includes(request.path) && isMeant(request)
  return kube.faults.add({ when, fault, times: Number.POSITIVE_INFINITY })
}

/** Secrets of others: with the label of this action in one namespace, with the name of the pull secret in many. */
async function createForeignSecrets(scenario: Scenario): Promise<void> {
  const labels = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }
  const create = async (namespace: string, name: string, metadata: object = {}) => {
    const secret = { metadata: { ...metadata, name } }
    await scenario.kube.request('POST', `/api/v1/namespaces/${namespace}/secrets`, secret)
  }
  const [one = '', ...many] = await createNamespaces(scenario, 51)
  const large = Array.from({ length: 272 }, (_, index) => () => create(one, `large-${index}`, { labels }))
  const queue = [...large, ...many.map((namespace) => () => create(namespace, SECRET))].values()
  const worker = async () => {
    for (const next of queue) await next()
  }
  await Promise.all(Array.from({ length: CREATED_AT_A_TIME }, worker))
}

/** Each connection of the administrator is new: a busy server does not accept hundreds at once. */
const CREATED_AT_A_TIME = 10

const limitsOf = ({ kube }: Scenario, selector: string) =>
  kube.journal.filter(({ query }) => query.has(selector)).map(({ query }) => Number(query.get('limit')))

const resultsOf = ({ targets = '' }: StepResult['outputs']): string[] =>
  JSON.parse(targets).map(({ result }: { result: string }) => result)

describeScenarios(
  'a run among other namespaces',
  (openScenario) => {
    it('reads lists of more than 64 MiB in smaller pages', async () => {
      await using scenario = await openScenario()
      const namespaces = await createNamespaces(scenario, 10)
      const first = await scenario.run({ namespaces: namespaces.join() })
      await createForeignSecrets(scenario)
      planLists(scenario, { kind: 'inflate', bytes: ANNOTATIONS_BYTES }, ({ query }) => query.has('labelSelector'))
      planLists(scenario, { kind: 'inflate', bytes: SECRET_BYTES }, ({ query }) => query.has('fieldSelector'))
      scenario.forget()

      const { code, annotations, log, outputs } = await scenario.run(rotationWithoutLast(namespaces))

      expect({ code, annotations }).toEqual({ code: 0, annotations: [] })
      expect(resultsOf(outputs)).toEqual(Array(9).fill('updated'))
      expect(log.match(/larger than 64 MiB; trying again with 50 objects at a time$/gm)).toHaveLength(2)
      const [before, last] = [first.outputs['token-id'], namespaces.at(-1)]
      expect(log).toMatch(
        new RegExp(`^Kept old token ${before}: Secret \\S+ ${last}/${SECRET} still holds it\\.$`, 'm'),
      )
      expect(limitsOf(scenario, 'labelSelector')).toEqual([500, 50, 100, 200])
      expect(limitsOf(scenario, 'fieldSelector')).toEqual([500, 50, 5, 10, 20, 40])
    })

    it('serves its targets one by one when no list of the cluster can be read', async () => {
      await using scenario = await openScenario()
      const namespaces = await createNamespaces(scenario, 10)
      const inputs = { 'service-accounts': 'default' }
      const first = await scenario.run({ ...inputs, namespaces: namespaces.join() })
      const fault = { kind: 'status', status: 501, body: '{"message":"one object cannot be decrypted"}' } as const
      const planned = planLists(scenario, fault)

      const second = await scenario.run({ ...inputs, namespaces: namespaces.join(), 'max-age': '0s' })

      expect(second).toMatchObject({ code: 0, annotations: [] })
      expect(resultsOf(second.outputs)).toEqual(Array(10).fill('updated'))
      expect(second.log).toMatch(/ decrypted; reading the targets one by one$/m)
      // The targets are read back one by one as well.
      expect(second.log).toContain(`\nRevoked token ${first.outputs['token-id']}: `)

      const third = await scenario.run({ ...inputs, ...rotationWithoutLast(namespaces) })

      expect(third).toMatchObject({
        code: 0,
        annotations: [{ level: 'warning', properties: { title: 'Token still alive' } }],
      })
      expect(third.log).toMatch(
        /^Could not list the secrets of registry-pull-secret .*; continuing without this list$/m,
      )
      expect(third.log).toMatch(
        new RegExp(
          `^Kept old token ${second.outputs['token-id']}: .* this run cannot see whether they still hold it`,
          'm',
        ),
      )
      expect(planned.met).toBeGreaterThan(0)
    })
  },
  { onlyOnReal: true, ownServers: true },
)
