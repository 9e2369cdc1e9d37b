import type { Reader } from './reader.ts'
import type { InputRow, ProviderName } from './table/row.ts'
import { INPUT_NAMES, INPUTS } from './table.ts'

/** What is used when no input tells the provider. */
const DEFAULT: ProviderName = 'dedicated'

/**
 * The provider that the workflow names, else the one that all its inputs belong to.
 * @returns undefined when its inputs belong to different providers: the reader has one error then
 */
export function readProvider(read: Reader): ProviderName | undefined {
  if (read.isSet('provider')) return read.choice('provider', DEFAULT)
  const owned = INPUT_NAMES.flatMap((name) => {
    const { providers }: InputRow = INPUTS[name]
    return providers !== undefined && read.isSet(name) ? [{ name, providers }] : []
  })
  const possible = INPUTS.provider.choices.filter((one) => owned.every(({ providers }) => providers.includes(one)))
  if (possible.length > 0) return possible.find((one) => one === DEFAULT) ?? possible[0]
  const owners = owned.map(({ name, providers }) => `\`${name}\` (${providers.join(' or ')})`)
  read.addError(
    'provider',
    `is not set, and the other inputs belong to different providers: ${owners.join(', ')}`,
    'Set `provider`, and remove the inputs of the others.',
  )
  return undefined
}
