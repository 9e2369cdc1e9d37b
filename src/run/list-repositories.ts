import { type Credential, passwordOf } from '../policy/credential.ts'
import type { ListRepositories } from '../registry/suggest-image.ts'
import type { RunContext } from './context.ts'

/**
 * Lists the repositories of a registry by its own API. Only with a credential that this run minted: it is logged in at the
 * issuer then, and a run that reuses one does not log in for this.
 */
export function repositoryLister({ send, session }: RunContext, credential: Credential): ListRepositories | undefined {
  if (credential.origin !== 'minted') return undefined
  return async (registry, limits) => {
    const { listRepositories } = await session()
    return await listRepositories?.((request) => send({ ...request, ...limits }), {
      origin: registry,
      password: passwordOf(credential),
    })
  }
}
