// "Pods keep pulling?" in the job summary of a run that failed, compared with what the secrets hold and the registry accepts.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { actionErrorsOf } from '../../../src/core/errors.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { run } from '../../../src/run/main.ts'
import { headingsOf } from '../../support/markdown-page.ts'
import { type Harness, SECRET, startHarness } from './harness.ts'

/** The answers of a run that fails. */
async function answersOf(context: RunContext): Promise<string[]> {
  const errors = await run(context).catch(actionErrorsOf)
  expect(errors).not.toEqual([])
  const [, fact = ''] = /^\| \*\*Pods keep pulling\?\*\* \| (.*) \|$/m.exec(context.report.summary(errors)) ?? []
  const answers = fact.split('<br>')
  for (const { code } of errors) {
    // In a namespace without the secret, As before means No.
    const words = answers.map((one) => (one.includes('the secret does not exist') ? 'As before' : wordOf(one)))
    expect(words.filter((word) => documentedAnswer(code).includes(word))).not.toEqual([])
  }
  return answers
}

/** `Yes`, of `**Yes** in …`. */
function wordOf(answer: string): string {
  return /^\*\*(.*?)\*\*/.exec(answer)?.[1] ?? answer
}

const entries = headingsOf(readFileSync('docs/troubleshooting.md', 'utf8'))

/** What docs/troubleshooting.md says for a code. */
function documentedAnswer(code: string): string {
  const entry = entries.find(({ text }) => text === code)
  return /^\*\*Pods keep pulling\?\*\* ([\s\S]*?)\n\n/.exec(entry?.body.trimStart() ?? '')?.[1] ?? ''
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
