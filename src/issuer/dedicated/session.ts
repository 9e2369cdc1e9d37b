import type { Provider } from '../issuer.ts'
import { getAccessToken, type Login } from './access-token.ts'
import { getOrganizationGuid, type Organization } from './organization.ts'
import { registryTokens } from './registry-token.ts'

/** A Bluemix Dedicated environment, how to log in there, and what to mint. */
export interface DedicatedRequest {
  readonly provider: 'dedicated'
  readonly apiEndpoint: string
  readonly registryEndpoint: string
  readonly login: Login
  readonly organization: Organization
  readonly account: string | undefined
  readonly permanent: boolean
  readonly write: boolean
}

/** Logs in and finds the organization, whose registry tokens are the credentials. */
export function dedicated(request: DedicatedRequest): Provider {
  return {
    given: undefined,
    async open(send) {
      const accessToken = await getAccessToken(send, request.apiEndpoint, request.login)
      const organizationGuid = await getOrganizationGuid(send, request.apiEndpoint, accessToken, request.organization)
      return {
        organizationGuid,
        issuer: (through) => registryTokens(through, { ...request, accessToken, organizationGuid }),
      }
    },
    revocationByHand: (id) =>
      `Revoke it yourself: DELETE ${request.registryEndpoint}/api/v1/tokens/${id} with the headers Authorization (a UAA token) and Organization (its GUID).`,
  }
}
