import type { DedicatedRequest } from './dedicated/provider.ts'
import type { DockerConfigRequest } from './docker-config/request.ts'
import type { HarborRequest } from './harbor/provider.ts'
import type { IbmcloudRequest } from './ibmcloud/provider.ts'
import type { Provider } from './issuer.ts'
import { PROVIDED } from './provided.ts'
import type { StaticRequest } from './static.ts'

/** The inputs that belong to one provider. */
export type CredentialRequest = DedicatedRequest | IbmcloudRequest | HarborRequest | DockerConfigRequest | StaticRequest

/** Loads the provider that the request is for, and no other. */
export async function createProvider(request: CredentialRequest): Promise<Provider> {
  switch (request.provider) {
    case 'dedicated': {
      const { createDedicatedProvider } = await import('./dedicated/provider.ts')
      return createDedicatedProvider(request)
    }
    case 'ibmcloud': {
      const { createIbmcloudProvider } = await import('./ibmcloud/provider.ts')
      return createIbmcloudProvider(request)
    }
    case 'harbor': {
      const { createHarborProvider } = await import('./harbor/provider.ts')
      return createHarborProvider(request)
    }
    case 'docker-config':
    case 'static':
      return PROVIDED
  }
}
