// Secrets that must not be in anything that a step shows.

import { isOurs, type Scenario } from '../e2e/harness.ts'
import type { StepResult } from './runner/runner.ts'

/** The places of a step's result that show a secret, or one of its usual forms: `summary: eyJhbG…`. */
export function leaks({ ibm, kube }: Scenario, result: StepResult): string[] {
  const { username: _, ...logins } = ibm.login
  const sent = [...ibm.journal, ...kube.journal].filter(isOurs).flatMap(({ headers }) => credentialOf(headers))
  const minted = [...ibm.tokens(), ...ibm.keys()].map(({ value }) => value)
  const secrets = new Set([...Object.values(logins), ...minted, ...sent, kube.adminToken])
  const forms = [...secrets].flatMap(formsOf)
  return Object.entries(shownBy(result)).flatMap(([place, text]) =>
    forms.filter((form) => text.includes(form)).map((form) => `${place}: ${form}`),
  )
}

function shownBy({ stdout, stderr, log, summary, state, outputs, annotations }: StepResult): Record<string, string> {
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

/** The client `cf` with its empty secret is public. */
function credentialOf({ authorization = '' }: { readonly authorization?: string | undefined }): string[] {
  const [, value] = /^\w+ (.+)$/.exec(authorization) ?? []
  return value === undefined || value === btoa('cf:') ? [] : [value]
}

/** Base64 begins at one of three offsets; its last characters depend on what follows. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((offset) => bytes.subarray(offset).toString('base64').slice(0, -4))
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64])]
}
