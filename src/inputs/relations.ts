import type { Reader } from './reader.ts'
import type { InputRow, ProviderName } from './table/row.ts'
import { INPUT_NAMES, INPUTS, type InputName } from './table.ts'

const ROWS: Readonly<Record<InputName, InputRow<InputName>>> = INPUTS

/** Adds an error for each input that is missing, or that does not fit the provider or the other inputs. */
export function checkRelations(read: Reader, provider: ProviderName): void {
  for (const name of INPUT_NAMES) {
    const { providers = [provider] } = ROWS[name]
    if (!providers.includes(provider)) {
      const owners = providers.map((owner) => `\`provider: ${owner}\``).join(' or ')
      if (read.isSet(name)) read.addError(name, `needs ${owners}, but \`provider\` is \`${provider}\``)
    } else if (read.isSet(name)) {
      checkCombination(read, name, provider)
    } else {
      checkRequired(read, name, provider)
    }
  }
}

function checkCombination(read: Reader, name: InputName, provider: ProviderName): void {
  const { needs, conflictsWith = [] } = ROWS[name]
  if (needs !== undefined && !read.isSet(needs)) {
    read.addError(name, `needs \`${needs}\`, which is not set`)
  }
  // An input of another provider already has its own error.
  const conflict = conflictsWith.find(
    (other) => read.isSet(other) && ROWS[other].providers?.includes(provider) !== false,
  )
  if (conflict !== undefined) read.addError(name, `cannot be combined with \`${conflict}\``, 'Set only one of them.')
}

function checkRequired(read: Reader, name: InputName, provider: ProviderName): void {
  const { required } = ROWS[name]
  if (required === undefined) return
  const { for: providers = [], with: other, hint } = required
  const isFor = providers.includes(provider)
  const isWith = other !== undefined && read.isSet(other)
  const unless = usable(required.unless, provider)
  if ((!isFor && !isWith) || (unless !== undefined && read.isSet(unless))) return
  const condition = isFor ? `\`provider\` is \`${provider}\`` : `\`${other}\` is set`
  const exception = unless === undefined ? '' : ` and \`${unless}\` is not set`
  read.addError(name, `is required when ${condition}${exception}`, hint)
}

/** An input of another provider is no alternative. */
function usable(name: InputName | undefined, provider: ProviderName): InputName | undefined {
  return name !== undefined && ROWS[name].providers?.includes(provider) !== false ? name : undefined
}
