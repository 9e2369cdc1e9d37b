// A step that is interrupted at a known moment.
import { expect, vi } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import type { StepResult } from '../support/runner/runner.ts'
import type { Scenario, StepRequest } from './harness.ts'

/** A moment of a run: a request that never gets its response, before or after the server acts. */
export interface Moment {
  readonly request: StepRequest
  readonly fault: Fault
  /** How many such requests come before it; default 0. */
  readonly after?: number
}

/** Runs until that moment, sends the signal, and lets the servers respond again. */
export async function interrupt(
  scenario: Scenario,
  { request, fault, after = 0 }: Moment,
  signal: NodeJS.Signals,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  if (after > 0) scenario.plan(request, { kind: 'delay', ms: 0 }, after)
  const planned = scenario.plan(request, fault)
  const step = scenario.start(inputs)
  await vi.waitFor(() => expect(planned.met).toBeGreaterThan(0), 60_000)
  step.kill(signal)
  const result = await step.result
  scenario.ibm.faults.clear()
  scenario.kube.faults.clear()
  return result
}
