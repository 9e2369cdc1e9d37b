// What one target holds, or a client that changes it all the time, must not stop the other targets.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { staticInputs } from '../support/ibm/inputs.ts'
import { otherOrganization } from '../support/ibm/organizations.ts'
import { recordsOf } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { knownSecrets } from '../support/secrecy/known-secrets.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'
import { editSecret, expectServed, expectUntouched, liveIds, openTenancy, presented, type Tenancy } from './tenant.ts'

const rotate = { 'max-age': '0' }
/** So many bytes fit into the annotations of an object: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const MAX_ANNOTATIONS_BYTES = 256 * 1024

const PLACES = ['first', 'last'] as const

describeScenarios(
  'a target that a tenant changes',
  (openScenario) => {
    describe('a target of a tenant', () => {
      it.each(PLACES)('fails alone where its record names another owner, as the %s one', async (place) => {
        await using tenancy = await openTenancy(openScenario, { place })
        const { scenario, inputs, tenant, others, first } = tenancy
        await editSecret(scenario, tenant, { record: { repository: 'evil/repo', run: 'https://example.com/1' } })
        const before = await scenario.secret(tenant)

        for (const [run, minted] of [
          [{}, 'false'],
          [rotate, 'true'],
        ] as const) {
          const result = await scenario.run({ ...inputs, ...run })

          expect(result.code).toBe(1)
          expectOnlyFailed(tenancy, result, 'Host owner conflict')
          const owner = 'that `provider: dedicated` of evil/repo keeps, last run: https://example.com/1.'
          expect(result.annotations[0]?.message).toContain(owner)
          expect(result.outputs).toMatchObject({ minted, revoked: '[]' })
          await expectServed(scenario, others, result)
          expect(await scenario.secret(tenant)).toEqual(before)
          // It may still use what it held.
          expect(liveIds(scenario)).toContain(first.outputs['token-id'])
        }
      })

      it.each([
        { size: 250_000, run: {} },
        { size: 250_000, run: rotate },
        { size: 60_000, run: {} },
        { size: 60_000, run: rotate },
      ])('is written, and so are the others, with a record of $size bytes: $run', async ({ size, run }) => {
        await using tenancy = await openTenancy(openScenario, { place: 'first' })
        const { scenario, inputs, tenant, others } = tenancy
        await editSecret(scenario, tenant, { record: await largeRecord(tenancy, size) })

        const result = await scenario.run({ ...inputs, ...run })

        expect(result).toMatchObject({ code: 0, annotations: [] })
        await expectServed(scenario, [...others, tenant], result)
        for (const namespace of [...others, tenant]) {
          expect(recordsOf(await scenario.secret(namespace))[0]).not.toHaveProperty('retained')
        }
        expect(liveIds(scenario)).toEqual([result.outputs['token-id']])
      })

      it.each(PLACES)('fails alone where no annotation fits in, as the %s one', async (place) => {
        await using tenancy = await openTenancy(openScenario, { place })
        const { scenario, inputs, tenant, others, first } = tenancy
        await fillAnnotations(scenario, tenant)

        expect(await scenario.run(inputs)).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
        const rotated = await scenario.run({ ...inputs, ...rotate, annotations: 'team=payments' })

        expect(rotated.code).toBe(1)
        expectOnlyFailed(tenancy, rotated, 'Cluster rejected')
        expect(rotated.annotations[0]?.message).toContain('returned 422')
        expect(rotated.outputs).toMatchObject({ minted: 'true', revoked: '[]' })
        expect(rotated.outputs.unrevoked).toBe(`["${first.outputs['token-id']}"]`)
        await expectServed(scenario, others, rotated)
        expect(await scenario.ibm.pullsWith('token', first.outputs.token ?? '')).toBe(200)
      })

      it.each(PLACES)(
        'cannot record where else the stored token goes, as the %s one: the others get a new one',
        async (place) => {
          await using tenancy = await openTenancy(openScenario, { place })
          const { scenario, inputs, tenant, others, first } = tenancy
          await fillAnnotations(scenario, tenant)
          const added = await scenario.createNamespace()
          const step = { ...inputs, namespaces: `${inputs.namespaces},${added}` }

          const widened = await scenario.run(step)

          expect(widened.code).toBe(1)
          expectOnlyFailed(tenancy, widened, 'Cluster rejected')
          expect(widened.outputs).toMatchObject({ minted: 'true', revoked: '[]' })
          expect(widened.outputs.unrevoked).toBe(`["${first.outputs['token-id']}"]`)
          await expectServed(scenario, [...others, added], widened, { isFinished: false })

          const next = await scenario.run(step)

          expect(next).toMatchObject({ code: 1, outputs: { minted: 'false', token: widened.outputs.token } })
          expectOnlyFailed(tenancy, next, 'Cluster rejected')
          expect(await scenario.ibm.pullsWith('token', first.outputs.token ?? '')).toBe(200)
        },
      )

      it.each(PLACES)(
        'holds a token that may not pull `verify-image`: the next stored one is reused, as the %s one',
        async (place) => {
          await using tenancy = await openTenancy(openScenario, { place })
          const { scenario, inputs, tenant, others, first } = tenancy
          const theirs = scenario.ibm.mintToken({ organization: otherOrganization.guid })
          await editSecret(scenario, tenant, presented(theirs))

          const reused = await scenario.run(inputs)

          expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: '[]' } })
          expect(reused.outputs.token).toBe(first.outputs.token)
          expect(reused.log).toMatch(new RegExp(`^Skipped stored token ${theirs.id}: its issuer does not confirm`, 'm'))
          await expectServed(scenario, [...others, tenant], reused)
          expectUntouched(scenario, [theirs], reused)
        },
      )

      it.each(['dedicated', 'ibmcloud'])(
        'holds a value that no header can contain, with provider: %s',
        async (provider) => {
          const isKey = provider === 'ibmcloud'
          await using tenancy = await openTenancy(openScenario, { inputs: ({ ibmcloud }) => (isKey ? ibmcloud : {}) })
          const { scenario, inputs, tenant, others, first } = tenancy
          const edit = presented(
            { id: first.outputs['token-id'] ?? '', value: 'two\nlines\0\u{1f512}' },
            isKey ? 'iamapikey' : 'token',
          )
          await editSecret(scenario, tenant, edit)

          const reused = await scenario.run(inputs)

          expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', revoked: '[]' } })
          expect(reused.outputs.token).toBe(first.outputs.token)
          await expectServed(scenario, [...others, tenant], reused)

          await editSecret(scenario, tenant, edit)
          const rotated = await scenario.run({ ...inputs, ...rotate })

          expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
          expect(rotated.outputs.revoked).toBe(`["${first.outputs['token-id']}"]`)
          await expectServed(scenario, [...others, tenant], rotated)
          expect(liveIds(scenario)).toEqual([rotated.outputs['token-id']])
        },
      )

      it('holds a value that is a part of the JSON of an output', async () => {
        await using tenancy = await openTenancy(openScenario)
        const { scenario, inputs, tenant, others } = tenancy
        const value = '","namespace":"'
        knownSecrets.allow(value, 'it is a part of the JSON of an output')
        await editSecret(scenario, tenant, presented({ id: 'made-up', value }))

        const reused = await scenario.run(inputs)

        expect(reused).toMatchObject({ code: 0, outputs: { minted: 'false' } })
        const targets: { namespace: string }[] = JSON.parse(reused.outputs.targets ?? '')
        expect(targets.map(({ namespace }) => namespace).sort()).toEqual([...others, tenant].sort())
        await expectServed(scenario, [...others, tenant], reused)
      })
    })

    describe('a client that changes a target all the time', () => {
      const clients: Readonly<Record<string, (tenancy: Tenancy, count: number) => Promise<void>>> = {
        'records a newer token': ({ scenario, tenant }, count) =>
          editSecret(scenario, tenant, { record: { id: `made-up-${count}`, 'minted-at': soon() } }),
        'writes back an old secret as a newer one': ({ scenario, tenant, first }, count) =>
          editSecret(scenario, tenant, {
            record: {
              id: count % 2 === 0 ? `made-up-${count}` : (first.outputs['token-id'] ?? ''),
              'minted-at': soon(),
            },
            login: { username: 'token', password: first.outputs.token ?? '' },
          }),
        'removes the annotation of the rotation': async ({ scenario, tenant }) => {
          const path = `/api/v1/namespaces/${tenant}/secrets/${SECRET}`
          const change = { metadata: { annotations: { 'registry-pull-secret/pending': null } } }
          await scenario.kube.request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })
        },
        'removes that annotation and the value': ({ scenario, tenant }) =>
          editSecret(scenario, tenant, {
            annotations: { 'registry-pull-secret/pending': null },
            login: { username: 'token', password: 'x' },
          }),
      }
      const cases = Object.keys(clients).flatMap((client) => PLACES.map((place) => ({ client, place })))

      it.each(cases)('does not stop the others: it $client, as the $place one', async ({ client, place }) => {
        await using tenancy = await openTenancy(openScenario, { place })
        const { scenario, inputs, tenant, others, first } = tenancy
        const theirs = scenario.ibm.mintToken({ description: 'another team' })
        // Time for the client between the mint and the first write.
        scenario.plan('realm GET', { kind: 'delay', ms: 200 })

        const rotated = await whileChanging(
          (count) => clients[client]?.(tenancy, count),
          () => scenario.run({ ...inputs, ...rotate }),
        )

        expect(rotated.outputs).toMatchObject({ minted: 'true' })
        expect(rotated.outputs.token).not.toBe(first.outputs.token)
        const isFinished = rotated.code === 0
        await expectServed(scenario, others, rotated, { isFinished })
        expectUntouched(scenario, [theirs], rotated)
        if (!isFinished) expectOnlyFailed(tenancy, rotated, /^Secret (keeps changing|changed after write)$/)
        expect(liveIds(scenario)).toContain(rotated.outputs['token-id'])
        // When it stops, the next run finishes the work.
        scenario.ibm.faults.clear()
        const next = await scenario.run(inputs)
        expect(next).toMatchObject({ code: 0, annotations: [] })
        expect(next.outputs).toMatchObject({ minted: 'false', 'token-id': rotated.outputs['token-id'] })
        await expectServed(scenario, [...others, tenant], next)
        expect(liveIds(scenario)).toEqual([theirs.id, rotated.outputs['token-id']].sort())
      })

      it('gives no other credential to a step that provides its own', async () => {
        const password = ({ ibm }: Scenario) => ibm.mintToken({ description: 'provided' }).value
        await using tenancy = await openTenancy(openScenario, {
          inputs: (scenario) => staticInputs(scenario.ibm, password(scenario)),
        })
        const { scenario, inputs, tenant, others, first } = tenancy
        const theirs = scenario.ibm.mintToken({ description: 'of the tenant' })

        const next = { ...inputs, ...staticInputs(scenario.ibm, password(scenario)) }
        const result = await whileChanging(
          (count) =>
            editSecret(scenario, tenant, {
              record: { id: `provided-${count}`, 'minted-at': soon() },
              login: { username: 'token', password: theirs.value },
            }),
          () => scenario.run(next),
        )

        expect(result.outputs.token).toBe(next['docker-password'])
        expect(result.outputs.token).not.toBe(first.outputs.token)
        await expectServed(scenario, others, result)
        expectUntouched(scenario, [theirs], result)
        if (result.code !== 0) expectOnlyFailed(tenancy, result, 'Secret keeps changing')
      })
    })
  },
  { onlyOnReal: true },
)

/** Within the difference that the clocks of two runners may have. */
function soon(): string {
  return new Date(Date.now() + 5 * 60_000).toISOString()
}

/** Far less than lies between two writes of a run, and the machine has other things to do. */
const CHANGE_INTERVAL_MS = 5

async function whileChanging<T>(
  change: (count: number) => Promise<void> | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let isOver = false
  const changes = (async () => {
    let count = 0
    for (; !isOver; count++) {
      await change(count)
      await sleep(CHANGE_INTERVAL_MS)
    }
    return count
  })()
  try {
    return await work()
  } finally {
    isOver = true
    expect(await changes).toBeGreaterThan(10)
  }
}

/** The errors, which may be several, are all about the target of the tenant. */
function expectOnlyFailed({ tenant, others }: Tenancy, result: StepResult, title: string | RegExp): void {
  for (const { level, message, properties } of result.annotations) {
    if (level !== 'error') continue
    expect(properties.title).toMatch(title)
    expect(message).toContain(tenant)
    for (const other of others) expect(message).not.toContain(other)
  }
  expect(result.annotations.filter(({ level }) => level === 'error')).not.toEqual([])
  const targets: { namespace: string; result: string }[] = JSON.parse(result.outputs.targets ?? '')
  for (const target of targets.filter(({ namespace }) => namespace !== tenant)) expect(target.result).not.toBe('failed')
}

/** Ids and scopes in their form, as many as fit into so many bytes. */
async function largeRecord({ scenario, tenant }: Tenancy, size: number) {
  const [{ scope = [] } = {}] = recordsOf(await scenario.secret(tenant))
  const [cluster] = (scope[0] ?? '').split(' ')
  const count = Math.floor(size / 80)
  const retained = Array.from({ length: count }, (_, index) => `made-up-${String(index).padStart(20, '0')}`)
  const more = Array.from({ length: count }, (_, index) => `${cluster} n-${index}/${SECRET}`)
  return { scope: [...scope, ...more], retained }
}

/** No annotation of the secret can become any longer. */
async function fillAnnotations(scenario: Scenario, namespace: string): Promise<void> {
  const { annotations } = (await scenario.secret(namespace)).metadata
  const used = Object.entries(annotations).flat().join('').length
  const key = 'example.com/note'
  const note = 'x'.repeat(MAX_ANNOTATIONS_BYTES - used - key.length)
  await editSecret(scenario, namespace, { annotations: { [key]: note } })
}
