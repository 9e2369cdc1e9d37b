// "Pods keep pulling?" in the job summary of a run that failed, compared with what the secrets hold and the registry accepts.
import { expect, it } from 'vitest'
import { actionErrorsOf } from '../../../src/core/errors.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { run } from '../../../src/run/main.ts'
import { expectDocumentedPulls, pullAnswersOf } from '../../support/documented-pulls.ts'
import { type Harness, SECRET, startHarness } from './harness.ts'

/** The answers of a run that fails. */
async function answersOf(context: RunContext): Promise<string[]> {
  const errors = await run(context).catch(actionErrorsOf)
  expect(errors).not.toEqual([])
  const summary = context.report.summary(errors)
  for (const { code } of errors) expectDocumentedPulls(summary, code)
  return pullAnswersOf(summary)
}

function refuseWrites({ kube }: Harness, namespace: string): void {
  kube.faults.add({
    when: ({ method, path }) => method === 'PATCH' && path.includes(`/${namespace}/secrets/${SECRET}`),
    fault: { kind: 'status', status: 422, body: '{}' },
  })
}

it('is yes where the new token was written, and as before where the old one still works', async () => {
  await using harness = await startHarness(2)
  const [first = '', second = ''] = harness.namespaces
  await run(await harness.context())
  const old = await harness.heldIn(second)
  refuseWrites(harness, second)

  const answers = await answersOf(await harness.context({ 'max-age': '0' }))

  const current = await harness.heldIn(first)
  expect(current).not.toBe(old)
  expect(answers).toEqual([
    `**As before** in \`${second}\`: the secret still holds token \`${old}\`. This run did not revoke it.`,
    `**Yes** in \`${first}\`: the secret holds token \`${current}\`, which the registry accepted in this run.`,
  ])
  expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual(expect.arrayContaining([old, current]))
})

it('is no where the registry refuses the stored token, and no other can be minted', async () => {
  await using harness = await startHarness()
  const [namespace = ''] = harness.namespaces
  await run(await harness.context())
  const id = (await harness.heldIn(namespace)) ?? ''
  harness.ibm.revokeToken(id)
  const fault = { kind: 'status', status: 403, body: '{}' } as const
  harness.ibm.faults.add({ when: ({ server, method }) => server === 'tokens' && method === 'POST', fault })

  expect(await answersOf(await harness.context())).toEqual([
    `**No**: the secret holds token \`${id}\`, which the registry refuses.`,
  ])
})

it('is no where the secret was never written', async () => {
  await using harness = await startHarness()
  refuseWrites(harness, harness.namespaces[0] ?? '')
  expect(await answersOf(await harness.context())).toEqual(['**No**: the secret does not exist.'])
})

it('is as before when the run ends before it knows more', async () => {
  await using harness = await startHarness()
  await run(await harness.context())
  const id = await harness.heldIn(harness.namespaces[0] ?? '')
  harness.ibm.faults.add({
    when: ({ server }) => server === 'registry',
    fault: { kind: 'status', status: 400, body: '{}' },
  })
  expect(await answersOf(await harness.context())).toEqual([
    `**As before**: the secret still holds token \`${id}\`. This run did not revoke it.`,
  ])
})

it('is not known where the secret cannot be read', async () => {
  await using harness = await startHarness()
  const fault = { kind: 'status', status: 403, body: '{}' } as const
  harness.kube.faults.add({ when: ({ path }) => path.endsWith(`/secrets/${SECRET}`), fault })
  expect(await answersOf(await harness.context())).toEqual([
    '**Not known**: the action could not read the secret. It revoked no token that may be there.',
  ])
})

it('is yes where only the revocation of the old token failed', async () => {
  await using harness = await startHarness()
  const [namespace = ''] = harness.namespaces
  await run(await harness.context())
  const fault = { kind: 'status', status: 403, body: '{}' } as const
  harness.ibm.faults.add({ when: ({ server, method }) => server === 'tokens' && method === 'DELETE', fault })

  const answers = await answersOf(await harness.context({ 'max-age': '0' }))

  const current = await harness.heldIn(namespace)
  expect(answers).toEqual([`**Yes**: the secret holds token \`${current}\`, which the registry accepted in this run.`])
})

it('is as before where another owner keeps the secret', async () => {
  await using harness = await startHarness()
  const [namespace = ''] = harness.namespaces
  const secret = {
    metadata: { name: SECRET },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': 'e30=' },
  }
  await harness.kube.request('POST', `/api/v1/namespaces/${namespace}/secrets`, secret)
  expect(await answersOf(await harness.context())).toEqual([
    '**As before**: the secret still holds a credential that this action did not write.',
  ])
})
