import type { StepResult } from './runner/runner.ts'

/** All that a person or a later step can see of a run, by its place. */
export function shownBy({
  stdout,
  stderr,
  log,
  summary,
  state,
  outputs,
  annotations,
  notices,
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
    annotations: JSON.stringify([...annotations, ...notices]),
  }
}
