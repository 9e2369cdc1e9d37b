// The secrets of a step that the runner does not know.
import type { JournalEntry } from '../support/http/http-server.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { credentialsOfDockerConfig } from '../support/secrecy/credentials.ts'
import { MIN_LENGTH } from '../support/secrecy/forms.ts'

interface Credential {
  readonly value: string
  readonly where: string
  /** Whether it is in an output. */
  readonly isPublished: boolean
}

/**
 * Each credential that the step sent, received, or set as an output, and did not mask as a whole. A docker config that is sent can
 * have entries of others: it is masked by its parts.
 */
export function unmaskedIn(journal: readonly JournalEntry[], { masks, outputs }: StepResult): string[] {
  const isMasked = ({ value, isPublished }: Credential): boolean => {
    if (value.length < MIN_LENGTH || masks.includes(value)) return true
    if (isPublished) return false
    const parts = [value, Buffer.from(value, 'base64').toString()].flatMap(credentialsOfDockerConfig)
    return parts.length > 0 && parts.filter(({ length }) => length >= MIN_LENGTH).every((part) => masks.includes(part))
  }
  const config = outputs['docker-config-json'] ?? ''
  const exchanged = journal.flatMap(({ server, method, path, credentials }) =>
    credentials.map((value) => ({ value, where: `${method} ${server} ${path}`, isPublished: false })),
  )
  const published = [outputs.token ?? '', config, ...credentialsOfDockerConfig(config)]
  return [...exchanged, ...published.map((value) => ({ value, where: 'an output', isPublished: true }))]
    .filter((credential) => !isMasked(credential))
    .map(({ where, value }) => `${where}: ${value.slice(0, MIN_LENGTH)}…`)
}
