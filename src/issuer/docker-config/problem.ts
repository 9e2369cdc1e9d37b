import { printable } from '../../runner/log.ts'
import type { HostSource } from './select.ts'

/** Completes a sentence about a docker config or a pull secret; the hint is what the user can do. */
export type HostProblem = readonly [problem: string, hint: string]

export const LOG_IN =
  'Let the step that logs in to the registry, for example docker/login-action, run in this job before this one.'

/** Each host is verified, and may start a credential helper. A record of a secret has as many. */
const MAX_HOSTS = 100

const MAX_SHOWN_KEYS = 10
const MAX_KEY_LENGTH = 100

/** Why there is no credential for a host. */
export function hostProblem({
  kind,
  server,
}: Extract<HostSource, { kind: 'missing' | 'identity-token' }>): HostProblem {
  return kind === 'missing' ? [`has no credential for ${server}`, LOG_IN] : identityTokenProblem(server)
}

/** https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication#az-acr-login-with---expose-token */
export function identityTokenProblem(server: string): HostProblem {
  return [
    `has only an identity token for ${server}, which nodes cannot use`,
    'Log in with a user name and a password. For Azure: `az acr login --name <registry> --expose-token`, and `docker login` with that access token and the user name 00000000-0000-0000-0000-000000000000. Or set `docker-server` to the other hosts.',
  ]
}

/** @returns undefined when there are not too many hosts */
export function tooManyHosts(count: number): HostProblem | undefined {
  if (count <= MAX_HOSTS) return undefined
  return [`has ${count} registry hosts`, `Set \`docker-server\` to those that are needed, at most ${MAX_HOSTS}.`]
}

/** The keys that a docker config has, for a hint. A key can be a URL with a login. */
export function shownKeys(keys: readonly string[]): string {
  const shown = keys
    .slice(0, MAX_SHOWN_KEYS)
    .map((key) => `"${printable(key).replace(/^.*@/, '***@').slice(0, MAX_KEY_LENGTH)}"`)
  const more = keys.length - shown.length
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ') || 'none'
}
