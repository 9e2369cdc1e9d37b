import type { Login } from '../issuer/dedicated/access-token.ts'
import type { Organization } from '../issuer/dedicated/organization.ts'
import type { DedicatedRequest } from '../issuer/dedicated/session.ts'
import type { IbmcloudRequest } from '../issuer/ibmcloud/session.ts'
import type { CredentialRequest } from '../issuer/provider.ts'
import type { Reader } from './reader.ts'

type ProviderName = CredentialRequest['provider']

/** The inputs that only some providers know: whoever gives one beside another must not believe that it does something. */
const KNOWN_TO: Readonly<Record<string, readonly ProviderName[]>> = {
  'dedicated-domain': ['dedicated'],
  'api-endpoint': ['dedicated'],
  'registry-endpoint': ['dedicated'],
  'oauth-token': ['dedicated'],
  username: ['dedicated'],
  password: ['dedicated'],
  passcode: ['dedicated'],
  organization: ['dedicated'],
  'organization-guid': ['dedicated'],
  permanent: ['dedicated'],
  write: ['dedicated'],
  'api-key': ['dedicated', 'ibmcloud'],
  account: ['dedicated', 'ibmcloud'],
  'token-description': ['dedicated', 'ibmcloud'],
  'service-id': ['ibmcloud'],
  'iam-endpoint': ['ibmcloud'],
  'docker-password': ['static'],
}

/** The runner gives every input that has a default in action.yml: these values say nothing. */
const USUAL: Readonly<Record<string, string>> = { permanent: 'true', write: 'false' }

/** Where the credential comes from. */
export function readCredential(read: Reader): CredentialRequest {
  const provider = read.oneOf('provider', ['dedicated', 'ibmcloud', 'static'])
  for (const [name, providers] of Object.entries(KNOWN_TO)) {
    const value = read.text(name)
    if (value === undefined || value.toLowerCase() === USUAL[name] || providers.includes(provider)) continue
    const owners = providers.map((one) => `\`provider: ${one}\``).join(' and ')
    read.refuse(name, `is given beside \`provider: ${provider}\``, `It belongs to ${owners}.`)
  }
  switch (provider) {
    case 'dedicated':
      return readDedicated(read)
    case 'ibmcloud':
      return readIbmcloud(read)
    case 'static':
      return { provider, password: needed(read, 'docker-password', read.secret('docker-password'), provider) }
  }
}

function readDedicated(read: Reader): DedicatedRequest {
  const domain = read.matching(
    'dedicated-domain',
    /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
    'Allowed: a domain alone, as in cfsdedicated1.us-south.bluemix.net.',
  )
  // A GUID, and a login that is a token already, leave nothing to ask the Cloud Foundry API for.
  const asksApi =
    read.text('organization-guid') === undefined ||
    ['username', 'api-key', 'passcode'].some((name) => read.text(name) !== undefined)
  return {
    provider: 'dedicated',
    apiEndpoint: endpoint(read, 'api-endpoint', domain && `https://api.${domain}`, asksApi),
    registryEndpoint: endpoint(read, 'registry-endpoint', domain && `https://registry.${domain}`, true),
    login: readLogin(read),
    organization: readOrganization(read),
    account: readAccount(read),
    permanent: read.flag('permanent', true),
    write: read.flag('write', false),
  }
}

function readIbmcloud(read: Reader): IbmcloudRequest {
  const serviceId = read.matching(
    'service-id',
    /^(iam-)?ServiceId-[\w-]+$/,
    'Allowed: a service ID as in ServiceId-1234 or iam-ServiceId-1234; its name is not enough.',
  )
  return {
    provider: 'ibmcloud',
    iamEndpoint: read.endpoint('iam-endpoint') ?? 'https://iam.cloud.ibm.com',
    apiKey: needed(read, 'api-key', read.secret('api-key'), 'ibmcloud'),
    account: needed(read, 'account', readAccount(read), 'ibmcloud'),
    serviceId: `iam-${needed(read, 'service-id', serviceId, 'ibmcloud').replace(/^iam-/, '')}`,
  }
}

function needed(read: Reader, name: string, value: string | undefined, provider: ProviderName): string {
  if (value === undefined) read.refuse(name, `is missing, and \`provider: ${provider}\` needs it`, IF_SECRET)
  return value ?? ''
}

const IF_SECRET = 'If it comes from a secret or an earlier step, check that this workflow has it.'

function readAccount(read: Reader): string | undefined {
  return read.matching('account', /^[\w.-]+$/, 'Allowed: an account id of letters, digits and hyphens.')
}

function endpoint(read: Reader, name: string, usual: string | undefined, isNeeded: boolean): string {
  const given = read.text(name)
  const value = given === undefined ? usual : read.endpoint(name)
  if (isNeeded && given === undefined && usual === undefined) {
    read.refuse(name, 'is missing', 'Give `dedicated-domain`, or this address itself.')
  }
  return value ?? ''
}

function readLogin(read: Reader): Login {
  const token = read.secret('oauth-token', (value) => value.replace(/^bearer\s+/i, ''))
  const username = read.text('username')
  const password = read.secret('password')
  const apiKey = read.secret('api-key')
  const passcode = read.secret('passcode')
  if ((username === undefined) !== (password === undefined)) {
    const [missing, given] = username === undefined ? ['username', 'password'] : ['password', 'username']
    read.refuse(
      missing,
      `is missing beside \`${given}\``,
      'If it comes from a secret, check that this workflow has it.',
    )
  }
  const given = { 'oauth-token': token, username, 'api-key': apiKey, passcode }
  const logins = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (logins.length > 1) {
    for (const name of logins.slice(1)) read.refuse(name, `is given beside \`${logins[0]}\``, 'Give one login only.')
  }
  if (token !== undefined && /\s/.test(token)) {
    read.refuse('oauth-token', 'has a space inside', 'Allowed: a token, with or without the word Bearer before it.')
  }
  if (token !== undefined) return { method: 'oauth-token', token }
  if (username !== undefined && password !== undefined) return { method: 'password', username, password }
  if (apiKey !== undefined) return { method: 'api-key', apiKey }
  if (passcode !== undefined) return { method: 'passcode', passcode }
  return { method: 'cli' }
}

function readOrganization(read: Reader): Organization {
  const name = read.text('organization')
  const guid = read.matching('organization-guid', /^[\w-]+$/, 'Allowed: a GUID of letters, digits and hyphens.')
  if (name !== undefined && guid !== undefined) {
    read.refuse('organization-guid', 'is given beside `organization`', 'Give one of the two.')
  }
  if (name === undefined && guid === undefined) {
    read.refuse(
      'organization',
      'is missing',
      'Give the name of the Cloud Foundry organization, or `organization-guid`.',
    )
  }
  return guid === undefined ? { name: name ?? '' } : { guid }
}
