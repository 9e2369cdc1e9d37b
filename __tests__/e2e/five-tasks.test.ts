// docs/five-tasks.md, as a reader follows it: each job summary says what the page says.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { jobOf } from '../support/documented-workflow.ts'
import { codeBlocksOf, headingsOf } from '../support/markdown-page.ts'
import { changedRecord } from '../support/records.ts'
import { openReader } from './documented-run.ts'

const SECRET = 'team-registry'

const tasks = headingsOf(readFileSync('docs/five-tasks.md', 'utf8')).filter(({ level }) => level === 2)
// `headingsOf` leaves the code out.
const blocks = codeBlocksOf(readFileSync('docs/five-tasks.md', 'utf8'), 'yaml').map((block) =>
  block.replaceAll('acme/app', 'team/app'),
)

/** What the summary says, in the order of the page. */
function verdictsOf(task: number): string[] {
  const body = tasks[task - 1]?.body ?? ''
  return [...body.matchAll(/^ *> ([✅❌] .*)$/gm)].map(([, verdict = '']) => verdict)
}

const block = (task: number) => blocks[task - 1] ?? ''
const ghcr = { hosts: ['ghcr.io'], domain: 'ghcr.io' } as const
const icr = { hosts: ['us.icr.io'], domain: 'icr.io' } as const
type Reader = Awaited<ReturnType<typeof openReader>>

it.concurrent('first deploy', async () => {
  await using reader = await openReader({ ...ghcr, namespaces: ['shop'] })
  const [result] = await reader.run(jobOf(block(1)))
  expectVerdict(result, verdictsOf(1)[0])
})

it.concurrent('rotate weekly', async () => {
  await using reader = await openReader({ ...icr, namespaces: ['shop'] })
  const [first] = await reader.run(jobOf(block(2)))
  expect(first).toMatchObject({ code: 0, annotations: [] })
  expect(first?.summary).toContain('| **Next rotation** | In the first run after ')
  await age(reader, ['shop'])

  const [second] = await reader.run(jobOf(block(2)))

  expectVerdict(second, verdictsOf(2)[0])
})

it.concurrent('200 namespaces', async () => {
  const namespaces = Array.from({ length: 200 }, (_, index) => `team-${index}`)
  await using reader = await openReader({ ...ghcr, namespaces: [...namespaces, 'other'] })
  const [planned] = await reader.run(jobOf(`${block(3)}    dry-run: true\n`))
  expect(planned).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
  expect(planned?.summary).toContain('200 namespaces')

  const [result] = await reader.run(jobOf(block(3)))

  expectVerdict(result, verdictsOf(3)[0])
  const { body } = await reader.kube.request('GET', '/api/v1/namespaces/team-7/serviceaccounts/default')
  expect(body.imagePullSecrets).toEqual([{ name: SECRET }])
})

it.concurrent('a second registry', async () => {
  const hosts = ['registry.example.com', 'second.example.com'] as const
  await using reader = await openReader({ hosts, domain: 'example.com', namespaces: ['shop'] })
  const settings = { 'vars.SECOND_USER': 'token', 'secrets.SECOND_TOKEN': reader.ibm.mintToken().value }
  const second = jobOf(block(4).replace(hosts[0], hosts[1]))
  const first = block(1)
    .replace('ghcr.io', hosts[0])
    .replace(/^ *(image|pod-name): .*\n/gm, '')
  await reader.run(jobOf(first))

  const [result] = await reader.run(second, settings)

  expectVerdict(result, verdictsOf(4)[0])
  const secret = await reader.secret(SECRET)
  expect(loginFor(secret, hosts[0])?.password).toBe(reader.token)
  expect(loginFor(secret, hosts[1])?.password).toBe(settings['secrets.SECOND_TOKEN'])
  expect(result?.summary).toMatch(/^\+ second\.example\.com: /m)
  expect(result?.summary).not.toMatch(/^[-+] registry\.example\.com: /m)
})

it.concurrent('a red run at night', async () => {
  const namespaces = ['shop', 'billing']
  await using reader = await openReader({ ...icr, namespaces })
  const job = jobOf(block(2).replace('namespaces: shop', 'namespaces: shop, billing'))
  await reader.run(job)
  await age(reader, namespaces)
  const faults = reader.kube.faults
  faults.add({
    when: ({ method, path }) => method === 'PATCH' && path.includes('/billing/secrets/'),
    fault: { kind: 'status', status: 403, body: '{}' },
  })
  const [failure, success] = verdictsOf(5)

  const [red] = await reader.run(job)

  expect(red?.code).toBe(1)
  expectVerdict(red, failure)
  const rows = (red?.summary ?? '').split('\n').filter((line) => line.startsWith('| **'))
  expect(rows[0]).toMatch(
    /^\| \*\*Pods keep pulling\?\*\* \| \*\*As before\*\* in `billing`: the secret still holds token `\S+`\. /,
  )
  expect(red?.summary).toContain('#cluster-access-denied')
  faults.clear()

  const [again] = await reader.run(job)

  expectVerdict(again, success)
})

function expectVerdict(result: { readonly summary: string } | undefined, verdict: string | undefined): void {
  expect(verdict).toBeDefined()
  expect(result?.summary.split('\n')[0]).toBe(`## ${verdict}`)
}

/** As a week later. */
async function age({ kube, secret }: Reader, namespaces: readonly string[]): Promise<void> {
  const mintedAt = new Date(Date.now() - 7 * 24 * 60 * 60 * 1000).toISOString()
  const merge = { 'content-type': 'application/merge-patch+json' }
  for (const namespace of namespaces) {
    const annotations = changedRecord(await secret(SECRET, namespace), { 'minted-at': mintedAt })
    const path = `/api/v1/namespaces/${namespace}/secrets/${SECRET}`
    expect(await kube.request('PATCH', path, { metadata: { annotations } }, merge)).toMatchObject({ status: 200 })
  }
}
