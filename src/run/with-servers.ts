import type { RunContext } from './context.ts'

/** The context for registry hosts that only a docker config names. */
export function withServers(context: RunContext, servers: readonly string[]): Pick<RunContext, 'inputs' | 'login'> {
  const { inputs, login } = context
  const owner = { ...inputs.owner, hosts: servers }
  const { registry, secret } = inputs
  return {
    inputs: { ...inputs, owner, registry: { ...registry, servers }, secret: secret && { ...secret, owner } },
    login: { ...login, owner },
  }
}
