import type { Provider } from '../issuer.ts'
import { listRepositories } from '../list-repositories.ts'
import { createApiKeyIssuer } from './api-key.ts'
import { createLogin } from './iam-token.ts'
import { quotingRestrictions } from './restriction.ts'
import { getServiceId, type ServiceId } from './service-id.ts'

/** A service ID of an IBM Cloud account, and the API key that manages it. */
export interface IbmcloudRequest {
  readonly provider: 'ibmcloud'
  /** Without a final slash. */
  readonly iamEndpoint: string
  readonly apiKey: string
  readonly account: string
  readonly serviceId: ServiceId
  /** After this time a minted key expires by itself; undefined: never. */
  readonly expiresInMs: number | undefined
}

/** Logs in to IAM, looks up the service ID, and mints its API keys. */
export function createIbmcloudProvider(request: IbmcloudRequest): Provider {
  return {
    endpoint: request.iamEndpoint,
    async open(send) {
      const accessToken = createLogin(request)
      const sendToIam = quotingRestrictions(send)
      const serviceId = await getServiceId(sendToIam, { ...request, accessToken: await accessToken(sendToIam) })
      return {
        organizationGuid: undefined,
        issuer(send) {
          const sendToIam = quotingRestrictions(send)
          return createApiKeyIssuer(sendToIam, { ...request, serviceId, accessToken: () => accessToken(sendToIam) })
        },
        async listRepositories(send, { origin, password }) {
          // The login of this run can do more than the registry should learn. The role Reader, which pulls, also lists images:
          // https://cloud.ibm.com/docs/Registry?topic=Registry-iam
          const bearer = await createLogin({ iamEndpoint: request.iamEndpoint, apiKey: password })(send)
          const credentials = { authorization: `Bearer ${bearer}`, account: request.account }
          return await listRepositories(send, { registry: origin, credentials })
        },
      }
    },
    manualRevocation: (id) =>
      `Delete it with \`ibmcloud iam service-api-key-delete ${id} ${commandName(request.serviceId)}\`, or in the IBM Cloud console.`,
  }
}

/** The argument of a command for a person: a name that a shell could read otherwise is left out. */
function commandName(serviceId: ServiceId): string {
  if ('iamId' in serviceId) return serviceId.iamId.replace('iam-', '')
  return /^[\w .-]+$/.test(serviceId.name) ? `"${serviceId.name}"` : '<service ID>'
}
