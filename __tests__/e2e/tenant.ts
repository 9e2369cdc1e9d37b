// A tenant: may edit the Secrets of one target namespace, and nothing else.
import { expect } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { recordsOf, type WrittenRecord } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { type OpenScenario, type Scenario, SECRET } from './harness.ts'

const RECORDS = 'registry-pull-secret/credentials'
export const PENDING = 'registry-pull-secret/pending'

/** A cluster with three targets that hold a credential of this action. */
export interface Tenancy extends AsyncDisposable {
  readonly scenario: Scenario
  /** The inputs of each run. */
  readonly inputs: Readonly<Record<string, string>>
  /** The namespace of the tenant. */
  readonly tenant: string
  readonly others: readonly string[]
  /** The run that wrote the credential. */
  readonly first: StepResult
}

interface TenancyOptions {
  readonly inputs?: (scenario: Scenario) => Readonly<Record<string, string>>
  /** Where the namespace of the tenant is in the list; default last. */
  readonly place?: 'first' | 'last'
}

export async function openTenancy(
  openScenario: OpenScenario,
  { inputs: more = () => ({}), place = 'last' }: TenancyOptions = {},
): Promise<Tenancy> {
  const scenario = await openScenario()
  const tenant = await scenario.createNamespace()
  const others = [scenario.namespace, await scenario.createNamespace()]
  const namespaces = place === 'first' ? [tenant, ...others] : [...others, tenant]
  const inputs = { ...more(scenario), namespaces: namespaces.join() }
  const first = await scenario.run(inputs)
  expect(first).toMatchObject({ code: 0, annotations: [] })
  scenario.forget()
  return { scenario, inputs, tenant, others, first, [Symbol.asyncDispose]: () => scenario[Symbol.asyncDispose]() }
}

/** What a tenant writes; what is not given stays. */
export interface Edit {
  /** Changes to the record of the credential. */
  readonly record?: Partial<WrittenRecord>
  readonly annotations?: Readonly<Record<string, string | null>>
  readonly login?: { readonly username: string; readonly password: string }
}

/** A request that each editor of Secrets may send. */
export async function editSecret(
  { kube, ibm, secret }: Scenario,
  namespace: string,
  { record, annotations, login }: Edit,
): Promise<void> {
  const records = record && [{ ...recordsOf(await secret(namespace))[0], ...record }]
  const change = {
    metadata: { annotations: { ...(records && { [RECORDS]: JSON.stringify(records) }), ...annotations } },
    ...(login && { data: { '.dockerconfigjson': encode({ auths: { [ibm.registryHost]: login } }) } }),
  }
  const merge = { 'content-type': 'application/merge-patch+json' }
  const path = `/api/v1/namespaces/${namespace}/secrets/${SECRET}`
  expect(await kube.request('PATCH', path, change, merge)).toMatchObject({ status: 200 })
}

function encode(config: object): string {
  return Buffer.from(JSON.stringify(config)).toString('base64')
}

/** A credential of its issuer, ours or not. */
export interface Issued {
  readonly id: string
  readonly value: string
}

/** The edit of a tenant who presents a credential as that of this action, minted just now. */
export function presented({ id, value: password }: Issued, username = 'token'): Edit {
  return { record: { id, 'minted-at': new Date().toISOString() }, login: { username, password } }
}

/** Each of these namespaces holds and records the credential of this run, which works, and nothing else of a finished rotation. */
export async function expectServed(
  { ibm, secret }: Scenario,
  namespaces: readonly string[],
  { outputs }: StepResult,
  { isFinished = true } = {},
): Promise<void> {
  for (const namespace of namespaces) {
    const stored = await secret(namespace)
    const login = loginFor(stored, ibm.registryHost)
    expect(login?.password).toBe(outputs.token)
    expect(recordsOf(stored).map(({ id }) => id)).toEqual([outputs['token-id']])
    expect(JSON.stringify(stored.metadata.annotations).length).toBeLessThan(2000)
    if (isFinished) expect(stored.metadata.annotations).not.toHaveProperty(PENDING)
    expect(await ibm.pullsWith(login?.username ?? '', login?.password ?? '')).toBe(200)
  }
}

/** Nothing of others was revoked or given away, and nothing secret shown. */
export function expectUntouched(scenario: Scenario, foreign: readonly Issued[], result: StepResult): void {
  const { ibm } = scenario
  const live = [...ibm.liveTokens(), ...ibm.liveKeys()].map(({ id }) => id)
  for (const { id, value } of foreign) {
    expect(live).toContain(id)
    expect(scenario.requests(new RegExp(`^(tokens|iam) DELETE .*${id}`))).toEqual([])
    expect(JSON.parse(result.outputs.revoked ?? '')).not.toContain(id)
    expect(result.outputs['token-id']).not.toBe(id)
    expect(JSON.stringify(result.outputs)).not.toContain(value)
  }
}

/** The ids of all that is alive at the issuers. */
export function liveIds({ ibm }: Scenario): string[] {
  return [...ibm.liveTokens(), ...ibm.liveKeys()].map(({ id }) => id).sort()
}
