import type { Login } from '../issuer/dedicated/access-token.ts'
import type { Organization } from '../issuer/dedicated/organization.ts'
import type { DedicatedRequest } from '../issuer/dedicated/provider.ts'
import type { IbmcloudRequest } from '../issuer/ibmcloud/provider.ts'
import type { ServiceId } from '../issuer/ibmcloud/service-id.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import { readDockerConfig } from './docker-config.ts'
import { readHarbor } from './harbor.ts'
import type { Reader } from './reader.ts'
import { readStatic } from './static.ts'
import type { ProviderName } from './table/row.ts'
import { INPUTS } from './table.ts'

/** Where the credential comes from. */
export function readCredential(
  read: Reader,
  provider: ProviderName,
  environment: NodeJS.ProcessEnv,
): CredentialRequest {
  switch (provider) {
    case 'dedicated':
      return readDedicated(read)
    case 'ibmcloud':
      return readIbmcloud(read)
    case 'harbor':
      return readHarbor(read)
    case 'docker-config':
      return readDockerConfig(read, environment)
    case 'static':
      return readStatic(read)
  }
}

function readDedicated(read: Reader): DedicatedRequest {
  const domain = read.text('dedicated-domain')
  // A GUID and a login that is already a token need no request to the Cloud Foundry API.
  const usesApi =
    !read.isSet('organization-guid') || read.isSet('username') || read.isSet('api-key') || read.isSet('passcode')
  if (usesApi && domain === undefined && !read.isSet('api-endpoint'))
    read.addError('api-endpoint', 'is required when `provider` is `dedicated` and `dedicated-domain` is not set')
  return {
    provider: 'dedicated',
    apiEndpoint: readDedicatedEndpoint(read, 'api-endpoint', domain),
    registryEndpoint: readDedicatedEndpoint(read, 'registry-endpoint', domain),
    login: readLogin(read),
    organization: readOrganization(read),
    account: read.text('account'),
    permanent: read.flag('permanent'),
    write: read.flag('write'),
  }
}

function readDedicatedEndpoint(
  read: Reader,
  name: 'api-endpoint' | 'registry-endpoint',
  domain: string | undefined,
): string {
  if (read.isSet(name) || domain === undefined) return read.endpoint(name) ?? ''
  return INPUTS[name].template.replace('<dedicated-domain>', domain)
}

function readIbmcloud(read: Reader): IbmcloudRequest {
  return {
    provider: 'ibmcloud',
    iamEndpoint: read.endpoint('iam-endpoint') ?? '',
    apiKey: read.secret('api-key') ?? '',
    account: read.text('account') ?? '',
    serviceId: readServiceId(read),
    expiresInMs: read.duration('expires-in') || undefined,
  }
}

function readServiceId(read: Reader): ServiceId {
  const value = read.text('service-id') ?? ''
  // Alone, as the IAM ID, or at the end of a CRN: https://cloud.ibm.com/docs/account?topic=account-crn
  const [, id] = /^(?:iam-|crn:v1:\S+:serviceid:)?(ServiceId-[\w-]+)$/.exec(value) ?? []
  return id === undefined ? { name: value } : { iamId: `iam-${id}` }
}

function readLogin(read: Reader): Login {
  const token = read.secret('oauth-token')
  const username = read.text('username')
  const password = read.secret('password')
  const apiKey = read.secret('api-key')
  const passcode = read.secret('passcode')
  if (token !== undefined) return { method: 'oauth-token', token }
  if (username !== undefined && password !== undefined) return { method: 'password', username, password }
  if (apiKey !== undefined) return { method: 'api-key', apiKey }
  if (passcode !== undefined) return { method: 'passcode', passcode }
  return { method: 'cli', environment: read.childEnvironment() }
}

function readOrganization(read: Reader): Organization {
  const name = read.text('organization')
  const guid = read.text('organization-guid')
  return guid === undefined ? { name: name ?? '' } : { guid }
}
