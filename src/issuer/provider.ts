import { createDedicatedProvider, type DedicatedRequest } from './dedicated/provider.ts'
import type { DockerConfigRequest } from './docker-config/request.ts'
import { createHarborProvider, type HarborRequest } from './harbor/provider.ts'
import { createIbmcloudProvider, type IbmcloudRequest } from './ibmcloud/provider.ts'
import type { Provider } from './issuer.ts'
import { PROVIDED } from './provided.ts'
import type { StaticRequest } from './static.ts'

/** The inputs that belong to one provider. */
export type CredentialRequest = DedicatedRequest | IbmcloudRequest | HarborRequest | DockerConfigRequest | StaticRequest

export function createProvider(request: CredentialRequest): Provider {
  switch (request.provider) {
    case 'dedicated':
      return createDedicatedProvider(request)
    case 'ibmcloud':
      return createIbmcloudProvider(request)
    case 'harbor':
      return createHarborProvider(request)
    case 'docker-config':
    case 'static':
      return PROVIDED
  }
}
