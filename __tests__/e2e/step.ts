// A step that writes to several namespaces of a scenario, and what is alive after it.
import { expect } from 'vitest'
import { pendingOf, tokenIdOf } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import type { Scenario } from './harness.ts'

export const rotate = { 'max-age': '0' }
export const reuse = { 'max-age': '30d' }

/** A scenario whose step writes to so many namespaces, with a provider. */
export async function withNamespaces(
  scenario: Scenario,
  count: number,
  provider: 'dedicated' | 'ibmcloud' = 'dedicated',
) {
  const others = await Promise.all(Array.from({ length: count - 1 }, () => scenario.createNamespace()))
  const namespaces = [scenario.namespace, ...others]
  const inputs = { ...(provider === 'ibmcloud' ? scenario.ibmcloud : {}), namespaces: namespaces.join() }
  const { ibm } = scenario
  const liveIds = () => [...ibm.liveTokens(), ...ibm.liveKeys()].map(({ id }) => id)
  const secrets = () => Promise.all(namespaces.map((name) => scenario.secret(name)))
  return {
    namespaces,
    inputs,
    liveIds,
    run: (more: object) => scenario.run({ ...inputs, ...more }),
    held: async () => (await secrets()).map(tokenIdOf),
    pending: async () => (await secrets()).flatMap(pendingOf),
  }
}

export type Step = Awaited<ReturnType<typeof withNamespaces>>

/** One token is alive, every target holds it, and nothing is left to do. */
export async function expectFinished({ namespaces, liveIds, held, pending }: Step, { outputs }: StepResult) {
  const id = outputs['token-id']
  expect(liveIds()).toEqual([id])
  expect(await held()).toEqual(namespaces.map(() => id))
  expect(await pending()).toEqual([])
  expect(outputs.unrevoked).toBe('[]')
}
