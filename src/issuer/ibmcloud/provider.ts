import type { Provider } from '../issuer.ts'
import { createApiKeyIssuer } from './api-key.ts'
import { createLogin } from './iam-token.ts'

/** A service ID of an IBM Cloud account, and the API key that manages it. */
export interface IbmcloudRequest {
  readonly provider: 'ibmcloud'
  /** Without a final slash. */
  readonly iamEndpoint: string
  readonly apiKey: string
  readonly account: string
  /** The IAM ID: `iam-ServiceId-…`. */
  readonly serviceId: string
}

/** Logs in to IAM, and mints API keys of the service ID. */
export function createIbmcloudProvider(request: IbmcloudRequest): Provider {
  return {
    provided: undefined,
    async open(send) {
      const accessToken = createLogin(request)
      await accessToken(send)
      return {
        organizationGuid: undefined,
        issuer: (send) => createApiKeyIssuer(send, { ...request, accessToken: () => accessToken(send) }),
      }
    },
    manualRevocation: (id) =>
      `Delete it with \`ibmcloud iam service-api-key-delete ${id} ${request.serviceId.replace('iam-', '')}\`, or in the IBM Cloud console.`,
  }
}
