import { knownOrigin } from '../registry/client.ts'
import type { RunContext } from './context.ts'

/** Opens connections to the registries that are to verify a credential, while the run does something else. */
export function connectToRegistries({ inputs, openEarly }: RunContext): void {
  if (!inputs.verify || inputs.dryRun) return
  for (const server of inputs.registry.servers) {
    const origin = knownOrigin(server)
    if (origin !== undefined) openEarly(origin)
  }
}

/** Opens a connection to the service where the run is to log in, while it does something else. */
export function connectToIssuer({ inputs, provider, openEarly }: RunContext): void {
  if (provider.endpoint !== undefined && !inputs.dryRun) openEarly(new URL(provider.endpoint))
}
