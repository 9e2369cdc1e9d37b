import { getGlobalDispatcher } from 'undici'
import { createSend } from '../../../../src/http/client.ts'
import { createRegistryTokenIssuer, type TokenRequest } from '../../../../src/issuer/dedicated/registry-token.ts'
import type { FakeIbm } from '../../../support/ibm/environment.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

const defaults = { account: undefined, permanent: true, write: false }

/** The token API of a fake environment, for its organization. */
export function issuer({ registry, login, organization }: FakeIbm, changes: Partial<TokenRequest> = {}) {
  const environment = { registryEndpoint: registry, accessToken: login.uaaToken, organizationGuid: organization.guid }
  return createRegistryTokenIssuer(send, { ...environment, ...defaults, ...changes })
}

/** A token that the registry never signed. */
export const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

/** The token API at a URL. */
export const issuerAt = (registryEndpoint: string) =>
  createRegistryTokenIssuer(send, {
    registryEndpoint,
    accessToken: 'a.b.c',
    organizationGuid: 'some-guid',
    ...defaults,
  })
