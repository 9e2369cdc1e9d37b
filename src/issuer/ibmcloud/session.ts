import type { Provider } from '../issuer.ts'
import { serviceIdKeys } from './api-key.ts'
import { createLogin } from './iam-token.ts'

/** A service ID of an IBM Cloud account, and the API key that manages it. */
export interface IbmcloudRequest {
  readonly provider: 'ibmcloud'
  readonly iamEndpoint: string
  readonly apiKey: string
  readonly account: string
  /** The IAM id: `iam-ServiceId-…`. */
  readonly serviceId: string
}

/** Logs in to IAM, where each credential is an API key of the service ID. */
export function ibmcloud(request: IbmcloudRequest): Provider {
  return {
    given: undefined,
    async open(send) {
      const accessToken = createLogin(request)
      await accessToken(send)
      return {
        organizationGuid: undefined,
        issuer: (through) => serviceIdKeys(through, request, () => accessToken(through)),
      }
    },
    revocationByHand: (id) =>
      `Delete it yourself: \`ibmcloud iam service-api-key-delete ${id} ${request.serviceId.replace('iam-', '')}\`, or in the console.`,
  }
}
