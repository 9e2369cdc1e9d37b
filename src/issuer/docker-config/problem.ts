import type { HostSource } from './select.ts'

/** Completes a sentence about a docker config or a pull secret; the hint is what the user can do. */
export type HostProblem = readonly [problem: string, hint: string]

export const LOG_IN =
  'Let the step that logs in to the registry, for example docker/login-action, run in this job before this one.'

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
