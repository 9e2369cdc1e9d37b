import type { Provider } from '../issuer.ts'
import { listRepositories } from '../list-repositories.ts'
import { getAccessToken, type Login } from './access-token.ts'
import { getOrganizationGuid, type Organization } from './organization.ts'
import { createRegistryTokenIssuer, registryCredentials } from './registry-token.ts'

/** A Bluemix Dedicated environment, the login to use there, and the registry tokens to mint. */
export interface DedicatedRequest {
  readonly provider: 'dedicated'
  /** The Cloud Foundry API, without a final slash. */
  readonly apiEndpoint: string
  /** The registry with its token API, without a final slash. */
  readonly registryEndpoint: string
  readonly login: Login
  readonly organization: Organization
  readonly account: string | undefined
  readonly permanent: boolean
  readonly write: boolean
}

/** Logs in to UAA, looks up the organization, and mints registry tokens for it. */
export function createDedicatedProvider(request: DedicatedRequest): Provider {
  const { apiEndpoint, registryEndpoint, login, organization } = request
  // It may be missing where the workflow provides what it would be asked for.
  const usesApi = !('guid' in organization) || (login.method !== 'oauth-token' && login.method !== 'cli')
  return {
    endpoint: usesApi ? apiEndpoint : registryEndpoint,
    async open(send, signal) {
      const accessToken = await getAccessToken(send, { apiEndpoint, login }, signal)
      const organizationGuid = await getOrganizationGuid(send, { apiEndpoint, accessToken, organization })
      return {
        organizationGuid,
        issuer: (send) => createRegistryTokenIssuer(send, { ...request, accessToken, organizationGuid }),
        async listRepositories(send, { origin }) {
          // No other registry receives the access token.
          if (origin !== new URL(registryEndpoint).origin) return undefined
          const credentials = registryCredentials({ ...request, accessToken, organizationGuid })
          return await listRepositories(send, { registry: origin, credentials })
        },
      }
    },
    manualRevocation: (id) =>
      `Revoke it with DELETE ${registryEndpoint}/api/v1/tokens/${id} and the headers Authorization (a UAA token) and Organization (the GUID of the organization).`,
  }
}
