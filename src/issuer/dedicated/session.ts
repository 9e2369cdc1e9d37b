import type { Send } from '../../http.ts'
import type { Session } from '../issuer.ts'
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

/** Logs in and finds the organization. */
export async function openDedicated(send: Send, request: DedicatedRequest): Promise<Session> {
  const accessToken = await getAccessToken(send, request.apiEndpoint, request.login)
  const organizationGuid = await getOrganizationGuid(send, request.apiEndpoint, accessToken, request.organization)
  return {
    organizationGuid,
    issuer: (through) => registryTokens(through, { ...request, accessToken, organizationGuid }),
  }
}
