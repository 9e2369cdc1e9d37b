// The secrets of a step that the runner does not know.
import type { JournalEntry } from '../support/http/http-server.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { credentialsOfDockerConfig } from '../support/secrecy/credentials.ts'
import { MIN_LENGTH } from '../support/secrecy/forms.ts'

/**
 * Each credential that the step sent, received, or set as an output, and did not mask as a whole. A docker config with entries of
 * others is masked by its parts.
 */
export function unmaskedIn(journal: readonly JournalEntry[], { masks, outputs }: StepResult): string[] {
  const isMasked = (value: string): boolean => {
    if (masks.includes(value)) return true
    const parts = [value, Buffer.from(value, 'base64').toString()].flatMap(credentialsOfDockerConfig)
    return parts.length > 0 && parts.filter(({ length }) => length >= MIN_LENGTH).every((part) => masks.includes(part))
  }
  const config = outputs['docker-config-json'] ?? ''
  const exchanged = journal.flatMap(({ server, method, path, credentials }) =>
    credentials.map((value) => ({ value, where: `${method} ${server} ${path}` })),
  )
  const published = [outputs.token ?? '', config, ...credentialsOfDockerConfig(config)]
  return [...exchanged, ...published.map((value) => ({ value, where: 'an output' }))]
    .filter(({ value }) => value.length >= MIN_LENGTH && !isMasked(value))
    .map(({ where, value }) => `${where}: ${value.slice(0, MIN_LENGTH)}…`)
}
