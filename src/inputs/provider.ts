import type { Reader } from './reader.ts'
import type { InputRow, ProviderName } from './table/row.ts'
import { INPUT_NAMES, INPUTS } from './table.ts'

/** What is used when no input tells the provider. */
const DEFAULT: ProviderName = 'dedicated'

/** Each of them shows that `dedicated` is meant: it needs one of them. */
const OF_DEFAULT = [
  'dedicated-domain',
  'api-endpoint',
  'registry-endpoint',
  'organization',
  'organization-guid',
] as const

/**
 * The provider that the workflow names, else the one that all its inputs belong to.
 * @returns undefined when there is no such provider, or its inputs belong to different ones: the reader has one error then
 */
export function readProvider(read: Reader): ProviderName | undefined {
  const named = readNamed(read)
  if (named.isValid) return named.provider
  const owned = INPUT_NAMES.flatMap((name) => {
    const { providers }: InputRow = INPUTS[name]
    return providers !== undefined && read.isSet(name) ? [{ name, providers }] : []
  })
  const possible = INPUTS.provider.choices.filter((one) => owned.every(({ providers }) => providers.includes(one)))
  if (named.isSet) return possible.find((one) => one === DEFAULT) ?? possible[0]
  if (possible.length > 1 && isUnclear(read, owned.length)) {
    read.addError('provider', 'is not set, and no other input shows it', UNCLEAR_HINT)
    return undefined
  }
  if (possible.length > 0) return possible.find((one) => one === DEFAULT) ?? possible[0]
  const owners = owned.map(({ name, providers }) => `\`${name}\` (${providers.join(' or ')})`)
  read.addError(
    'provider',
    `is not set, and the other inputs belong to different providers: ${owners.join(', ')}`,
    'Set `provider`, and remove the inputs of the others.',
  )
  return undefined
}

/** With a name that is none, the other errors are those of the provider that the inputs belong to. */
function readNamed(read: Reader) {
  if (!read.isSet('provider')) return { isSet: false, isValid: false } as const
  const errors = read.errors().length
  const provider = read.choice('provider', DEFAULT)
  return { isSet: true, isValid: read.errors().length === errors, provider } as const
}

/** With inputs that several providers have, and none that `dedicated` needs, such as when a password is an empty secret. */
function isUnclear(read: Reader, owned: number): boolean {
  return (owned > 0 || read.isSet('docker-server')) && OF_DEFAULT.every((name) => !read.isSet(name))
}

const UNCLEAR_HINT =
  'Set `provider`. These inputs show it: `docker-password` (static), `docker-config` (docker-config), `service-id` (ibmcloud), `projects` (harbor), `dedicated-domain` (dedicated). If one of them comes from a secret, check that the secret is available to this workflow.'
