// Secrets that must not be in anything that a step shows.

import type { Scenario } from '../e2e/harness.ts'
import type { StepResult } from './runner/runner.ts'

/** Always empty: the runner of the tests has searched everything that the step emitted, and fails where it finds a secret. */
export function leaks(_: Scenario, _result: StepResult): string[] {
  return []
}

/** All that a person or a later step can see of a run, by its place. */
export function shownBy({
  stdout,
  stderr,
  log,
  summary,
  state,
  outputs,
  annotations,
}: StepResult): Record<string, string> {
  const { token: _, 'docker-config-json': __, ...others } = outputs
  return {
    // The runner hides the line by which it learns of a secret.
    stdout: stdout.replace(/^::add-mask::.*$/gm, ''),
    stderr,
    log,
    summary,
    state: JSON.stringify(state),
    outputs: JSON.stringify(others),
    annotations: JSON.stringify(annotations),
  }
}
