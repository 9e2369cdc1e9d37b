import { connectRegistry, type Registry } from '../registry/client.ts'
import type { RunContext } from './context.ts'

/** What each registry said of itself, by its host. */
export type OpenedRegistries = ReadonlyMap<string, Promise<Registry>>

/**
 * Connects to the registries while the run reads its targets: to verify a credential takes three round trips less then. A registry that
 * does not respond is asked again where the credential is verified, with all attempts.
 */
export function openRegistries({ inputs, send, login }: RunContext): OpenedRegistries {
  if (!inputs.verify || inputs.targets === undefined) return new Map()
  return new Map(
    login.owner.hosts.map((host) => {
      const opened = connectRegistry(send, host, { maxAttempts: 1 })
      // The run may end before it is needed.
      opened.catch(() => {})
      return [host, opened]
    }),
  )
}
