import { type DedicatedRequest, dedicated } from './dedicated/session.ts'
import { type IbmcloudRequest, ibmcloud } from './ibmcloud/session.ts'
import type { Provider } from './issuer.ts'
import { givenCredential, type StaticRequest } from './static.ts'

/** What the workflow says of where its credentials come from. */
export type CredentialRequest = DedicatedRequest | IbmcloudRequest | StaticRequest

export function createProvider(request: CredentialRequest): Provider {
  switch (request.provider) {
    case 'dedicated':
      return dedicated(request)
    case 'ibmcloud':
      return ibmcloud(request)
    case 'static':
      return givenCredential(request)
  }
}
